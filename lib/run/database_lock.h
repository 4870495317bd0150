/* The lock that one upgrade of a database at a time holds: advisory, gone with its connection. */
#ifndef RUN_DATABASE_LOCK_H
#define RUN_DATABASE_LOCK_H

#include "base/error.h"
#include "port/db.h"

/*
 * Takes the lock of project PROJECT_ID in the database of DB, for as long as the connection lives.
 * Prints the holder once if it has to wait. ERROR_AGAIN, with the holder in the hint, after TIMEOUT
 * seconds (0: at once). Never a statement that waits: it would hold a snapshot that CREATE INDEX
 * CONCURRENTLY of the holder waits for.
 */
struct error *database_lock_take(struct db *db, const char *project_id, int timeout) MUST_CHECK;

#endif
