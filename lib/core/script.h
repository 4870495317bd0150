/*
 * Reading SQL text as PostgreSQL's psql does: just enough to find where statements end, without
 * changing a byte. Knows '', E'', U&'', "", $tag$, comments (nested), parentheses, and
 * BEGIN ATOMIC bodies of CREATE FUNCTION/PROCEDURE.
 */
#ifndef CORE_SCRIPT_H
#define CORE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * A piece of a file that is sent as one message. Files are cut at COPY ... FROM STDIN only: then
 * COPY is true, the text ends with that statement, and DATA holds its rows (up to, without, the
 * line "\.").
 */
struct script_piece {
	size_t start, length; /* bytes of the text */
	bool copy;
	size_t data_start, data_length;
};

/*
 * The pieces of TEXT. Refused with ERROR_NO and "NAME:LINE:COLUMN: ...": a NUL byte, bytes that
 * are not UTF-8, a psql meta-command (backslash outside quotes), COPY data without its end, an
 * unterminated quote, comment or parenthesis at the end of the file. A BOM at the start is
 * passed over.
 */
struct error *script_pieces(struct script_piece **out, size_t *count, void *ctx, const char *name,
			    const char *text, size_t length) MUST_CHECK;

/* Number of statements in TEXT (empty ones do not count), as the server would answer them. */
size_t script_statements(const char *text, size_t length);

/*
 * Where the Nth statement (from 0) starts: its first byte that is neither space nor comment;
 * LENGTH when there is none.
 */
size_t script_statement_start(const char *text, size_t length, size_t n);

/* One line of the statement there, cut to 72 characters with "...", for messages. */
char *script_excerpt(const void *ctx, const char *text, size_t length, size_t start);

/* Line and column (both from 1, column in characters) of byte OFFSET. */
void script_position(int *line, int *column, const char *text, size_t offset);

/*
 * The byte at which the Nth character (from 1, as PG_DIAG_STATEMENT_POSITION counts) of TEXT
 * starts.
 */
size_t script_offset(const char *text, size_t length, size_t nth_character);

/* The first keyword of the statement at START, upper case, at most 15 bytes: "COMMIT". */
void script_keyword(char out[16], const char *text, size_t length, size_t start);

#endif
