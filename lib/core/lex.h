/* Splits SQL text into tokens like psql. Skips white space and comments. */
#ifndef CORE_LEX_H
#define CORE_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum lex_kind {
	LEX_END,
	LEX_WORD,   /* a keyword or an unquoted name */
	LEX_QUOTED, /* '', E'', "" or $tag$, including its text */
	LEX_SEMICOLON,
	LEX_OPEN,         /* ( */
	LEX_CLOSE,        /* ) */
	LEX_BACKSLASH,    /* psql would take what follows as a meta-command */
	LEX_OTHER,        /* number, parameter, or one byte of an operator */
	LEX_UNTERMINATED, /* a quote or comment that does not end */
};

struct token {
	enum lex_kind kind;
	size_t start, length;
	const char *what; /* of LEX_UNTERMINATED: "comment" */
};

struct lex {
	const char *text;
	size_t length;
	size_t pos; /* the next byte to read; can be set to the start of any token */
};

/* Starts at the beginning of TEXT, after a BOM. */
void lex_open(struct lex *lex, const char *text, size_t length);
struct token lex_next(struct lex *lex);
/* Is TOKEN the keyword WORD? WORD is in upper case; the case of TOKEN does not matter. */
bool lex_is(const struct lex *lex, const struct token *token, const char *word);
/* The name that TOKEN, a word or "...", stands for; a word as it is written. */
char *lex_name(void *ctx, const struct lex *lex, const struct token *token);
bool lex_is_space(char c);

#endif
