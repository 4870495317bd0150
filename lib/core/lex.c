/* Splits SQL text into tokens. */
#include "core/lex.h"

#include <string.h>

#include "base/mem.h"

bool lex_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

/* The byte N bytes after the position; NUL beyond the end. */
static char peek(const struct lex *lex, size_t n)
{
	return n < lex->length - lex->pos ? lex->text[lex->pos + n] : '\0';
}

static bool at_end(const struct lex *lex)
{
	return lex->pos >= lex->length;
}

static const char *find(const struct lex *lex, char c)
{
	return memchr(lex->text + lex->pos, c, lex->length - lex->pos);
}

void lex_open(struct lex *lex, const char *text, size_t length)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t n = strlen(bom);

	lex->text = text;
	lex->length = length;
	lex->pos = length >= n && memcmp(text, bom, n) == 0 ? n : 0;
}

/* In PostgreSQL, a CR ends such a comment as well. */
static void skip_line_comment(struct lex *lex)
{
	while (!at_end(lex) && peek(lex, 0) != '\n' && peek(lex, 0) != '\r')
		lex->pos++;
}

static bool skip_block_comment(struct lex *lex)
{
	size_t depth = 0;

	do {
		if (at_end(lex))
			return false;
		if (peek(lex, 0) == '/' && peek(lex, 1) == '*') {
			depth++;
			lex->pos += 2;
		} else if (peek(lex, 0) == '*' && peek(lex, 1) == '/') {
			depth--;
			lex->pos += 2;
		} else {
			lex->pos++;
		}
	} while (depth > 0);
	return true;
}

/* False if a comment that starts at *START does not end. */
static bool skip_blanks(struct lex *lex, size_t *start)
{
	while (!at_end(lex)) {
		if (lex_is_space(peek(lex, 0))) {
			lex->pos++;
		} else if (peek(lex, 0) == '-' && peek(lex, 1) == '-') {
			skip_line_comment(lex);
		} else if (peek(lex, 0) == '/' && peek(lex, 1) == '*') {
			*start = lex->pos;
			if (!skip_block_comment(lex))
				return false;
		} else {
			break;
		}
	}
	return true;
}

/* Skips from the opening quote past the closing one; a doubled quote is part of the text. */
static bool skip_quoted(struct lex *lex)
{
	char quote = peek(lex, 0);

	do {
		const char *end;

		lex->pos++;
		end = find(lex, quote);
		if (!end)
			return false;
		lex->pos = (size_t)(end - lex->text) + 1;
	} while (peek(lex, 0) == quote);
	return true;
}

/*
 * A string is continued by another one if the white space between them contains a newline; "--"
 * comments are allowed. If so, moves to its quote.
 */
static bool at_continuation(struct lex *lex)
{
	size_t pos = lex->pos;
	bool newline = false;

	while (!at_end(lex)) {
		if (peek(lex, 0) == '-' && peek(lex, 1) == '-') {
			skip_line_comment(lex);
		} else if (lex_is_space(peek(lex, 0))) {
			newline = newline || peek(lex, 0) == '\n' || peek(lex, 0) == '\r';
			lex->pos++;
		} else {
			break;
		}
	}
	if (newline && peek(lex, 0) == '\'')
		return true;
	lex->pos = pos;
	return false;
}

/* The same for E'': a backslash escapes the next byte, also in continuations of the string. */
static bool skip_escaped(struct lex *lex)
{
	do {
		lex->pos++;
		while (!at_end(lex) && peek(lex, 0) != '\'')
			lex->pos += peek(lex, 0) == '\\' && lex->length - lex->pos > 1 ? 2 : 1;
		if (at_end(lex))
			return false;
		lex->pos++;
	} while (peek(lex, 0) == '\'' || at_continuation(lex));
	return true;
}

/* The length of "$tag$" here; 0 if there is none. */
static size_t dollar_tag(const struct lex *lex)
{
	size_t n = 1;

	if (is_word_start(peek(lex, n))) {
		while (is_word_start(peek(lex, n)) || is_digit(peek(lex, n)))
			n++;
	}
	return peek(lex, n) == '$' ? n + 1 : 0;
}

static bool skip_dollar_quoted(struct lex *lex, size_t tag)
{
	const char *start = lex->text + lex->pos;
	const char *end = memmem(start + tag, lex->length - lex->pos - tag, start, tag);

	if (!end) {
		lex->pos = lex->length;
		return false;
	}
	lex->pos = (size_t)(end - lex->text) + tag;
	return true;
}

static void skip_word(struct lex *lex)
{
	while (is_word_start(peek(lex, 0)) || is_digit(peek(lex, 0)) || peek(lex, 0) == '$')
		lex->pos++;
}

/* "1.end" is a number and a word, not a name after a dot; "1..10" is two numbers. */
static void skip_number(struct lex *lex)
{
	while (is_digit(peek(lex, 0)))
		lex->pos++;
	if (peek(lex, 0) != '.' || peek(lex, 1) == '.')
		return;
	lex->pos++;
	while (is_digit(peek(lex, 0)))
		lex->pos++;
}

static enum lex_kind single(char c)
{
	switch (c) {
	case ';':
		return LEX_SEMICOLON;
	case '(':
		return LEX_OPEN;
	case ')':
		return LEX_CLOSE;
	case '\\':
		return LEX_BACKSLASH;
	default:
		return LEX_OTHER;
	}
}

static struct token ended(const struct lex *lex, enum lex_kind kind, size_t start)
{
	return (struct token){.kind = kind, .start = start, .length = lex->pos - start};
}

static struct token quoted(struct lex *lex, bool closed, size_t start, const char *what)
{
	struct token token;

	if (!closed)
		lex->pos = lex->length;
	token = ended(lex, closed ? LEX_QUOTED : LEX_UNTERMINATED, start);
	token.what = what;
	return token;
}

static struct token dollar(struct lex *lex)
{
	size_t start = lex->pos;
	size_t tag = dollar_tag(lex);

	if (tag > 0)
		return quoted(lex, skip_dollar_quoted(lex, tag), start, "dollar quote");
	lex->pos++;
	while (is_digit(peek(lex, 0)))
		lex->pos++;
	return ended(lex, LEX_OTHER, start);
}

struct token lex_next(struct lex *lex)
{
	size_t start;
	char c;

	if (!skip_blanks(lex, &start))
		return quoted(lex, false, start, "comment");
	start = lex->pos;
	if (at_end(lex))
		return ended(lex, LEX_END, start);
	c = peek(lex, 0);
	if ((c == 'e' || c == 'E') && peek(lex, 1) == '\'') {
		lex->pos++;
		return quoted(lex, skip_escaped(lex), start, "quoted string");
	}
	if (c == '\'')
		return quoted(lex, skip_quoted(lex), start, "quoted string");
	if (c == '"')
		return quoted(lex, skip_quoted(lex), start, "quoted name");
	if (c == '$')
		return dollar(lex);
	if (is_word_start(c)) {
		skip_word(lex);
		return ended(lex, LEX_WORD, start);
	}
	if (is_digit(c)) {
		skip_number(lex);
		return ended(lex, LEX_OTHER, start);
	}
	lex->pos++;
	return ended(lex, single(c), start);
}

bool lex_is(const struct lex *lex, const struct token *token, const char *word)
{
	const char *text = lex->text + token->start;

	if (token->kind != LEX_WORD || token->length != strlen(word))
		return false;
	for (size_t i = 0; i < token->length; i++) {
		char c = text[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != word[i])
			return false;
	}
	return true;
}

char *lex_name(void *ctx, const struct lex *lex, const struct token *t)
{
	const char *text = lex->text + t->start;
	char *name, *to;

	if (t->kind == LEX_WORD)
		return mem_dup_n(ctx, text, t->length);
	name = to = mem_dup_n(ctx, text + 1, t->length - 2);
	for (const char *from = name; *from; from++) {
		*to++ = *from;
		from += from[0] == '"' && from[1] == '"';
	}
	*to = '\0';
	return name;
}
