/* The names of backups and which of them stay: for the files of backups only. */
#ifndef DEPLOY_BACKUP_PRIVATE_H
#define DEPLOY_BACKUP_PRIVATE_H

#include "base/error.h"

#define BACKUP_NO_VERSION "none"
#define BACKUP_UNFINISHED ".part"
#define BACKUP_STAMP_LENGTH 16 /* 20260701T120000Z */

/*
 * Removes the backups in DIR that begin with PREFIX and that earlier runs did not finish, and of
 * the finished ones all but the newest KEEP.
 */
struct error *backup_prune(const char *dir, const char *prefix, int keep) MUST_CHECK;

/* The newest finished backup that begins with PREFIX; NULL: there is none. */
struct error *backup_newest(char **path, void *ctx, const char *dir, const char *prefix) MUST_CHECK;

#endif
