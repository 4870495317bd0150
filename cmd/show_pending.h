/* Prints the releases that can be applied to a production database, for update and upgrade. */
#ifndef CMD_SHOW_PENDING_H
#define CMD_SHOW_PENDING_H

#include <stdbool.h>

#include "base/out.h"
#include "deploy/pending.h"

/* All of it, in the format of OUT: releases, patches, files. */
void show_pending(struct out *out, const char *database, const struct pending *pending);

/* One line of text per release. */
void show_pending_short(const char *database, const struct pending *pending);

/* "Apply 2 releases to database 'shop'?" */
char *pending_question(void *ctx, const struct pending *pending, const char *database);

#endif
