/* The result on standard output: as text, or the same fields as --porcelain or --json. */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <stdbool.h>

#include "base/error.h"

enum out_format { OUT_TEXT, OUT_PORCELAIN, OUT_JSON };

/*
 * Prints records. Porcelain: first a line "# git-hop COMMAND 1", then a line per record with its
 * kind and fields, separated by tabs and quoted with quote_field; an absent value is "-". JSON:
 * one object {"version": 1, "command": ..., "KIND": [ {...}, ... ]}, printed by out_end in ASCII;
 * values with invalid UTF-8 are quoted as well. Text: nothing; if out_is_text(), the command
 * prints its own text.
 */
struct out *out_open(void *ctx, enum out_format format, const char *command);
bool out_is_text(const struct out *out);

/* Starts a record of KIND; add its fields next. */
void out_record(struct out *out, const char *kind);
void out_text(struct out *out, const char *field, const char *value); /* value may be NULL */
void out_number(struct out *out, const char *field, long long value);
void out_bool(struct out *out, const char *field, bool value);
void out_end(struct out *out);

/* Text for people on standard output: printf as quote_printf does it, and lines that are ready. */
void out_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void out_lines(const char *text);

#endif
