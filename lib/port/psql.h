/*
 * A psql that runs beside us and executes what it is sent, in one session: the only way to load a
 * backup in one transaction together with other statements. It stops at the first error. If it is
 * freed, or we are killed, a transaction that is open is rolled back.
 *
 * Calling sequence: psql_start, psql_run and psql_restore in any order, talloc_free.
 */
#ifndef PORT_PSQL_H
#define PORT_PSQL_H

#include <stdbool.h>

#include "base/error.h"
#include "port/db.h"

struct psql;

/*
 * Connects to the database of DB. WORK is a folder for temporary files. WAIT, which may be NULL, is
 * called about twice a second while psql_run waits; PID is the session's on the server, or 0.
 */
struct error *psql_start(struct psql **out, void *ctx, struct db *db, const char *work,
			 void (*wait)(void *arg, int pid), void *arg) MUST_CHECK;
/*
 * Sends SQL, which may have commands of psql, and waits until all of it has been executed. *OUTPUT
 * (may be NULL) is what it printed. Errors are those of the server, with SQLSTATE.
 */
struct error *psql_run(char **output, void *ctx, struct psql *psql, const char *sql) MUST_CHECK;

/*
 * Executes the script that pg_restore makes of the backup PATH, without the contents of large
 * objects, which it would load in transactions of its own.
 */
struct error *psql_restore(struct psql *psql, const char *path) MUST_CHECK;
/* The contents alone, if there are any. Then *COMMITTED: the script ends with COMMIT. */
struct error *psql_restore_contents(bool *committed, struct psql *psql,
				    const char *path) MUST_CHECK;

#endif
