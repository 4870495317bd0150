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
 * Dumps the database of DB, which is at VERSION (NULL: none), to
 * DIR/PROJECT-DATABASE-HASH-VERSION-TIME, a new folder for this user alone, and gives that path.
 * The hash tells servers and projects apart whose databases have one name. The caller holds the
 * lock of the database (run/database_lock). Space is checked before, the table of contents after;
 * older backups of the database than the newest hop.backupKeep are removed.
 * After an error nothing is left of it.
 */
struct error *backup_make(char **path, void *ctx, struct project *p, struct db *db,
			  const char *version, int lock_seconds) MUST_CHECK;

#endif
