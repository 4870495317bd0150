/*
 * The text of an SQL file: its statements, and the pieces in which it is sent. Statements are found
 * like in psql, by parsing just enough to see where they end: '', E'', U&'', "", $tag$, nested
 * comments, parentheses, and BEGIN ATOMIC bodies of functions and procedures.
 */
#ifndef CORE_SCRIPT_H
#define CORE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/effect.h"

struct script_statement {
	size_t start, length; /* bytes of the text, without leading comments and without ';' */
	enum effect effect;
};

/*
 * A piece of a file that is sent in one message. Files are split only after COPY ... FROM STDIN:
 * then COPY is true, the statement is the last one of the piece, and DATA contains its rows,
 * without the line "\.".
 */
struct script_piece {
	size_t start, length; /* bytes of the text */
	size_t first, count;  /* its statements, at least one */
	bool copy;
	size_t data_start, data_length;
};

struct script {
	const char *name; /* for messages: "Patches/12-users/01_tables.sql" */
	const char *text; /* not NUL-terminated */
	size_t length;
	struct script_statement *statements; /* in order, without empty ones */
	size_t count;
	struct script_piece *pieces;
	size_t piece_count;
};

/*
 * Parses TEXT, which must outlive *OUT. If the first statement is a plain BEGIN and the last one a
 * plain COMMIT, both are ignored and are blanks in the text of the script. A BOM is skipped.
 * ERROR_NO with "NAME:LINE:COLUMN: ..." for NUL bytes, invalid UTF-8, psql meta-commands (a
 * backslash outside quotes), unterminated COPY data, and an unterminated quote, comment or
 * parenthesis. What statements do is not checked, see their effect.
 */
struct error *script_read(struct script **out, void *ctx, const char *name, const char *text,
			  size_t length) MUST_CHECK;

/* The same script in pieces of one statement each. */
struct script *script_split(void *ctx, const struct script *s);

/* The last statement of PIECE that starts at or before byte OFFSET; the first one if none does. */
size_t script_statement_at(const struct script *s, const struct script_piece *piece, size_t offset);

/* Statement N on one line, shortened to 72 characters with "...", for messages. */
char *script_excerpt(const void *ctx, const struct script *s, size_t n);

/* The line and column of byte OFFSET; both start at 1, and the column is in characters. */
void script_position(int *line, int *column, const char *text, size_t offset);

/*
 * The byte at which the Nth character of TEXT starts, counted from 1 like
 * PG_DIAG_STATEMENT_POSITION.
 */
size_t script_offset(const char *text, size_t length, size_t nth_character);

#endif
