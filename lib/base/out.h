/* The answer on standard output: the same fields as text, as --porcelain and as --json. */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <stdbool.h>

#include "base/error.h"

enum out_format { OUT_TEXT, OUT_PORCELAIN, OUT_JSON };

/*
 * Records go out one by one. Porcelain: a line "# git-hop COMMAND 1" first, then a line a
 * record, its kind first, fields separated by tabs in the order given, quoted as quote_field does;
 * an absent value is "-". JSON: one object {"version": 1, "command": ..., "KIND": [ {...}, ... ]},
 * written by out_end in ASCII; a value that is not UTF-8 is given quoted, too.
 * Text: nothing; a command prints its own text where out_is_text() says so.
 */
struct out *out_open(void *ctx, enum out_format format, const char *command);
bool out_is_text(const struct out *out);

/* A record of KIND; its fields follow. */
void out_record(struct out *out, const char *kind);
void out_text(struct out *out, const char *field, const char *value); /* value may be NULL */
void out_number(struct out *out, const char *field, long long value);
void out_bool(struct out *out, const char *field, bool value);
void out_end(struct out *out);

/* Text for people on standard output: printf as quote_printf does it, and lines that are ready. */
void out_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void out_lines(const char *text);

#endif
