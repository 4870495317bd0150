/* Paths as text. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/error.h"

char *path_join(const void *ctx, const char *dir, const char *name);
const char *path_base(const char *path); /* points into PATH */
char *path_dir(const void *ctx, const char *path);
/* The absolute path with symbolic links resolved; PATH must exist. */
struct error *path_real(char **out, void *ctx, const char *path) MUST_CHECK;
/* The absolute path, without resolving links; PATH need not exist. */
char *path_absolute(const void *ctx, const char *path);
/* Quoted for a POSIX shell where it needs to be: for messages that show a command. */
char *path_quote(const void *ctx, const char *text);

#endif
