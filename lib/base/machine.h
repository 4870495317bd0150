/* The machine, and whether a process on it is still running. */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include <stdbool.h>

#include "base/error.h"

char *machine_host(const void *ctx); /* the host name */
char *machine_user(const void *ctx); /* the name of the system user, or its ID if it has no name */
/* BYTES random bytes as hexadecimal digits. */
struct error *machine_random(char **hex, const void *ctx, size_t bytes) MUST_CHECK;
/*
 * The same text for all processes whose process IDs can be compared: it identifies boot and PID
 * namespace. NULL if unknown.
 */
char *machine_id(const void *ctx);
/* "4711 8842133": the ID of this process and its start time, because IDs are reused. */
char *machine_process(const void *ctx);
/* Is the process of such a text running on this machine? */
bool machine_runs(const char *process);
/*
 * Is a process of program NAME running in or below one of COUNT directories (NULLs are ignored)
 * that started before this time (seconds since 1970)? Ignores this process, its ancestors, and
 * those with the argument EXCEPT. False if /proc cannot be read.
 */
bool machine_program_in(const char *name, const char *except, const char *const *dirs, size_t count,
			double before);

#endif
