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
/*
 * Whether the program NAME runs in one of COUNT folders (a NULL is passed over) or below, and began
 * before that time (seconds since 1970). Does not count this process, those that it descends from,
 * and any that has the argument EXCEPT. False if /proc cannot be read.
 */
bool machine_program_in(const char *name, const char *except, const char *const *dirs, size_t count,
			double before);

#endif
