/* Reads and writes the steps of releases that are under way (hop.file). */
#include "run/record.h"

#include <string.h>

#include "run/record_private.h"

static const char *const states[] = {"started", "done", "failed"};

static enum record_step_state state_of(const char *name)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (strcmp(states[i], name) == 0)
			return (enum record_step_state)i;
	}
	return RECORD_STARTED;
}

struct error *record_steps(struct record_step **out, size_t *count, void *ctx, struct db *db)
{
	struct record_step *list;
	struct rows *rows;
	struct error *err;
	int n;

	err = db_query(&rows, ctx, db,
		       "select version, patch, hash, file, statement, state, before, "
		       "to_char(started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', "
		       "duration_ms from hop.file "
		       "order by version collate \"C\", file collate \"C\", statement",
		       DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the steps of database '%s'", db_name(db));
	n = rows_count(rows);
	list = mem_array(ctx, struct record_step, (size_t)n + 1);
	for (int i = 0; i < n; i++) {
		list[i] = (struct record_step){
			.version = rows_text(rows, i, 0),
			.patch = rows_text(rows, i, 1),
			.hash = rows_text(rows, i, 2),
			.file = rows_text(rows, i, 3),
			.statement = (int)rows_number(rows, i, 4),
			.state = state_of(rows_text(rows, i, 5)),
			.before = rows_text(rows, i, 6),
			.at = rows_text(rows, i, 7),
			.duration_ms = rows_number(rows, i, 8),
		};
	}
	*out = list;
	*count = (size_t)n;
	return NULL;
}

struct error *record_under_way(char **version, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db, "select max(version) from hop.file", DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the steps of database '%s'", db_name(db));
	*version = rows_text(rows, 0, 0) ? mem_dup(ctx, rows_text(rows, 0, 0)) : NULL;
	return NULL;
}

static void add_row(char **sql, void *ctx, struct db *db, const struct record_step *step)
{
	mem_append(sql, ctx, "(%s, %s, %s, %s, %d, %s, %s, %lld)",
		   db_literal(ctx, db, step->version), db_literal(ctx, db, step->patch),
		   db_literal(ctx, db, step->hash), db_literal(ctx, db, step->file),
		   step->statement, db_literal(ctx, db, states[step->state]),
		   step->before ? db_literal(ctx, db, step->before) : "NULL", step->duration_ms);
}

struct error *record_set_steps(struct db *db, const struct record_step *steps, size_t count)
{
	SCOPE(tmp, NULL);
	char *sql = mem_dup(tmp, "");

	if (count == 0)
		return NULL;
	mem_append(&sql, tmp,
		   "insert into hop.file "
		   "(version, patch, hash, file, statement, state, before, duration_ms) values ");
	for (size_t i = 0; i < count; i++) {
		mem_append(&sql, tmp, "%s", i ? ", " : "");
		add_row(&sql, tmp, db, &steps[i]);
	}
	mem_append(&sql, tmp,
		   " on conflict (version, file, statement) do update set patch = excluded.patch, "
		   "hash = excluded.hash, state = excluded.state, before = excluded.before, "
		   "duration_ms = excluded.duration_ms, started_at = case "
		   "when excluded.state = 'started' then excluded.started_at "
		   "else file.started_at end");
	return error_wrap(db_exec_simple(db, sql), "cannot record %s", steps->file);
}

struct error *record_end_steps(struct db *db, const char *version)
{
	return error_wrap(db_exec(db, "delete from hop.file where version = $1", DB_ARGS(version)),
			  "cannot record release %s", version);
}
