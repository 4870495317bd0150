/* Waiting for files of a folder to change. */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

#include "base/error.h"

struct watch; /* freeing it ends it */

/* Watches DIR itself, not the folders in it. */
struct error *watch_open(struct watch **out, void *ctx, const char *dir) MUST_CHECK;

/*
 * Returns when a file of DIR was written, renamed or removed and then nothing happened for a
 * moment; a signal is ERROR_SIGNALLED.
 */
struct error *watch_wait(struct watch *watch) MUST_CHECK;

#endif
