/* Takes a database back to the backup that was made before an upgrade. */
#ifndef DEPLOY_ROLLBACK_H
#define DEPLOY_ROLLBACK_H

#include <stdbool.h>

#include "base/error.h"
#include "deploy/backup.h"
#include "deploy/hold.h"
#include "project/project.h"
#include "port/db.h"

struct rollback_request {
	const char *database; /* --database, or NULL */
	const char *
		to_release; /* the version of the backup; NULL: the newest one of a lower version */
	const char *backup; /* its name or path instead; NULL: none */
};

struct rollback {
	struct hold *hold;
	struct backup backup;
	/*
	 * To another database of the same server. NULL: the role cannot create databases, and the
	 * backup is restored in place.
	 */
	struct db *server;
	char **lost; /* what the rollback takes away, a line each; ends with NULL */
};

/*
 * Connects, takes the lock of the database, chooses the backup and finds out what would be lost.
 * Changes nothing, except that it ends the work of an earlier rollback that was killed. ERROR_NO if
 * there is no such backup, or it cannot be restored by this role. Freeing *OUT releases the lock.
 */
struct error *rollback_open(struct rollback **out, void *ctx, struct project *p,
			    const struct rollback_request *request) MUST_CHECK;

/*
 * Restores the backup into a new database, compares it with what the backup remembers, gives it
 * the settings, privileges, comment and owner of the database, and swaps both by renaming. *KEPT is
 * the name of the old database. After an error the database is as it was.
 * In place: backs up what the database has now, drops it and restores the other backup, all in one
 * transaction that lets nobody write meanwhile. *KEPT is the name of the new backup. After an error
 * with *KEPT set, the transaction was committed.
 */
struct error *rollback_run(char **kept, void *ctx, struct rollback *r) MUST_CHECK;

/*
 * The databases that earlier rollbacks of the database replaced, oldest first; *SERVER is connected
 * to another one, for database_drop. The database named by DATABASE need not exist.
 */
struct error *rollback_kept(char ***names, struct db **server, void *ctx, struct project *p,
			    const char *database) MUST_CHECK;

#endif
