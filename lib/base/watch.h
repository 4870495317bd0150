/* Waits for changes to the files in a directory. */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

#include "base/error.h"

struct watch; /* freeing it stops watching */

/* Watches DIR, but not its subdirectories. */
struct error *watch_open(struct watch **out, void *ctx, const char *dir) MUST_CHECK;

/*
 * Returns a moment after a file in DIR was written, renamed or removed. ERROR_SIGNALLED after a
 * signal.
 */
struct error *watch_wait(struct watch *watch) MUST_CHECK;

#endif
