/*
 * The lock that an upgrade holds on its database: an advisory lock, which ends with the connection.
 */
#ifndef RUN_DATABASE_LOCK_H
#define RUN_DATABASE_LOCK_H

#include "base/error.h"
#include "port/db.h"

/*
 * Takes the lock of project PROJECT_ID in the database of DB, until the connection ends. Prints the
 * holder once if it has to wait. ERROR_AGAIN, with the holder in the hint, after TIMEOUT seconds
 * (0: at once). Polls: a statement that waits would hold a snapshot, for which CREATE INDEX
 * CONCURRENTLY in the holder would wait. Then it waits as long for what a killed command has left
 * on the server, see database_lock_share.
 */
struct error *database_lock_take(struct db *db, const char *project_id, int timeout) MUST_CHECK;

/*
 * Locks it for a session that the server may go on with after we were killed: for a statement
 * outside a transaction, or of another program.
 */
struct error *database_lock_share(struct db *db, const char *project_id) MUST_CHECK;
/* The statement that does it. */
char *database_lock_share_sql(void *ctx, const char *project_id);

/*
 * The same lock on the name of the database NAME; DB is connected to another database on its
 * server, the same one for all. A rollback holds it, because it replaces the database by another
 * one, and with it the lock in there.
 */
struct error *database_lock_name(struct db *db, const char *project_id, const char *name,
				 int timeout) MUST_CHECK;

#endif
