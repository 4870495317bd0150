/* Where this process runs, and whether another one that ran here still does. */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include <stdbool.h>

#include "base/error.h"

char *machine_host(const void *ctx); /* the name of the computer */
char *machine_user(const void *ctx); /* the system user, or its number where it has no name */
/* As many bytes that nobody can guess, in hexadecimal digits. */
struct error *machine_random(char **hex, const void *ctx, size_t bytes) MUST_CHECK;
/*
 * One text for all processes whose numbers can be compared with ours: this boot, this space of
 * process numbers. NULL when it cannot be told.
 */
char *machine_id(const void *ctx);
/* "4711 8842133": the number of a process and when it began, since numbers are used again. */
char *machine_process(const void *ctx);
/* Whether the process of such a text runs on this machine. */
bool machine_runs(const char *process);

#endif
