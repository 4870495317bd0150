/* Splits SQL text into statements and the rows after COPY ... FROM STDIN. */
#ifndef CORE_STATEMENT_H
#define CORE_STATEMENT_H

#include "core/lex.h"

#define NOWHERE ((size_t)-1)
/* Enough tokens to tell what a statement does: "ALTER TABLE IF EXISTS ONLY s.t" and one more. */
#define STATEMENT_WORDS 8

/* The kind of a statement, according to its first words. */
enum head {
	HEAD_START,
	HEAD_CREATE,
	HEAD_CREATE_OR,
	HEAD_CREATE_OR_REPLACE,
	HEAD_ROUTINE, /* CREATE FUNCTION or PROCEDURE, perhaps with a BEGIN ATOMIC body */
	HEAD_COPY,
	HEAD_COPY_FROM,
	HEAD_COPY_STDIN, /* rows follow it in the file */
	HEAD_OTHER
};

struct statement {
	enum head head;
	size_t start;
	size_t end;        /* after its ';', or at the end of the text */
	struct token stop; /* its ';', or the LEX_END or LEX_UNTERMINATED before that */
	size_t depth;      /* of parentheses */
	size_t open;       /* the outermost '(' */
	size_t blocks;     /* depth of BEGIN ATOMIC and CASE in it */
	size_t meta;       /* the first backslash outside quotes, or NOWHERE */
	struct token before;
	struct token words[STATEMENT_WORDS]; /* the first tokens */
	size_t word_count;
	bool on; /* it has an ON outside parentheses */
};

/* Reads the next statement that is not empty; false at the end of the text. */
bool statement_next(struct statement *st, struct lex *lex);

struct rows_span {
	size_t start, end; /* without the line "\." */
	size_t next;       /* after that line */
};

/* Finds the rows that start on the line after byte POS; false if they are not terminated. */
bool statement_rows(struct rows_span *rows, const char *text, size_t length, size_t pos);

#endif
