/* Characters that cannot be seen, and that PostgreSQL takes for parts of a name. */
#ifndef CORE_INVISIBLE_H
#define CORE_INVISIBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/script.h"

struct invisible {
	const char *name; /* "no-break space" */
	char code[8];     /* "U+00A0" */
	size_t offset;    /* byte of the script's text */
};

/*
 * The first such character of statement N outside quotes and comments; false if it has none. Texts
 * that were copied from a web page or a document contain them in place of spaces.
 */
bool invisible_find(struct invisible *out, const struct script *s, size_t n);

#endif
