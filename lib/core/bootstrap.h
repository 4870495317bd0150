/* Names of the data scripts in bootstrap/. */
#ifndef CORE_BOOTSTRAP_H
#define CORE_BOOTSTRAP_H

#include <stdbool.h>

#include "base/mem.h"

#define PATH_BOOTSTRAP "bootstrap"

/*
 * The name under which file NAME of patch ID is copied: "0003-12-users-02_rows.sql" for NUMBER 3.
 * With the ID in it, two patches do not use the same name, even if they are merged into different
 * releases under the same number.
 */
char *bootstrap_name(void *ctx, int number, const char *id, const char *name);

/* The number at the start of a name; 0 if there is none, as in a file that somebody wrote there. */
int bootstrap_number(const char *name);

/* Is COPY the name of file NAME of patch ID, with any number? */
bool bootstrap_is_copy(const char *copy, const char *id, const char *name);

/* The order in which scripts run: by number, then in byte order; those without a number last. */
int bootstrap_compare(const char *a, const char *b);

#endif
