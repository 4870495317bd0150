/* Shared by the files of rollbacks. */
#ifndef DEPLOY_ROLLBACK_PRIVATE_H
#define DEPLOY_ROLLBACK_PRIVATE_H

#include "deploy/rollback.h"

/*
 * rollback_aside.c. Restores the backup into the database NEW, with statistics, and with the
 * settings, privileges and comment that the database of R has now. After an error, NEW is dropped.
 */
struct error *rollback_restore_aside(const char *new, struct rollback *r) MUST_CHECK;

/*
 * rollback_swap.c. Renames NEW to the database of R, whose connection is closed. No session can
 * connect meanwhile. *KEPT is the new name of the old database. After an error, nothing has
 * changed.
 */
struct error *rollback_swap(char **kept, void *ctx, struct rollback *r, const char *new) MUST_CHECK;

/* rollback_in_place.c. The same in the database itself; see rollback_run. */
struct error *rollback_in_place(char **kept, void *ctx, struct rollback *r) MUST_CHECK;
/* ERROR_NO if other roles own objects in it, or its backup cannot be restored in this way. */
struct error *rollback_check_in_place(struct rollback *r) MUST_CHECK;

#endif
