/* The pieces and statements of an SQL file, and positions in it. */
#include "core/script.h"

#include <string.h>

#include "base/utf8.h"
#include "core/statement.h"

#define EXCERPT_MAX 72
/* An excerpt is made from this many bytes of a statement. */
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

/* What iconv calls it, if it is UTF-16, as editors and shells of Windows write it; else NULL. */
static const char *utf16_name(const unsigned char *text, size_t length)
{
	if (length < 2)
		return NULL;
	if ((text[0] == 0xff && text[1] == 0xfe) || (text[0] == 0xfe && text[1] == 0xff))
		return "UTF-16";
	if (text[0] == '\0')
		return text[1] == '\0' ? NULL : "UTF-16BE";
	return text[1] == '\0' ? "UTF-16LE" : NULL;
}

static struct error *check_bytes(const struct source *src)
{
	SCOPE(tmp, NULL);
	const unsigned char *text = (const unsigned char *)src->text;
	const char *utf16 = utf16_name(text, src->length);
	size_t i = 0;

	if (utf16)
		return error_hint(refuse(src, 0, "the file is UTF-16, not UTF-8"),
				  "convert it: iconv -f %s -t UTF-8 OLD >NEW", utf16);
	while (i < src->length) {
		size_t n = utf8_length(src->text + i, src->length - i);

		if (text[i] == '\0')
			return error_hint(refuse(src, i, "a NUL byte"), "SQL files are UTF-8 text");
		if (n == 0)
			return error_hint(
				refuse(src, i,
				       mem_printf(tmp, "byte 0x%02x is not valid UTF-8", text[i])),
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
		return error_hint(
			err, "the lines '\\restrict' and '\\unrestrict' that pg_dump writes can be "
			     "removed; otherwise rename the file to '.psql'");
	if (*word == '!')
		return error_hint(err,
				  "SQL runs no commands of the shell; a file in Python, '.py', "
				  "can run programs");
	return error_hint(err, "to run it with psql, rename the file from '.sql' to '.psql'");
}

/* The first error in a statement. */
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

/* Finds the rows of a COPY statement and moves the lexer past them. */
static struct error *take_data(struct script_piece *piece, const struct source *src,
			       struct lex *lex, const struct statement *st)
{
	const char *newline = memchr(src->text + st->end, '\n', src->length - st->end);
	struct lex rest = {src->text, newline ? (size_t)(newline - src->text) : src->length,
			   st->end};
	struct token t = lex_next(&rest);
	struct rows_span rows;

	if (t.kind != LEX_END)
		return error_hint(refuse(src, t.start, "text after COPY ... FROM STDIN"),
				  "the rows start on the next line");
	if (!statement_rows(&rows, src->text, src->length, st->end))
		return error_hint(refuse(src, st->start,
					 "unterminated rows of COPY ... FROM STDIN"),
				  "end them with a line that is exactly '\\.'");
	piece->copy = true;
	piece->data_start = rows.start;
	piece->data_length = rows.end - rows.start;
	lex->pos = rows.next;
	return NULL;
}

/* The state of script_read. */
struct reader {
	struct source src;
	struct lex lex;
	struct script *out;
	size_t start; /* of the current piece */
	size_t first; /* its first statement */
};

static void add_statement(struct script *s, const struct statement *st, const struct lex *lex)
{
	size_t end = st->stop.kind == LEX_SEMICOLON ? st->stop.start : st->end;

	if (s->count == talloc_array_length(s->statements))
		s->statements = mem_resize(s, s->statements, struct script_statement, s->count * 2);
	s->statements[s->count++] = (struct script_statement){
		.start = st->start,
		.length = end - st->start,
		.effect = statement_effect(st, lex),
	};
}

/* Adds a piece with the statements since the last piece, up to END. */
static void add_piece(struct reader *r, struct script_piece piece, size_t end)
{
	struct script *s = r->out;

	piece.start = r->start;
	piece.length = end - r->start;
	piece.first = r->first;
	piece.count = s->count - r->first;
	if (s->piece_count == talloc_array_length(s->pieces))
		s->pieces = mem_resize(s, s->pieces, struct script_piece, s->piece_count * 2);
	s->pieces[s->piece_count++] = piece;
	r->first = s->count;
	r->start = r->lex.pos;
}

static struct error *read_statements(struct reader *r)
{
	struct statement st;
	struct error *err;

	while (statement_next(&st, &r->lex)) {
		struct script_piece piece = {.copy = true};

		err = check_statement(&r->src, &st);
		if (err)
			return err;
		add_statement(r->out, &st, &r->lex);
		if (st.head != HEAD_COPY_STDIN)
			continue;
		err = take_data(&piece, &r->src, &r->lex, &st);
		if (err)
			return err;
		add_piece(r, piece, st.end);
	}
	if (r->out->count > r->first)
		add_piece(r, (struct script_piece){.copy = false}, r->src.length);
	return NULL;
}

/*
 * Replaces a statement and its semicolon with spaces, so that positions in the text do not change.
 */
static void blank(char *text, const struct script *s, const struct script_statement *st)
{
	struct lex lex = {text, s->length, st->start};
	struct token t;

	do {
		t = lex_next(&lex);
		memset(text + t.start, ' ', t.length);
	} while (t.kind != LEX_SEMICOLON && t.kind != LEX_END);
}

static void drop_statement(struct script *s, size_t n)
{
	memmove(&s->statements[n], &s->statements[n + 1],
		(s->count - n - 1) * sizeof(*s->statements));
	s->count--;
	for (size_t i = 0; i < s->piece_count; i++) {
		struct script_piece *piece = &s->pieces[i];

		if (n < piece->first)
			piece->first--;
		else if (n < piece->first + piece->count)
			piece->count--;
	}
	if (s->piece_count > 0 && s->pieces[s->piece_count - 1].count == 0)
		s->piece_count--;
}

/* Many tools write files with their own BEGIN and COMMIT; blanks these. */
static void unwrap(struct script *s)
{
	char *text;

	if (s->count < 2 || s->statements[0].effect != EFFECT_BEGIN ||
	    s->statements[s->count - 1].effect != EFFECT_COMMIT)
		return;
	text = mem_dup_bytes(s, s->text, s->length);
	blank(text, s, &s->statements[0]);
	blank(text, s, &s->statements[s->count - 1]);
	s->text = text;
	drop_statement(s, s->count - 1);
	drop_statement(s, 0);
}

struct error *script_read(struct script **out, void *ctx, const char *name, const char *text,
			  size_t length)
{
	SCOPE(tmp, NULL);
	struct script *s = mem_new(tmp, struct script);
	struct reader r = {.src = {name, text, length}, .out = s};
	struct error *err = check_bytes(&r.src);

	if (err)
		return err;
	s->name = mem_dup(s, name);
	s->text = text;
	s->length = length;
	s->statements = mem_array(s, struct script_statement, 4);
	s->pieces = mem_array(s, struct script_piece, 1);
	lex_open(&r.lex, text, length);
	r.start = r.lex.pos;
	err = read_statements(&r);
	if (err)
		return err;
	unwrap(s);
	*out = talloc_steal(ctx, s);
	return NULL;
}

/* The part of PIECE with its Nth statement: up to the next one, with what is in between. */
static struct script_piece part_of(const struct script *s, const struct script_piece *piece,
				   size_t n)
{
	const struct script_statement *st = &s->statements[piece->first + n];
	bool last = n + 1 == piece->count;
	size_t start = n == 0 ? piece->start : st->start;
	size_t end = last ? piece->start + piece->length : st[1].start;

	return (struct script_piece){
		.start = start,
		.length = end - start,
		.first = piece->first + n,
		.count = 1,
		.copy = piece->copy && last,
		.data_start = piece->data_start,
		.data_length = piece->data_length,
	};
}

struct script *script_split(void *ctx, const struct script *s)
{
	struct script *split = mem_new(ctx, struct script);

	*split = *s;
	split->pieces = mem_array(split, struct script_piece, s->count);
	split->piece_count = 0;
	for (size_t i = 0; i < s->piece_count; i++) {
		for (size_t n = 0; n < s->pieces[i].count; n++)
			split->pieces[split->piece_count++] = part_of(s, &s->pieces[i], n);
	}
	return split;
}

size_t script_statement_at(const struct script *s, const struct script_piece *piece, size_t offset)
{
	size_t low = piece->first, high = piece->first + piece->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (s->statements[middle].start <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool is_continuation(char c)
{
	return (c & 0xc0) == 0x80;
}

/* Copies TEXT to one line, with single spaces and none at the end. Returns the length. */
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

char *script_excerpt(const void *ctx, const struct script *s, size_t n)
{
	const struct script_statement *st = &s->statements[n];
	size_t window = st->length;
	char *out;

	if (window > EXCERPT_WINDOW) {
		window = EXCERPT_WINDOW;
		while (is_continuation(s->text[st->start + window]))
			window--;
	}
	out = mem_array(ctx, char, window + sizeof("..."));
	n = collapse(out, s->text + st->start, window);
	if (window < st->length || script_offset(out, n, EXCERPT_MAX + 1) < n) {
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
