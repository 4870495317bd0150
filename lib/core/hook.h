/* The text of our git hooks. */
#ifndef CORE_HOOK_H
#define CORE_HOOK_H

#include <stdbool.h>

#include "base/mem.h"

/* The names of the hooks that we install, NULL-terminated. */
extern const char *const hook_names[];

/*
 * The contents of hook NAME: it runs "git hop hook NAME", then NAME.user in the same directory. If
 * git hop is not on PATH, it prints a warning and lets git continue.
 */
char *hook_text(const void *ctx, const char *name);

/* Is TEXT one of our hooks, of any version? */
bool hook_is_ours(const char *text);
/* Does TEXT, another hook, call ours with "git hop hook NAME"? */
bool hook_calls(const char *text, const char *name);

#endif
