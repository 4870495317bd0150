/* Which known words a mistyped one may have meant. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

/* How many letters to add, drop, change or swap with their neighbour to make A of B. */
size_t suggest_distance(const char *a, const char *b);

/* Those of NAMES that are nearest to WORD, NULL-terminated; none when all are far. */
char **suggest_names(void *ctx, const char *word, char *const *names);

#endif
