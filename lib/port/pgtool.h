/* PostgreSQL's programs: pg_dump, pg_restore, psql, and where to find those of the server. */
#ifndef PORT_PGTOOL_H
#define PORT_PGTOOL_H

#include "base/error.h"
#include "port/db.h"

/*
 * The directory that contains PROGRAM (not Debian's wrapper) of PostgreSQL MAJOR or, if MAJOR is 0,
 * of the newest version: $HOP_PGBIN, /usr/lib/postgresql/N/bin, /usr/pgsql-N/bin, pg_config
 * --bindir, PATH. If there is none, ERROR_FAIL with the Debian package to install.
 */
struct error *pgtool_bindir(char **dir, void *ctx, int major, const char *program) MUST_CHECK;

/* The major version of PROGRAM in DIR; 0: it does not say. */
int pgtool_major(const char *dir, const char *program);
/* The major version of the PROGRAM that pgtool_bindir would find; 0: none. */
int pgtool_newest(const char *program);

/*
 * The pg_dump to use for the server of DB: of its major version, else the newest one. *MAJOR is its
 * version. pg_dump refuses newer servers, so an older one is ERROR_FAIL with the package to
 * install.
 */
struct error *pgtool_dump_program(char **file, int *major, void *ctx, struct db *db) MUST_CHECK;

/*
 * Dumps the schema of the database except schema hop, with owners and privileges. The result is
 * reproducible: it contains no \restrict tokens and no version numbers. It waits LOCK_SECONDS for
 * locks on tables; 0: for ever.
 */
struct error *pgtool_dump_schema(char **sql, void *ctx, struct db *db, int lock_seconds) MUST_CHECK;

/*
 * DUMP without the lines that differ between runs and minor versions; the user's text is not
 * changed.
 */
char *pgtool_normalize(void *ctx, const char *dump);

/*
 * Loads the dump PATH (plain SQL or an archive) into the empty database DBNAME; owners and
 * privileges in an archive are ignored. Stops at the first error: ERROR_NO with the message of the
 * program.
 */
struct error *pgtool_load(void *ctx, struct db *db, const char *dbname,
			  const char *path) MUST_CHECK;

/*
 * pg_dump -Fd -j JOBS of what SNAPSHOT (of pg_export_snapshot, in a transaction of DB that is still
 * open) shows, into the empty folder PATH; what it writes is for this user alone. It waits
 * LOCK_SECONDS for locks on tables.
 */
struct error *pgtool_backup(void *ctx, struct db *db, const char *path, const char *snapshot,
			    int jobs, int lock_seconds) MUST_CHECK;
/* Reads all of a backup, its compressed data too. ERROR_FAIL if that cannot be done. */
struct error *pgtool_backup_read(void *ctx, const char *path) MUST_CHECK;
/*
 * pg_restore -j JOBS of the backup PATH into the empty database DBNAME on the server of DB, with
 * owners and privileges; stops at the first error. WORK is a folder for temporary files.
 */
struct error *pgtool_restore(void *ctx, struct db *db, const char *dbname, const char *path,
			     const char *work, int jobs) MUST_CHECK;
/*
 * Counts the entries of KIND ("TABLE DATA") in the table of contents of a backup. ERROR_FAIL if it
 * cannot be read.
 */
struct error *pgtool_backup_entries(int *entries, void *ctx, const char *path,
				    const char *kind) MUST_CHECK;
/*
 * The objects in a backup, sorted, without rows and large objects: "TABLE public t owner". Those of
 * the comments of extensions, which pgtool_restore leaves out, are left out.
 */
struct error *pgtool_backup_objects(char ***objects, void *ctx, const char *path) MUST_CHECK;
/*
 * The same of the database DBNAME on the server of DB, as SNAPSHOT (NULL: a new one) shows it. WORK
 * is a folder for temporary files.
 */
struct error *pgtool_objects(char ***objects, void *ctx, struct db *db, const char *dbname,
			     const char *snapshot, const char *work) MUST_CHECK;

#endif
