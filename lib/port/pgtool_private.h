/* Shared by the files of port/pgtool. */
#ifndef PORT_PGTOOL_PRIVATE_H
#define PORT_PGTOOL_PRIVATE_H

#include <stdbool.h>

#include "port/pgtool.h"

/* PROGRAM for the server of DB: of its major version, else the newest one if that is not older. */
struct error *pgtool_find_for(char **file, int *major, void *ctx, struct db *db,
			      const char *program) MUST_CHECK;

/*
 * Makes *DUMP, a dump of the schema of DB, say the same about schema public whichever pg_dump wrote
 * it, if the server is older than PostgreSQL 15. Changes *DUMP in place, or replaces it.
 */
struct error *pgtool_fix_public(char **dump, void *ctx, struct db *db) MUST_CHECK;

/* Entries of a backup: what pg_restore is to restore, or only (not) the bytes of large objects. */
enum pgtool_entries { PGTOOL_ALL, PGTOOL_ALL_BUT_CONTENTS, PGTOOL_CONTENTS };
/*
 * pgtool_backup.c. Writes a list for pg_restore --use-list to the file LIST, without the comments
 * of extensions, which only their owners may restore. *ANY: there are such entries.
 */
struct error *pgtool_backup_list(bool *any, struct db *db, const char *path, const char *list,
				 enum pgtool_entries which) MUST_CHECK;

#endif
