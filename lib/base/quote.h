/*
 * Text of others, made harmless. Names of files, branches, databases and roles, and what servers
 * and programs say, may hold anything: escape sequences that erase a line, a newline and a forged
 * line behind it, bytes that reverse the direction of writing. Everything that is shown passes
 * through here.
 */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/mem.h"

/*
 * TEXT as git quotes a path: within double quotes, with \n, \033 and the like in place of control
 * characters, of those that change the direction of writing and of bytes that are not UTF-8. TEXT
 * that holds none of these is returned as it is, so quoting twice is quoting once.
 */
char *quote_name(const void *ctx, const char *text);

/* The same for a field between tabs: what holds a tab, a quote or a backslash is quoted, too. */
char *quote_field(const void *ctx, const char *text);

/* TEXT of several lines: newlines and tabs are kept, the rest is escaped, without double quotes. */
char *quote_lines(const void *ctx, const char *text);

/*
 * printf whose arguments are not trusted: %s and %c go through quote_name, before they are padded.
 * The format is ours, so it may hold newlines and colours. Conversions: d i u x o f s c %.
 */
char *quote_printf(const void *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *quote_vprintf(const void *ctx, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#endif
