/* Shared by the files of build/model.h. */
#ifndef BUILD_MODEL_PRIVATE_H
#define BUILD_MODEL_PRIVATE_H

#include "build/model.h"

/*
 * In schema.sql, separates what is created before the rows are loaded from what is created after
 * that.
 */
#define MODEL_ROWS_MARK "-- git hop: the rows of data.sql are loaded here\n"

/*
 * What pg_dump writes is meant for this search_path: with another one, a name or an operator may
 * mean something else. See model_prove.
 */
#define MODEL_EMPTY_PATH "SELECT pg_catalog.set_config('search_path', '', false);\n"

/* The state while a model is dumped. */
struct model_job {
	struct db *db;
	const struct model_request *request;
	struct model *model;
	char *role;   /* the anonymous role, which built the database */
	char *second; /* another anonymous role, or NULL */
};

/* model_schema.c: dumps the text of PATH_SCHEMA and collects the roles that it names. */
struct error *model_dump_schema(struct model_job *job) MUST_CHECK;
/* Call last, for MODEL_BUILT: ERROR_NO if the model names roles that the project does not list. */
struct error *model_check_roles(struct model_job *job) MUST_CHECK;
/* model_rows.c: dumps the text of PATH_DATA, in a transaction that is rolled back. */
struct error *model_dump_rows(struct model_job *job) MUST_CHECK;

/* model_database.c: a property of the database that pg_dump --schema-only leaves out. */
struct model_property {
	char *head, *tail; /* the statement before and after the database name */
};
/*
 * The properties of database NAME, in order. Adds the roles that they name to ROLES. ADOPTED:
 * leaves out settings that may contain a secret, and names them in LEFT_OUT.
 */
struct error *model_properties(struct model_property **out, size_t *count, void *ctx,
			       struct model_job *job, const char *name) MUST_CHECK;

/* Adds NAME to the sorted list of roles, unless it is there. */
void model_add_role(struct model_job *job, const char *name);

#endif
