/* Which state of a database a backup holds, so that it is not made twice. */
#ifndef DEPLOY_BACKUP_STATE_H
#define DEPLOY_BACKUP_STATE_H

#include <stdbool.h>

#include "base/error.h"
#include "port/db.h"

/* The state of the database now, as a text. To be read before the backup is begun. */
struct error *backup_state_read(char **text, void *ctx, struct db *db) MUST_CHECK;
/* Keeps it in the folder of the backup, where pg_restore does not look. */
struct error *backup_state_write(const char *folder, const char *text) MUST_CHECK;
/*
 * Whether nothing was committed since the state that FOLDER keeps. Not sure is no: another run of
 * the server, or too many transactions to ask about each.
 */
bool backup_state_same(const char *folder, struct db *db);

#endif
