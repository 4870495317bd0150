/* The rows of a model, which patches have written. */
#include "build/model.h"

#include <string.h>

#include "core/branch.h"
#include "build/model_private.h"
#include "sql/sql.h"

#define SHOWN_TABLES "5"

/* The text of values must not depend on settings of server, database or role. */
static const char settings[] = "SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';"
			       "SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 3;"
			       "SET LOCAL bytea_output = 'hex'; SET LOCAL lc_monetary = 'C';"
			       "SET LOCAL row_security = off";

/* The same settings for loading the rows. */
static const char preamble[] = "SET DateStyle = 'ISO, MDY';\n"
			       "SET IntervalStyle = 'postgres';\n"
			       "SET lc_monetary = 'C';\n";

struct table {
	const char *name, *target, *columns, *query;
};

static struct error *too_many(struct model_job *job)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;
	char *list = NULL;

	err = db_query(&rows, tmp, job->db,
		       "select format('%I.%I: %s', n.nspname, c.relname, "
		       "pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid))) "
		       "from pg_catalog.pg_class c "
		       "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
		       "where c.relkind = 'r' and n.nspname !~ '^pg_' "
		       "and n.nspname not in ('information_schema', 'hop') "
		       "order by pg_catalog.pg_table_size(c.oid) desc limit " SHOWN_TABLES,
		       DB_NO_ARGS);
	if (err)
		return err;
	for (int i = 0; i < rows_count(rows); i++)
		mem_append(&list, tmp, "%s%s", i ? "\n" : "", rows_text(rows, i, 0));
	err = error_new(ERROR_NO,
			"the rows written by patches exceed the size limit of the model: %lld "
			"bytes",
			job->request->conf->model_rows);
	err = error_detail(err, "the largest tables:\n%s", list);
	return error_hint(
		err,
		"to exclude the rows of tables from builds, list the tables in " PATH_CONFIG ":\n"
		"  [model]\n"
		"  schema-only = SCHEMA.TABLE\n"
		"or raise the limit there: [hop] modelRows = BYTES");
}

/* Removes what prevents an owner from reading its rows; the transaction is rolled back. */
static struct error *make_readable(struct model_job *job, const struct rows *rows, int i)
{
	SCOPE(tmp, NULL);
	const char *name = rows_text(rows, i, 0);
	struct error *err = NULL;

	if (rows_true(rows, i, 4))
		err = db_exec_simple(job->db,
				     mem_printf(tmp,
						"ALTER TABLE ONLY %s NO FORCE ROW LEVEL SECURITY",
						name));
	if (!err && rows_true(rows, i, 5))
		err = db_exec_simple(job->db,
				     mem_printf(tmp, "GRANT SELECT ON TABLE %s TO CURRENT_USER",
						name));
	return err;
}

static struct error *table(char **text, struct model_job *job, const struct table *t)
{
	SCOPE(tmp, NULL);
	size_t limit = (size_t)job->request->conf->model_rows;
	char *head, *rows = NULL;
	bool full;
	struct error *err;

	head = mem_printf(tmp, "--\n-- Rows of %s\n--\n\nCOPY %s %s%s%sFROM stdin;\n", t->name,
			  t->target, t->columns ? "(" : "", t->columns ? t->columns : "",
			  t->columns ? ") " : "");
	err = db_copy_out(&rows, &full, tmp, job->db,
			  mem_printf(tmp, "COPY (%s) TO STDOUT", t->query), limit);
	if (err)
		return error_wrap(err, "cannot read the rows of %s", t->name);
	if (!rows)
		return NULL;
	if (full || talloc_get_size(rows) + (*text ? talloc_get_size(*text) : 0) > limit)
		return too_many(job);
	mem_append(text, job->model, "%s%s\\.\n\n", head, rows);
	return NULL;
}

static char *lines(void *ctx, char *const *list)
{
	char *text = mem_dup(ctx, "");

	for (; list && *list; list++)
		mem_append(&text, ctx, "%s%s", *text ? "\n" : "", *list);
	return text;
}

static struct error *tables(char **text, struct model_job *job)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, job->db, sql_model_rows,
		       DB_ARGS(lines(tmp, job->request->conf->schema_only),
			       lines(tmp, job->request->without)));
	/* Planning a query may call functions of an index. */
	if (!err)
		err = db_exec_simple(job->db, job->model->path);
	for (int i = 0; !err && i < rows_count(rows); i++) {
		const struct table t = {rows_text(rows, i, 0), rows_text(rows, i, 1),
					rows_text(rows, i, 2), rows_text(rows, i, 3)};

		err = make_readable(job, rows, i);
		if (!err)
			err = table(text, job, &t);
	}
	return err ? err : db_exec_simple(job->db, DB_OWN_PATH);
}

static struct error *sequences(char **text, struct model_job *job)
{
	SCOPE(tmp, NULL);
	struct rows *rows, *value;
	bool first = true;
	struct error *err = db_query(&rows, tmp, job->db, sql_model_sequences,
				     DB_ARGS(lines(tmp, job->request->without)));

	for (int i = 0; !err && i < rows_count(rows); i++) {
		if (rows_true(rows, i, 2))
			err = db_exec_simple(job->db, mem_printf(tmp,
								 "GRANT SELECT ON SEQUENCE %s TO "
								 "CURRENT_USER",
								 rows_text(rows, i, 1)));
		if (!err)
			err = db_query(&value, tmp, job->db, rows_text(rows, i, 0), DB_NO_ARGS);
		if (err || !rows_text(value, 0, 0))
			continue;
		mem_append(text, job->model, "%s%s\n", first ? "--\n-- Sequences\n--\n\n" : "",
			   rows_text(value, 0, 0));
		first = false;
	}
	if (!first)
		mem_append(text, job->model, "\n");
	return error_wrap(err, "cannot read the sequences");
}

static void add_grantees(struct model_job *job, const char *names)
{
	SCOPE(tmp, NULL);

	for (char **name = mem_split(tmp, names ? names : "", '\n'); *name; name++) {
		if (strncmp(*name, "pg_", 3) != 0)
			model_add_role(job, *name);
	}
}

/* Large objects keep their OIDs, to which rows refer. */
static struct error *large_objects(char **text, struct model_job *job)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, job->db,
		       "select oid, pg_catalog.lo_get(oid), "
		       "pg_catalog.obj_description(oid, 'pg_largeobject'), "
		       "(select string_agg(format('GRANT %s ON LARGE OBJECT %s TO %s%s;', "
		       "a.privilege_type, m.oid, case when a.grantee = 0 then 'PUBLIC' "
		       "when a.grantee = m.lomowner then 'CURRENT_USER' "
		       "else quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end, "
		       "case when a.is_grantable then ' WITH GRANT OPTION' else '' end), e'\\n' "
		       "order by pg_catalog.pg_get_userbyid(a.grantee), a.privilege_type) "
		       "from aclexplode(m.lomacl) a), "
		       "(select string_agg(distinct pg_catalog.pg_get_userbyid(a.grantee), e'\\n') "
		       "from aclexplode(m.lomacl) a where a.grantee not in (0, m.lomowner)) "
		       "from pg_catalog.pg_largeobject_metadata m order by oid",
		       DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the large objects");
	for (int i = 0; i < rows_count(rows); i++) {
		const char *oid = rows_text(rows, i, 0), *comment = rows_text(rows, i, 2);

		mem_append(text, job->model, "%sSELECT pg_catalog.lo_from_bytea(%s, '%s');\n",
			   i ? "" : "--\n-- Large objects\n--\n\n", oid, rows_text(rows, i, 1));
		if (comment)
			mem_append(text, job->model, "COMMENT ON LARGE OBJECT %s IS %s;\n", oid,
				   db_literal(tmp, job->db, comment));
		if (rows_text(rows, i, 3))
			mem_append(text, job->model,
				   "REVOKE ALL ON LARGE OBJECT %s FROM CURRENT_USER;\n%s\n", oid,
				   rows_text(rows, i, 3));
		add_grantees(job, rows_text(rows, i, 4));
	}
	if (rows_count(rows) > 0)
		mem_append(text, job->model, "\n");
	return NULL;
}

struct error *model_dump_rows(struct model_job *job)
{
	struct error *err, *failed;
	char *text = NULL;

	err = db_exec_simple(job->db, "BEGIN ISOLATION LEVEL REPEATABLE READ");
	if (!err)
		err = db_exec_simple(job->db, settings);
	if (!err)
		err = tables(&text, job);
	if (!err)
		err = sequences(&text, job);
	if (!err)
		err = large_objects(&text, job);
	failed = db_exec_simple(job->db, "ROLLBACK");
	if (!err)
		err = failed;
	else
		error_free(failed);
	if (err)
		return err;
	job->model->data = text ? mem_printf(job->model, "%s%s\n%s", preamble, job->model->path,
					     text)
				: mem_dup(job->model, "-- No rows.\n");
	return NULL;
}
