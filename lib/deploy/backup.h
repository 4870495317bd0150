/* Backups of a production database: made before an upgrade, verified, the newest kept. */
#ifndef DEPLOY_BACKUP_H
#define DEPLOY_BACKUP_H

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * The directory for backups: hop.backupDir (relative to the worktree or, in a bare clone, to the
 * git directory), else .hop/backups in the worktree or hop/backups in the git directory of a bare
 * clone. It need not exist.
 */
char *backup_dir(void *ctx, struct project *p);

/*
 * Dumps the database of DB, which is at VERSION (NULL: none), to *PATH, DIR/DATABASE-VERSION-TIME.
 * The caller must hold the lock on the database (run/database_lock.h). Checks the free space first
 * and the table of contents afterwards, then removes all but the newest hop.backupKeep backups of
 * the database. Leaves nothing behind after an error.
 */
struct error *backup_make(char **path, void *ctx, struct project *p, struct db *db,
			  const char *version, int lock_seconds) MUST_CHECK;

#endif
