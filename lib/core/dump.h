/*
 * What pg_dump writes for a schema, as the parts that a model is made of. Pure text: the names of
 * roles are changed token by token, never within a string, a body or a comment of the user's.
 */
#ifndef CORE_DUMP_H
#define CORE_DUMP_H

#include <stdbool.h>

struct dump_request {
	const char *dump; /* plain SQL of pg_dump --schema-only, normalised (port/pgtool) */
	/*
	 * The role that built the database. It is anonymous in a model: CURRENT_USER in GRANT,
	 * REVOKE and their like, and nothing where an owner is named.
	 */
	const char *role;
	const char *second_role; /* anonymous as well; NULL: none */
	/*
	 * To compare: owners and privileges of these roles only (and of PUBLIC and pg_*), since the
	 * others are a server's own. NULL: of all.
	 */
	char *const *only;
	/* Extensions whose comment is the one that CREATE EXTENSION sets by itself. */
	char *const *plain_extensions;
	/* Extensions that the dumped database has, and a model does not; NULL: none. */
	char *const *without;
	/* Extensions of a version that CREATE EXTENSION would not take; VERSIONS are literals. */
	char *const *pinned, *const *versions;
	bool adopted; /* the dump is of a database that hop did not make: options of user mappings,
		       * and those of servers that may hold a secret, are left out */
};

struct dump {
	char *before; /* what rows need: schemas, types, functions, tables */
	char *after; /* what is made when the rows are there: indexes, keys, triggers, privileges */
	char *objects; /* one line an object: two dumps of the same objects have the same */
	char **roles;  /* that are named, without the anonymous and pg_* ones; each once, sorted */
	char **left_out; /* what ADOPTED left out, one line each */
};

void dump_parse(struct dump *out, void *ctx, const struct dump_request *request);

#endif
