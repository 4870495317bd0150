/* What the files of build/model.h share. */
#ifndef BUILD_MODEL_PRIVATE_H
#define BUILD_MODEL_PRIVATE_H

#include "build/model.h"

/* In schema.sql, between what rows need and what is made when they are there. */
#define MODEL_ROWS_MARK "-- git hop: the rows of data.sql are loaded here\n"

/*
 * What pg_dump writes is meant for this search_path: with another one, a name or an operator may
 * mean something else. See model_prove.
 */
#define MODEL_EMPTY_PATH "SELECT pg_catalog.set_config('search_path', '', false);\n"

/* A model that is being made from a database. */
struct model_job {
	struct db *db;
	const struct model_request *request;
	struct model *model;
	char *role;   /* that builds, and is anonymous */
	char *second; /* likewise, or NULL */
};

/* model_schema.c: the text of PATH_SCHEMA, and the roles that it names. */
struct error *model_dump_schema(struct model_job *job) MUST_CHECK;
/* Of MODEL_BUILT, last: ERROR_NO when the model names roles that the project does not. */
struct error *model_check_roles(struct model_job *job) MUST_CHECK;
/* model_rows.c: the text of PATH_DATA, in a transaction that is rolled back. */
struct error *model_dump_rows(struct model_job *job) MUST_CHECK;

/* model_database.c: what pg_dump leaves out of the database itself. */
struct model_property {
	char *head, *tail; /* of a statement, around the name of the database */
};
/*
 * The properties of database NAME, in order. ROLES gets the roles that they name. ADOPTED: settings
 * that may hold a secret are left out, and named in LEFT_OUT.
 */
struct error *model_properties(struct model_property **out, size_t *count, void *ctx,
			       struct model_job *job, const char *name) MUST_CHECK;

/* Adds NAME to a sorted list, once. */
void model_add_role(struct model_job *job, const char *name);

#endif
