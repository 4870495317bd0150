/* SQL text to tokens, as PostgreSQL's psql cuts it. White space and comments are passed over. */
#ifndef CORE_LEX_H
#define CORE_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum lex_kind {
	LEX_END,
	LEX_WORD,   /* a keyword or a name without quotes */
	LEX_QUOTED, /* '', E'', "" or $tag$ with what is in it */
	LEX_SEMICOLON,
	LEX_OPEN,         /* ( */
	LEX_CLOSE,        /* ) */
	LEX_BACKSLASH,    /* psql would take what follows as a command of its own */
	LEX_OTHER,        /* numbers, parameters, a byte of an operator */
	LEX_UNTERMINATED, /* a quote or comment that reaches the end of the text */
};

struct token {
	enum lex_kind kind;
	size_t start, length;
	const char *what; /* of LEX_UNTERMINATED: "comment" */
};

struct lex {
	const char *text;
	size_t length;
	size_t pos; /* the next byte to read; may be set to the start of any token */
};

/* At the start of TEXT, behind a BOM. */
void lex_open(struct lex *lex, const char *text, size_t length);
struct token lex_next(struct lex *lex);
/* Whether TOKEN is WORD (given in upper case), in any case. */
bool lex_is(const struct lex *lex, const struct token *token, const char *word);
bool lex_is_space(char c);

#endif
