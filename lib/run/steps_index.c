/* Decides how far CREATE INDEX CONCURRENTLY got. */
#include "run/steps.h"

#include <string.h>

#include "run/steps_private.h"
#include "sql/sql.h"

/* The relation of the index's name; OID is NULL: there is none. */
struct found {
	const char *oid;
	const char *name; /* with its schema, quoted */
	bool ours;        /* an index on the table of the statement */
	bool valid;
};

/* An index is in the schema of its table. */
static struct error *find(struct found *out, void *ctx, const struct steps_loose *l)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;
	char *table;

	*out = (struct found){0};
	err = steps_oid(&table, tmp, l, "to_regclass", l->alone->table);
	if (err || !table)
		return err;
	err = db_query(&rows, ctx, l->server, sql_step_index,
		       DB_ARGS(table, steps_words(tmp, l, l->alone->name)));
	if (err || rows_count(rows) == 0)
		return err;
	*out = (struct found){
		.oid = rows_text(rows, 0, 0),
		.name = rows_text(rows, 0, 1),
		.ours = rows_true(rows, 0, 2),
		.valid = rows_true(rows, 0, 3),
	};
	return NULL;
}

struct error *steps_index_before(char **before, void *ctx, const struct steps_loose *l)
{
	SCOPE(tmp, ctx);
	struct found found;
	struct error *err = find(&found, tmp, l);

	*before = !err && found.oid ? mem_dup(ctx, found.oid) : NULL;
	return err;
}

/* The statement as it makes the same index, under another name, of an empty copy of the table. */
static char *copy_text(void *ctx, const struct steps_loose *l)
{
	const struct script_statement *st = &l->script->statements[l->n];
	const struct alone *a = l->alone;
	const char *text = l->script->text;
	size_t after = a->words.start + a->words.length;

	return mem_printf(ctx,
			  "BEGIN; CREATE TEMPORARY TABLE \"git hop\" (LIKE %.*s); "
			  "%.*s ON pg_temp.\"git hop\" %.*s",
			  (int)a->table.length, text + a->table.start,
			  (int)(a->words.start - st->start), text + st->start,
			  (int)(st->start + st->length - after), text + after);
}

/* Are the definitions the same but for the names of index and table? */
static bool same_definition(const char *a, const char *b)
{
	static const char unique[] = "CREATE UNIQUE ", using[] = " USING ";
	const char *from_a = a ? strstr(a, using) : NULL, *from_b = b ? strstr(b, using) : NULL;

	return from_a && from_b && strcmp(from_a, from_b) == 0 &&
	       (strncmp(a, unique, strlen(unique)) == 0) ==
		       (strncmp(b, unique, strlen(unique)) == 0);
}

/* Where it cannot be compared, it is not the same. */
static struct error *compare(bool *same, const struct steps_loose *l, const struct found *found)
{
	SCOPE(tmp, NULL);
	struct db_script_error where = {0};
	struct error *err;

	*same = false;
	err = db_exec_session(l->db, copy_text(tmp, l));
	if (!err)
		err = db_run_text(&where, tmp, l->db,
				  mem_printf(tmp,
					     "SELECT pg_catalog.pg_get_indexdef(%s), "
					     "pg_catalog.pg_get_indexdef(indexrelid) "
					     "FROM pg_catalog.pg_index WHERE indrelid "
					     "OPERATOR(pg_catalog.=) "
					     "pg_catalog.to_regclass('pg_temp.\"git hop\"')",
					     found->oid),
				  NULL, 0);
	if (!err && where.last)
		*same = same_definition(rows_text(where.last, 0, 0), rows_text(where.last, 0, 1));
	if (err && !*err->sqlstate)
		return err;
	error_free(err);
	return db_exec_session(l->db, "ROLLBACK");
}

struct error *steps_index_decide(enum steps_fact *out, const struct steps_loose *l,
				 const char *before)
{
	SCOPE(tmp, NULL);
	struct found found;
	bool same = false;
	struct error *err = find(&found, tmp, l);

	/* What was there before is not what the statement made. */
	if (err || !found.oid || (before && strcmp(before, found.oid) == 0))
		return err;
	if (found.ours && !found.valid)
		return steps_drop_index(l, found.name);
	if (found.ours)
		err = compare(&same, l, &found);
	*out = same ? STEPS_IS_DONE : STEPS_UNCLEAR;
	return err;
}

struct error *steps_index_verify(const struct steps_loose *l)
{
	SCOPE(tmp, NULL);
	struct found found;
	struct error *err = find(&found, tmp, l);

	if (err || !found.oid || !found.ours || found.valid)
		return err;
	return error_hint(error_new(ERROR_NO,
				    "%s: the index %s is not valid, and was not made by "
				    "this upgrade",
				    l->script->name, found.name),
			  "drop it, and upgrade again: DROP INDEX CONCURRENTLY %s", found.name);
}
