/* Shared by the files of port/pgtool. */
#ifndef PORT_PGTOOL_PRIVATE_H
#define PORT_PGTOOL_PRIVATE_H

#include "port/pgtool.h"

/* PROGRAM for the server of DB: of its major version, else the newest one if that is not older. */
struct error *pgtool_find_for(char **file, int *major, void *ctx, struct db *db,
			      const char *program) MUST_CHECK;

/*
 * Makes *DUMP, a dump of the schema of DB, say the same about schema public whichever pg_dump wrote
 * it, if the server is older than PostgreSQL 15. Changes *DUMP in place, or replaces it.
 */
struct error *pgtool_fix_public(char **dump, void *ctx, struct db *db) MUST_CHECK;

#endif
