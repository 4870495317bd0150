/*
 * Splits the output of pg_dump for a schema into the parts of a model. Works on text only: names of
 * roles are replaced token by token, never in the user's strings, function bodies or comments.
 */
#ifndef CORE_DUMP_H
#define CORE_DUMP_H

#include <stdbool.h>

struct dump_request {
	const char *dump; /* output of pg_dump --schema-only, normalised (port/pgtool) */
	/*
	 * The role that built the database. It is anonymous in a model: GRANT, REVOKE and similar
	 * statements name CURRENT_USER instead, and it is left out as an owner.
	 */
	const char *role;
	const char *second_role; /* another anonymous role; NULL: none */
	/*
	 * For comparisons: keep owners and privileges only if they are these roles, PUBLIC or pg_*,
	 * because other roles belong to one server. NULL: keep all.
	 */
	char *const *only;
	/* Extensions whose comment is the one set by CREATE EXTENSION. */
	char *const *plain_extensions;
	/* Extensions that the dumped database has, and a model does not; NULL: none. */
	char *const *without;
	/* Extensions that do not have the default version; VERSIONS are SQL literals. */
	char *const *pinned, *const *versions;
	/*
	 * git hop did not create the database: leave out the options of user mappings, and those
	 * of servers that may contain a secret.
	 */
	bool adopted;
};

struct dump {
	char *before;    /* to create before rows are loaded: schemas, types, functions, tables */
	char *after;     /* to create after that: indexes, keys, triggers, privileges */
	char *objects;   /* a line per object; equal for two dumps of the same objects */
	char **roles;    /* all roles named, except anonymous and pg_* ones; sorted, unique */
	char **left_out; /* what was left out because of ADOPTED, a line each */
};

void dump_parse(struct dump *out, void *ctx, const struct dump_request *request);

#endif
