/*
 * The text of an SQL file, read once: its statements, and the pieces that are sent. Found as
 * PostgreSQL's psql does: just enough to see where statements end, without changing a byte. Knows
 * '', E'', U&'', "", $tag$, comments (nested), parentheses, and BEGIN ATOMIC bodies of CREATE
 * FUNCTION/PROCEDURE.
 */
#ifndef CORE_SCRIPT_H
#define CORE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/effect.h"

struct script_statement {
	size_t start, length; /* bytes of the text: no space or comment first, no ';' at its end */
	enum effect effect;
};

/*
 * A piece of a file that is sent as one message. Files are cut at COPY ... FROM STDIN only: then
 * COPY is true, the text ends with that statement, and DATA holds its rows (up to, without, the
 * line "\.").
 */
struct script_piece {
	size_t start, length; /* bytes of the text */
	size_t first, count;  /* its statements, at least one */
	bool copy;
	size_t data_start, data_length;
};

struct script {
	const char *name; /* for messages: "Patches/12-users/01_tables.sql" */
	const char *text; /* no NUL behind it */
	size_t length;
	struct script_statement *statements; /* those that the server answers, in order */
	size_t count;
	struct script_piece *pieces;
	size_t piece_count;
};

/*
 * Reads TEXT, which must outlive *OUT. A file whose first statement is a plain BEGIN and whose last
 * is a plain COMMIT reads as if it had neither: they are blanks in the text then.
 *
 * Refused with ERROR_NO and "NAME:LINE:COLUMN: ...": a NUL byte, bytes that are not UTF-8, a psql
 * meta-command (backslash outside quotes), COPY data without its end, an unterminated quote,
 * comment or parenthesis at the end of the file. A BOM at the start is passed over. What statements
 * do is the caller's matter (see their effect).
 */
struct error *script_read(struct script **out, void *ctx, const char *name, const char *text,
			  size_t length) MUST_CHECK;

/* The last statement of PIECE that starts at byte OFFSET or before; its first if none does. */
size_t script_statement_at(const struct script *s, const struct script_piece *piece, size_t offset);

/* Statement N on one line, cut to 72 characters with "...", for messages. */
char *script_excerpt(const void *ctx, const struct script *s, size_t n);

/* Line and column (both from 1, column in characters) of byte OFFSET. */
void script_position(int *line, int *column, const char *text, size_t offset);

/*
 * The byte at which the Nth character (from 1, as PG_DIAG_STATEMENT_POSITION counts) of TEXT
 * starts.
 */
size_t script_offset(const char *text, size_t length, size_t nth_character);

#endif
