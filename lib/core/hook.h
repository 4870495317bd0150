/* The text of git's hooks that are ours. */
#ifndef CORE_HOOK_H
#define CORE_HOOK_H

#include <stdbool.h>

#include "base/mem.h"

/* The names of hooks that we have, NULL-terminated. */
extern const char *const hook_names[];

/*
 * What the file of hook NAME holds: it calls "git hop hook NAME", and then the file NAME.user
 * beside itself. Where git hop is not installed any more it says so and lets git go on.
 */
char *hook_text(const void *ctx, const char *name);

/* Whether TEXT is that of a hook of ours, of this version or another. */
bool hook_is_ours(const char *text);
/* Whether TEXT, somebody else's, runs ours: it has "git hop hook NAME" on a line of its own
 * making. */
bool hook_calls(const char *text, const char *name);

#endif
