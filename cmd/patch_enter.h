/* The beginning of the commands that change a patch. */
#ifndef CMD_PATCH_ENTER_H
#define CMD_PATCH_ENTER_H

#include "base/error.h"
#include "project/project.h"

/* The project here, and the patch that WORD names; NULL: that of the branch checked out. */
struct error *patch_enter(struct project **p, char **id, void *ctx, const char *word) MUST_CHECK;

#endif
