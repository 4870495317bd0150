/* Backups of a production database: made before an upgrade, verified, the newest kept. */
#ifndef DEPLOY_BACKUP_H
#define DEPLOY_BACKUP_H

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * The folder for backups: hop.backupDir (relative: to the work tree, or to the git directory
 * of a bare clone), else .hop/backups of the work tree, else hop/backups of a bare clone's git
 * directory. It need not exist.
 */
char *backup_dir(void *ctx, struct project *p);

/*
 * Dumps the database of DB, which is at VERSION (NULL: none), to DIR/DATABASE-VERSION-TIME and
 * gives that path. The caller holds the lock of the database (run/database_lock). Space is checked
 * before, the table of contents after; older backups of the database than the newest
 * hop.backupKeep are removed. After an error nothing is left of it.
 */
struct error *backup_make(char **path, void *ctx, struct project *p, struct db *db,
			  const char *version, int lock_seconds) MUST_CHECK;

#endif
