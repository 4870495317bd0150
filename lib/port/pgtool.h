/* PostgreSQL's own programs: pg_dump, pg_restore, psql, and where the server's are. */
#ifndef PORT_PGTOOL_H
#define PORT_PGTOOL_H

#include "base/error.h"
#include "port/db.h"

/*
 * The folder with the real programs (not Debian's wrapper) of PostgreSQL MAJOR, or of the newest
 * version when MAJOR is 0: $HOP_PGBIN, /usr/lib/postgresql/N/bin, /usr/pgsql-N/bin,
 * pg_config --bindir, PATH. PROGRAM must be in it. None: ERROR_FAIL with the Debian package to
 * install.
 */
struct error *pgtool_bindir(char **dir, void *ctx, int major, const char *program) MUST_CHECK;

/* The major version of PROGRAM in DIR; 0: it does not say. */
int pgtool_major(const char *dir, const char *program);
/* The major version that pgtool_bindir would find for PROGRAM; 0: none. */
int pgtool_newest(const char *program);

/*
 * pg_dump for the server behind DB: of its major version, else the newest there is, which is MAJOR.
 * ERROR_FAIL with the package to install when that one is older than the server: it would refuse.
 */
struct error *pgtool_dump_program(char **file, int *major, void *ctx, struct db *db) MUST_CHECK;

/*
 * Schema of the database without schema hop, with owners and privileges, in a form that is the
 * same twice: no \restrict tokens, no version lines.
 */
struct error *pgtool_dump_schema(char **sql, void *ctx, struct db *db,
				 const char *dbname) MUST_CHECK;

/* DUMP less what differs between two runs or servers; what is the user's is not touched. */
char *pgtool_normalize(void *ctx, const char *dump);

/*
 * Loads the dump PATH (plain SQL, or what pg_restore reads) into the empty database DBNAME; owners
 * and privileges are left out where the format allows. The first error ends it: ERROR_NO with what
 * the program said.
 */
struct error *pgtool_load(void *ctx, struct db *db, const char *dbname,
			  const char *path) MUST_CHECK;

/* pg_dump -Fd -j JOBS into the new folder PATH. It waits LOCK_SECONDS for locks on tables. */
struct error *pgtool_backup(void *ctx, struct db *db, const char *path, int jobs,
			    int lock_seconds) MUST_CHECK;
/*
 * Reads the table of contents of a backup: how many entries of KIND ("TABLE DATA") it has.
 * ERROR_FAIL when it cannot be read.
 */
struct error *pgtool_backup_entries(int *entries, void *ctx, const char *path,
				    const char *kind) MUST_CHECK;

#endif
