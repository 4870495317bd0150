/* Text that may be anything, read as UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes of the character at TEXT, as PostgreSQL takes it; 0 when it is none. LEFT is not 0. */
size_t utf8_length(const char *text, size_t left);

#define UTF8_REPLACEMENT 0xFFFD

/*
 * The character at *TEXT, which is moved behind it; 0 at the end. UTF8_REPLACEMENT stands for a
 * byte that is not UTF-8, and for what is not to be shown: control characters but tab and newline,
 * those that change the direction of writing, and those that Unicode gives no meaning.
 */
int utf8_next(const char **text);

#endif
