/* Shared by the files of rollbacks. */
#ifndef DEPLOY_ROLLBACK_PRIVATE_H
#define DEPLOY_ROLLBACK_PRIVATE_H

#include "deploy/rollback.h"

/*
 * rollback_aside.c. Restores the backup into the database NEW, which is dropped after an error, and
 * compares it. WORK is a folder for temporary files.
 */
struct error *rollback_restore_aside(const char *new, struct rollback *r,
				     const char *work) MUST_CHECK;
/* The "count" lines of facts. */
char *rollback_counts(void *ctx, char *const *facts);

/*
 * rollback_swap.c. Renames NEW to the database of R, whose connection is closed. No session can
 * connect meanwhile. *KEPT is the new name of the old database. After an error, nothing has
 * changed.
 */
struct error *rollback_swap(char **kept, void *ctx, struct rollback *r, const char *new) MUST_CHECK;

#endif
