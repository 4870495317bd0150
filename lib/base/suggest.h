/* Suggests known words for a mistyped one. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

/* The number of letters to add, drop, change or swap to turn A into B. */
size_t suggest_distance(const char *a, const char *b);

/* The NAMES closest to WORD, NULL-terminated; empty if none is close. */
char **suggest_names(void *ctx, const char *word, char *const *names);

#endif
