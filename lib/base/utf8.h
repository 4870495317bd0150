/* Reads text that may contain invalid UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/*
 * The number of bytes of the character at TEXT; 0 if PostgreSQL would reject it. LEFT must not be
 * 0.
 */
size_t utf8_length(const char *text, size_t left);

#define UTF8_REPLACEMENT 0xFFFD

/*
 * The character at *TEXT, which is moved behind it; 0 at the end. UTF8_REPLACEMENT stands for a
 * byte that is not UTF-8, and for what is not to be shown: control characters but tab and newline,
 * those that change the direction of writing, and those that Unicode gives no meaning.
 */
int utf8_next(const char **text);

#endif
