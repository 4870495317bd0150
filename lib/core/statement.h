/* SQL text to statements and to the rows that follow COPY ... FROM STDIN. */
#ifndef CORE_STATEMENT_H
#define CORE_STATEMENT_H

#include "core/lex.h"

#define NOWHERE ((size_t)-1)
/* Tokens that tell what a statement does: "ALTER TABLE IF EXISTS ONLY s.t" and one more. */
#define STATEMENT_WORDS 8

/* What the first words of a statement say it is. */
enum head {
	HEAD_START,
	HEAD_CREATE,
	HEAD_CREATE_OR,
	HEAD_CREATE_OR_REPLACE,
	HEAD_ROUTINE, /* CREATE [OR REPLACE] FUNCTION or PROCEDURE: may have a BEGIN ATOMIC body */
	HEAD_COPY,
	HEAD_COPY_FROM,
	HEAD_COPY_STDIN, /* rows follow it in the file */
	HEAD_OTHER
};

struct statement {
	enum head head;
	size_t start;
	size_t end;        /* behind its ';', or of the text */
	struct token stop; /* its ';', or the LEX_END or LEX_UNTERMINATED that came first */
	size_t depth;      /* of parentheses */
	size_t open;       /* the outermost '(' */
	size_t blocks;     /* BEGIN ATOMIC and the CASEs in it */
	size_t meta;       /* the first backslash outside quotes, or NOWHERE */
	struct token before;
	struct token words[STATEMENT_WORDS]; /* the first tokens */
	size_t word_count;
	bool on; /* it has an ON outside parentheses */
};

/* Reads the next statement that is not empty; false at the end of the text. */
bool statement_next(struct statement *st, struct lex *lex);

struct rows_span {
	size_t start, end; /* up to, without, the line "\." */
	size_t next;       /* behind that line */
};

/* Finds the rows that follow the line of byte POS; false when they have no end. */
bool statement_rows(struct rows_span *rows, const char *text, size_t length, size_t pos);

#endif
