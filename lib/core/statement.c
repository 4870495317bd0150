/* Splits SQL text into statements. */
#include "core/statement.h"

#include <string.h>

static enum head head_after(enum head head, const struct lex *lex, const struct token *t)
{
	bool routine = lex_is(lex, t, "FUNCTION") || lex_is(lex, t, "PROCEDURE");

	switch (head) {
	case HEAD_START:
		if (lex_is(lex, t, "COPY"))
			return HEAD_COPY;
		return lex_is(lex, t, "CREATE") ? HEAD_CREATE : HEAD_OTHER;
	case HEAD_CREATE:
		if (lex_is(lex, t, "OR"))
			return HEAD_CREATE_OR;
		return routine ? HEAD_ROUTINE : HEAD_OTHER;
	case HEAD_CREATE_OR:
		return lex_is(lex, t, "REPLACE") ? HEAD_CREATE_OR_REPLACE : HEAD_OTHER;
	case HEAD_CREATE_OR_REPLACE:
		return routine ? HEAD_ROUTINE : HEAD_OTHER;
	case HEAD_COPY:
		return lex_is(lex, t, "FROM") ? HEAD_COPY_FROM : HEAD_COPY;
	case HEAD_COPY_FROM:
		/* The server accepts both words in both directions. */
		if (lex_is(lex, t, "STDIN") || lex_is(lex, t, "STDOUT"))
			return HEAD_COPY_STDIN;
		return HEAD_OTHER;
	default:
		return head;
	}
}

/* After a dot or AS, a keyword is a name. */
static bool is_name(const struct lex *lex, const struct token *before)
{
	return (before->kind == LEX_OTHER && lex->text[before->start] == '.') ||
	       lex_is(lex, before, "AS");
}

static void checkout_blocks(struct statement *st, const struct lex *lex, const struct token *t)
{
	if (is_name(lex, &st->before))
		return;
	if (st->blocks == 0)
		st->blocks = lex_is(lex, t, "ATOMIC") && lex_is(lex, &st->before, "BEGIN");
	else if (lex_is(lex, t, "CASE"))
		st->blocks++;
	else if (lex_is(lex, t, "END"))
		st->blocks--;
}

static void follow(struct statement *st, const struct lex *lex, const struct token *t)
{
	if (st->word_count < STATEMENT_WORDS)
		st->words[st->word_count++] = *t;
	if (st->depth == 0) {
		st->on = st->on || lex_is(lex, t, "ON");
		if (st->head == HEAD_ROUTINE)
			checkout_blocks(st, lex, t);
		else if (!is_name(lex, &st->before))
			st->head = head_after(st->head, lex, t);
	}
	if (t->kind == LEX_OPEN && st->depth++ == 0)
		st->open = t->start;
	else if (t->kind == LEX_CLOSE && st->depth > 0)
		st->depth--;
	else if (t->kind == LEX_BACKSLASH && st->meta == NOWHERE)
		st->meta = t->start;
	st->before = *t;
}

static bool ends(const struct statement *st, const struct token *t)
{
	return t->kind == LEX_END || t->kind == LEX_UNTERMINATED ||
	       (t->kind == LEX_SEMICOLON && st->depth == 0 && st->blocks == 0);
}

bool statement_next(struct statement *st, struct lex *lex)
{
	struct token t = lex_next(lex);

	while (t.kind == LEX_SEMICOLON)
		t = lex_next(lex);
	if (t.kind == LEX_END)
		return false;
	*st = (struct statement){.start = t.start, .meta = NOWHERE};
	while (!ends(st, &t)) {
		follow(st, lex, &t);
		t = lex_next(lex);
	}
	st->stop = t;
	st->end = lex->pos;
	return true;
}

static bool is_end_of_data(const char *line, size_t length)
{
	if (length > 0 && line[length - 1] == '\r')
		length--;
	return length == 2 && line[0] == '\\' && line[1] == '.';
}

bool statement_rows(struct rows_span *rows, const char *text, size_t length, size_t pos)
{
	const char *end = text + length;
	const char *line = memchr(text + pos, '\n', length - pos);

	rows->start = line ? (size_t)(line - text) + 1 : length;
	while (line && ++line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		if (is_end_of_data(line, (size_t)(stop - line))) {
			rows->end = (size_t)(line - text);
			rows->next = (size_t)(stop - text) + (newline ? 1 : 0);
			return true;
		}
		line = newline;
	}
	return false;
}
