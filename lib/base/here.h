/* Where this process runs, and whether another one that ran here still does. */
#ifndef BASE_HERE_H
#define BASE_HERE_H

#include <stdbool.h>

#include "base/mem.h"

char *here_host(const void *ctx); /* the name of the computer */
/*
 * One text for all processes whose numbers can be compared with ours: this boot, this space of
 * process numbers. NULL when it cannot be told.
 */
char *here_machine(const void *ctx);
/* "4711 8842133": the number of a process and when it began, since numbers are used again. */
char *here_process(const void *ctx);
/* Whether the process of such a text runs on this machine. */
bool here_runs(const char *process);

#endif
