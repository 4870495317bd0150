/* The pieces, statements and places of an SQL file. */
#include "core/script.h"

#include <string.h>

#include "base/utf8.h"
#include "core/statement.h"

#define EXCERPT_MAX 72
/* Bytes of a statement that an excerpt looks at. */
#define EXCERPT_WINDOW 4096

struct source {
	const char *name;
	const char *text;
	size_t length;
};

static struct error *refuse(const struct source *src, size_t offset, const char *what)
{
	int line, column;

	script_position(&line, &column, src->text, offset);
	return error_new(ERROR_NO, "%s:%d:%d: %s", src->name, line, column, what);
}

static struct error *check_bytes(const struct source *src)
{
	SCOPE(tmp, NULL);
	const unsigned char *text = (const unsigned char *)src->text;
	size_t i = 0;

	while (i < src->length) {
		size_t n = utf8_length(src->text + i, src->length - i);

		if (text[i] == '\0')
			return error_hint(refuse(src, i, "a NUL byte"),
					  "an SQL file is text in UTF-8");
		if (n == 0)
			return error_hint(
				refuse(src, i,
				       mem_printf(tmp, "byte 0x%02x is not UTF-8", text[i])),
				"convert the file, for example: iconv -f LATIN1 -t UTF-8 OLD >NEW");
		i += n;
	}
	return NULL;
}

static struct error *refuse_meta(const struct source *src, size_t offset)
{
	SCOPE(tmp, NULL);
	const char *word = src->text + offset + 1;
	size_t n = 0;
	struct error *err;

	while (n < 20 && offset + 1 + n < src->length && word[n] > ' ' && word[n] < 0x7f)
		n++;
	word = mem_dup_n(tmp, word, n);
	err = refuse(src, offset, mem_printf(tmp, "'\\%s' is a command of psql, not SQL", word));
	if (strcmp(word, "restrict") == 0 || strcmp(word, "unrestrict") == 0)
		return error_hint(err, "the lines '\\restrict' and '\\unrestrict' that pg_dump "
				       "writes can be removed; else name the file '.psql'");
	return error_hint(err, "name the file '.psql' instead of '.sql': then psql runs it");
}

/* What is wrong with a statement, the first thing in the file first. */
static struct error *check_statement(const struct source *src, const struct statement *st)
{
	SCOPE(tmp, NULL);
	bool in_parens = st->stop.kind == LEX_END && st->depth > 0;

	if (in_parens && st->open < st->meta)
		return refuse(src, st->open, "unterminated parenthesis");
	if (st->meta != NOWHERE)
		return refuse_meta(src, st->meta);
	if (st->stop.kind == LEX_UNTERMINATED)
		return refuse(src, st->stop.start,
			      mem_printf(tmp, "unterminated %s", st->stop.what));
	return NULL;
}

/* The rows of a COPY statement; the lexer goes on behind them. */
static struct error *take_data(struct script_piece *piece, const struct source *src,
			       struct lex *lex, const struct statement *st)
{
	const char *newline = memchr(src->text + st->end, '\n', src->length - st->end);
	struct lex rest = {src->text, newline ? (size_t)(newline - src->text) : src->length,
			   st->end};
	struct token t = lex_next(&rest);
	struct rows_span rows;

	if (t.kind != LEX_END)
		return error_hint(refuse(src, t.start, "text behind COPY ... FROM STDIN"),
				  "the rows start on the next line");
	if (!statement_rows(&rows, src->text, src->length, st->end))
		return error_hint(refuse(src, st->start,
					 "the rows of COPY ... FROM STDIN have no end"),
				  "they end at a line that is exactly '\\.'");
	piece->copy = true;
	piece->data_start = rows.start;
	piece->data_length = rows.end - rows.start;
	lex->pos = rows.next;
	return NULL;
}

static void add_piece(struct script_piece **list, size_t *count, void *ctx,
		      struct script_piece piece)
{
	if (*count == talloc_array_length(*list))
		*list = mem_resize(ctx, *list, struct script_piece, *count * 2);
	(*list)[(*count)++] = piece;
}

struct error *script_pieces(struct script_piece **out, size_t *count, void *ctx, const char *name,
			    const char *text, size_t length)
{
	SCOPE(tmp, NULL);
	struct source src = {name, text, length};
	struct script_piece *list = mem_array(tmp, struct script_piece, 4);
	struct statement st;
	struct error *err;
	struct lex lex;
	size_t start, n = 0;
	bool pending = false;

	err = check_bytes(&src);
	if (err)
		return err;
	lex_open(&lex, text, length);
	start = lex.pos;
	while (statement_next(&st, &lex)) {
		struct script_piece piece = {.start = start, .length = st.end - start};

		err = check_statement(&src, &st);
		if (err)
			return err;
		pending = st.head != HEAD_COPY_STDIN;
		if (pending)
			continue;
		err = take_data(&piece, &src, &lex, &st);
		if (err)
			return err;
		add_piece(&list, &n, tmp, piece);
		start = lex.pos;
	}
	if (pending)
		add_piece(&list, &n, tmp,
			  (struct script_piece){.start = start, .length = length - start});
	*out = talloc_steal(ctx, list);
	*count = n;
	return NULL;
}

/* Statements of a file, over the rows that may stand between them. */
struct reader {
	struct lex lex;
	bool no_rows; /* none has an end from here on: a second search would find none either */
};

static bool reader_next(struct statement *st, struct reader *r)
{
	struct rows_span rows;

	if (!statement_next(st, &r->lex))
		return false;
	if (st->head != HEAD_COPY_STDIN || r->no_rows)
		return true;
	if (statement_rows(&rows, r->lex.text, r->lex.length, st->end))
		r->lex.pos = rows.next;
	else
		r->no_rows = true;
	return true;
}

size_t script_statements(const char *text, size_t length)
{
	struct reader r = {.no_rows = false};
	struct statement st;
	size_t n = 0;

	lex_open(&r.lex, text, length);
	while (reader_next(&st, &r))
		n++;
	return n;
}

size_t script_statement_start(const char *text, size_t length, size_t n)
{
	struct reader r = {.no_rows = false};
	struct statement st;

	lex_open(&r.lex, text, length);
	while (reader_next(&st, &r)) {
		if (n-- == 0)
			return st.start;
	}
	return length;
}

static bool is_continuation(char c)
{
	return (c & 0xc0) == 0x80;
}

/* A lexer over at most LIMIT bytes of TEXT from START on, not ending within a character. */
static struct lex lex_at(const char *text, size_t length, size_t start, size_t limit)
{
	struct lex lex;

	if (start < length && length - start > limit) {
		length = start + limit;
		while (length > start && is_continuation(text[length]))
			length--;
	}
	lex_open(&lex, text, length);
	if (start > lex.pos)
		lex.pos = start < length ? start : length;
	return lex;
}

/* TEXT on one line: white space is one space, none at the end. Returns its length. */
static size_t collapse(char *out, const char *text, size_t length)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (!lex_is_space(c))
			out[n++] = (unsigned char)c < ' ' || c == 0x7f ? '?' : c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return n > 0 && out[n - 1] == ' ' ? n - 1 : n;
}

char *script_excerpt(const void *ctx, const char *text, size_t length, size_t start)
{
	struct lex lex = lex_at(text, length, start, EXCERPT_WINDOW);
	struct statement st;
	bool whole;
	size_t n;
	char *out;

	if (!statement_next(&st, &lex))
		return mem_dup(ctx, "");
	whole = st.stop.kind == LEX_SEMICOLON || lex.length == length;
	if (st.stop.kind == LEX_SEMICOLON)
		st.end = st.stop.start;
	out = mem_array(ctx, char, st.end - st.start + sizeof("..."));
	n = collapse(out, text + st.start, st.end - st.start);
	if (!whole || script_offset(out, n, EXCERPT_MAX + 1) < n) {
		n = script_offset(out, n, EXCERPT_MAX + 1 - strlen("..."));
		memcpy(out + n, "...", strlen("..."));
		n += strlen("...");
	}
	out[n] = '\0';
	return out;
}

void script_position(int *line, int *column, const char *text, size_t offset)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t start = 0;
	int lines = 1, columns = 1;

	if (offset >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
		start = strlen(bom);
	for (size_t i = start; i < offset; i++) {
		if (text[i] == '\n') {
			lines++;
			start = i + 1;
		}
	}
	for (size_t i = start; i < offset; i++)
		columns += !is_continuation(text[i]);
	*line = lines;
	*column = columns;
}

size_t script_offset(const char *text, size_t length, size_t nth_character)
{
	for (size_t i = 0; i < length; i++) {
		if (!is_continuation(text[i]) && nth_character-- <= 1)
			return i;
	}
	return length;
}

void script_keyword(char out[16], const char *text, size_t length, size_t start)
{
	struct lex lex = lex_at(text, length, start, length);
	struct token t = lex_next(&lex);
	size_t n = t.kind == LEX_WORD ? t.length : 0;

	if (n > 15)
		n = 15;
	for (size_t i = 0; i < n; i++) {
		char c = text[t.start + i];

		out[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	out[n] = '\0';
}
