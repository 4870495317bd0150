/* Decides from what the server knows how far a statement outside a transaction got. */
#include "run/steps.h"

#include <string.h>
#include <strings.h>

#include "base/fail.h"
#include "base/log.h"
#include "run/steps_private.h"
#include "sql/sql.h"

char *steps_words(void *ctx, const struct steps_loose *l, struct alone_span words)
{
	return mem_dup_n(ctx, l->script->text + words.start, words.length);
}

struct error *steps_oid(char **oid, void *ctx, const struct steps_loose *l, const char *function,
			struct alone_span words)
{
	SCOPE(tmp, ctx);
	struct db_script_error where = {0};
	const char *text;
	struct error *err;

	*oid = NULL;
	if (words.length == 0)
		return NULL;
	/* With the search_path of the file. */
	err = db_run_text(&where, tmp, l->db,
			  mem_printf(tmp, "SELECT pg_catalog.%s(%s)::pg_catalog.oid", function,
				     db_literal(tmp, l->db, steps_words(tmp, l, words))),
			  NULL, 0);
	text = err || !where.last ? NULL : rows_text(where.last, 0, 0);
	if (text)
		*oid = mem_dup(ctx, text);
	return err;
}

/* "attached", "pending", or "" if it is not a partition of the table (any more). */
static struct error *attachment(char **out, void *ctx, const struct steps_loose *l,
				const char *partition)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;
	char *parent;

	*out = mem_dup(ctx, "");
	err = steps_oid(&parent, tmp, l, "to_regclass", l->alone->table);
	if (err || !parent || !partition)
		return err;
	err = db_query(&rows, tmp, l->server,
		       "select case when inhdetachpending then 'pending' else 'attached' end "
		       "from pg_catalog.pg_inherits "
		       "where inhrelid = $1::oid and inhparent = $2::oid",
		       DB_ARGS(partition, parent));
	if (!err && rows_count(rows) > 0)
		*out = mem_dup(ctx, rows_text(rows, 0, 0));
	return err;
}

static struct error *detach_before(char **before, void *ctx, const struct steps_loose *l)
{
	SCOPE(tmp, ctx);
	char *partition;
	struct error *err;

	err = steps_oid(&partition, tmp, l, "to_regclass", l->alone->name);
	return err ? err : attachment(before, ctx, l, partition);
}

static struct error *finalize(const struct steps_loose *l)
{
	SCOPE(tmp, NULL);

	return db_exec_session(l->db, mem_printf(tmp, "ALTER TABLE %s DETACH PARTITION %s FINALIZE",
						 steps_words(tmp, l, l->alone->table),
						 steps_words(tmp, l, l->alone->name)));
}

static struct error *detach_decide(enum steps_fact *out, const struct steps_loose *l,
				   const char *before)
{
	SCOPE(tmp, NULL);
	char *partition, *now = NULL;
	struct error *err;

	err = steps_oid(&partition, tmp, l, "to_regclass", l->alone->name);
	if (!err)
		err = attachment(&now, tmp, l, partition);
	if (err || !before || strcmp(before, now) == 0)
		return err;
	/* If it is not there at all, it was dropped, or renamed. */
	*out = partition ? STEPS_IS_DONE : STEPS_UNCLEAR;
	return strcmp(now, "pending") == 0 ? finalize(l) : NULL;
}

static struct error *drop_decide(enum steps_fact *out, const struct steps_loose *l,
				 const char *before)
{
	SCOPE(tmp, NULL);
	char *now;
	struct error *err = steps_oid(&now, tmp, l, "to_regclass", l->alone->name);

	if (!err && before && !now)
		*out = STEPS_IS_DONE;
	return err;
}

/* Indexes that REINDEX CONCURRENTLY has left: a row each of object ID and name. */
static struct error *leftovers(struct rows **rows, void *ctx, const struct steps_loose *l)
{
	SCOPE(tmp, ctx);
	char *kind = steps_words(tmp, l, l->alone->kind), *oid;
	bool schema = strcasecmp(kind, "SCHEMA") == 0;
	struct error *err;

	err = steps_oid(&oid, tmp, l, schema ? "to_regnamespace" : "to_regclass", l->alone->name);
	return err ? err : db_query(rows, ctx, l->server, sql_step_reindex, DB_ARGS(kind, oid));
}

static struct error *reindex_before(char **before, void *ctx, const struct steps_loose *l)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err = leftovers(&rows, tmp, l);
	char *list = mem_dup(tmp, " ");

	for (int i = 0; !err && i < rows_count(rows); i++)
		mem_append(&list, tmp, "%s ", rows_text(rows, i, 0));
	*before = talloc_steal(ctx, list);
	return err;
}

/* What was left is dropped; then it can run again. */
static struct error *reindex_clean(const struct steps_loose *l, const char *before)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = leftovers(&rows, tmp, l);

	for (int i = 0; !err && i < rows_count(rows); i++) {
		char *oid = mem_printf(tmp, " %s ", rows_text(rows, i, 0));

		if (!before || !strstr(before, oid))
			err = steps_drop_index(l, rows_text(rows, i, 1));
	}
	return err;
}

struct error *steps_drop_index(const struct steps_loose *l, const char *name)
{
	SCOPE(tmp, NULL);
	struct error *err;

	note("dropping the index %s, which was not finished", name);
	err = db_exec_session(l->db, mem_printf(tmp, "DROP INDEX CONCURRENTLY %s", name));
	err = error_wrap(err, "cannot drop the index %s", name);
	return err ? err : fail_point("step.cleaned");
}

struct error *steps_before(char **before, void *ctx, const struct steps_loose *l)
{
	switch (l->alone->way) {
	case ALONE_INDEX:
		return steps_index_before(before, ctx, l);
	case ALONE_DROP_INDEX:
		return steps_oid(before, ctx, l, "to_regclass", l->alone->name);
	case ALONE_REINDEX:
		return reindex_before(before, ctx, l);
	case ALONE_DETACH:
		return detach_before(before, ctx, l);
	case ALONE_SETTING:
	case ALONE_TIED:
	case ALONE_REPEATABLE:
	case ALONE_UNKNOWN:
		break;
	}
	return NULL;
}

struct error *steps_decide(enum steps_fact *out, const struct steps_loose *l, const char *before)
{
	*out = STEPS_RUN;
	switch (l->alone->way) {
	case ALONE_INDEX:
		return steps_index_decide(out, l, before);
	case ALONE_DROP_INDEX:
		return drop_decide(out, l, before);
	case ALONE_REINDEX:
		return reindex_clean(l, before);
	case ALONE_DETACH:
		return detach_decide(out, l, before);
	case ALONE_UNKNOWN:
		*out = STEPS_UNCLEAR;
		break;
	case ALONE_SETTING:
	case ALONE_TIED:
	case ALONE_REPEATABLE:
		break;
	}
	return NULL;
}

struct error *steps_verify(const struct steps_loose *l)
{
	return l->alone->way == ALONE_INDEX ? steps_index_verify(l) : NULL;
}
