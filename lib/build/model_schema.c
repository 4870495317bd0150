/* The schema of a model: the output of pg_dump, and what it leaves out. */
#include "build/model.h"

#include <string.h>

#include "core/branch.h"
#include "core/dump.h"
#include "build/model_private.h"
#include "port/pgtool.h"
#include "sql/sql.h"

static const char preamble[] =
	"-- The schema of the production version. Written by git hop, see hop-project(5).\n\n"
	"SET client_encoding = 'UTF8';\n"
	"SET standard_conforming_strings = on;\n"
	"SET check_function_bodies = false;\n"
	"SET xmloption = content;\n"
	"SET client_min_messages = warning;\n";

/* TEXT as a dollar-quoted literal, with a tag that does not occur in it. */
static char *in_dollars(void *ctx, const char *text)
{
	SCOPE(tmp, ctx);
	char *tag = mem_dup(tmp, "$hop$");

	while (strstr(text, tag))
		tag = mem_printf(tmp, "$x%s", tag + 1);
	return mem_printf(ctx, "%s%s%s", tag, text, tag);
}

/* No statement accepts an expression for the name of a database, so use EXECUTE. */
static char *database_sql(void *ctx, struct db *db, const struct model_property *p)
{
	SCOPE(tmp, ctx);
	char *body = mem_printf(tmp,
				"BEGIN EXECUTE %s || pg_catalog.quote_ident("
				"pg_catalog.current_database()) || %s; END",
				db_literal(tmp, db, p->head), db_literal(tmp, db, p->tail));

	return mem_printf(ctx, "DO %s;\n", in_dollars(tmp, body));
}

static struct error *add_database(char **text, struct model_job *job)
{
	SCOPE(tmp, NULL);
	const char *own = job->request->database ? job->request->database : "";
	struct model_property *list;
	struct error *err;
	size_t count;

	err = model_properties(&list, &count, tmp, job, db_name(job->db));
	if (err || (count == 0 && !*own))
		return err;
	mem_append(text, job->model, "--\n-- The database\n--\n\n");
	for (size_t i = 0; i < count; i++)
		mem_append(text, job->model, "%s", database_sql(tmp, job->db, &list[i]));
	mem_append(text, job->model, "%s\n", own);
	return NULL;
}

/* What a new database contains, but this one does not. */
static struct error *add_absent(char **text, struct model_job *job)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, job->db,
		       "select not exists (select from pg_catalog.pg_namespace "
		       "where nspname = 'public'), "
		       "not exists (select from pg_catalog.pg_extension where extname = 'plpgsql')",
		       DB_NO_ARGS);
	if (err)
		return err;
	if (rows_true(rows, 0, 0))
		mem_append(text, job->model,
			   "--\n-- Name: public; Type: SCHEMA, dropped\n--\n\n"
			   "DROP SCHEMA public;\n\n");
	if (rows_true(rows, 0, 1))
		mem_append(text, job->model,
			   "--\n-- Name: plpgsql; Type: EXTENSION, dropped\n--\n\n"
			   "DROP EXTENSION plpgsql;\n\n");
	return NULL;
}

static struct error *add_populated(char **text, struct model_job *job)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, job->db, sql_populated, DB_NO_ARGS);

	if (err || rows_count(rows) == 0)
		return error_wrap(err, "cannot read the materialized views");
	mem_append(text, job->model, "--\n-- Materialized views that are populated\n--\n\n%s",
		   job->model->path);
	for (int i = 0; i < rows_count(rows); i++)
		mem_append(text, job->model, "%s\n", rows_text(rows, i, 0));
	mem_append(text, job->model, "\n");
	return NULL;
}

/* The extensions that have the comment set by CREATE EXTENSION. */
static struct error *plain_extensions(char ***out, void *ctx, struct db *db)
{
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, ctx, db,
		       "select e.extname from pg_catalog.pg_extension e "
		       "join pg_catalog.pg_available_extensions() a on a.name = e.extname "
		       "where a.comment = pg_catalog.obj_description(e.oid, 'pg_extension')",
		       DB_NO_ARGS);
	if (err)
		return err;
	*out = mem_array(ctx, char *, 1);
	for (int i = 0; i < rows_count(rows); i++)
		mem_list_add(out, ctx, rows_text(rows, i, 0));
	return NULL;
}

/* The extensions that do not have the server's default version. */
static struct error *pinned_extensions(char ***names, char ***versions, void *ctx, struct db *db)
{
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, ctx, db,
		       "select e.extname, e.extversion from pg_catalog.pg_extension e "
		       "join pg_catalog.pg_available_extensions() a on a.name = e.extname "
		       "where a.default_version <> e.extversion",
		       DB_NO_ARGS);
	if (err)
		return err;
	*names = mem_array(ctx, char *, 1);
	*versions = mem_array(ctx, char *, 1);
	for (int i = 0; i < rows_count(rows); i++) {
		mem_list_add(names, ctx, rows_text(rows, i, 0));
		mem_list_add(versions, ctx, db_literal(ctx, db, rows_text(rows, i, 1)));
	}
	return NULL;
}

static struct error *parse_dump(struct dump *dump, void *ctx, struct model_job *job)
{
	struct dump_request request = {
		.role = job->role,
		.second_role = job->second,
		.only = job->request->source == MODEL_COMPARED ? job->request->conf->roles : NULL,
		.without = job->request->without,
		.adopted = job->request->source == MODEL_ADOPTED,
	};
	char **plain, **names, **versions, *text;
	struct error *err;

	err = plain_extensions(&plain, ctx, job->db);
	if (!err)
		err = pinned_extensions(&names, &versions, ctx, job->db);
	if (!err)
		err = pgtool_dump_schema(&text, ctx, job->db, job->request->lock_seconds);
	if (err)
		return err;
	request.dump = text;
	request.pinned = names;
	request.versions = versions;
	request.plain_extensions = plain;
	dump_parse(dump, ctx, &request);
	return NULL;
}

/*
 * Roles belong to the server; on another one, a build can only rely on those that the project
 * lists.
 */
struct error *model_check_roles(struct model_job *job)
{
	SCOPE(tmp, NULL);
	const struct conf *conf = job->request->conf;
	char *line = mem_dup(tmp, ""), *missing = NULL;

	for (char **known = conf->roles; known && *known; known++)
		mem_append(&line, tmp, " %s", *known);
	for (char **role = job->model->roles; *role; role++) {
		if (mem_list_has(conf->roles, *role))
			continue;
		mem_append(&missing, tmp, "%s'%s'", missing ? ", " : "", *role);
		mem_append(&line, tmp, " %s", *role);
	}
	if (!missing)
		return NULL;
	return error_hint(
		error_new(ERROR_NO,
			  "objects or privileges refer to roles that the project does not list: %s",
			  missing),
		"list them in " PATH_CONFIG ", in a patch:\n"
		"  [hop]\n"
		"  roles =%s",
		line);
}

struct error *model_dump_schema(struct model_job *job)
{
	SCOPE(tmp, NULL);
	bool compared = job->request->source == MODEL_COMPARED;
	struct dump dump;
	char *text;
	struct error *err = parse_dump(&dump, tmp, job);

	if (err)
		return err;
	for (char **role = dump.roles; *role; role++)
		model_add_role(job, *role);
	for (char **line = dump.left_out; *line; line++)
		mem_list_add(&job->model->left_out, job->model, *line);
	text = mem_printf(job->model, "%s%s\n", preamble,
			  compared ? job->model->path : MODEL_EMPTY_PATH);
	err = add_absent(&text, job);
	if (!err)
		mem_append(&text, job->model, "%s%s\n%s", dump.before, MODEL_ROWS_MARK, dump.after);
	/* Extensions such as postgis_topology set the search_path of the database themselves. */
	if (!err && !compared)
		err = add_database(&text, job);
	if (!err && !compared)
		err = add_populated(&text, job);
	if (err)
		return err;
	job->model->schema = text;
	job->model->objects = mem_dup(job->model, dump.objects);
	return NULL;
}
