/* How the statements of a file outside a transaction run. */
#include "core/alone.h"

#include "core/lex.h"

/* The tokens of a statement, read one ahead. */
struct reader {
	struct lex lex;
	struct token next;
};

static void advance(struct reader *r)
{
	r->next = lex_next(&r->lex);
}

static bool next_is(const struct reader *r, const char *word)
{
	return lex_is(&r->lex, &r->next, word);
}

static bool take(struct reader *r, const char *word)
{
	bool is = next_is(r, word);

	if (is)
		advance(r);
	return is;
}

static bool at_end(const struct reader *r)
{
	return r->next.kind == LEX_END || r->next.kind == LEX_SEMICOLON ||
	       r->next.kind == LEX_UNTERMINATED;
}

static bool next_is_dot(const struct reader *r)
{
	return r->next.kind == LEX_OTHER && r->lex.text[r->next.start] == '.';
}

/* Takes a name, perhaps with a schema before it. */
static struct alone_span take_name(struct reader *r)
{
	struct alone_span span = {r->next.start, 0};

	if (r->next.kind != LEX_WORD && r->next.kind != LEX_QUOTED)
		return span;
	for (;;) {
		span.length = r->next.start + r->next.length - span.start;
		advance(r);
		if (!next_is_dot(r))
			return span;
		advance(r);
	}
}

static bool take_if_exists(struct reader *r)
{
	if (!take(r, "IF"))
		return false;
	take(r, "NOT");
	return take(r, "EXISTS");
}

/* Takes "( ... )", and tells whether the word CONCURRENTLY is an option that is not off. */
static bool take_options(struct reader *r)
{
	bool found = false;
	size_t depth = 0;

	if (r->next.kind != LEX_OPEN)
		return false;
	do {
		bool named = next_is(r, "CONCURRENTLY");

		depth += r->next.kind == LEX_OPEN;
		depth -= r->next.kind == LEX_CLOSE;
		advance(r);
		if (named)
			found = !next_is(r, "FALSE") && !next_is(r, "OFF");
	} while (depth > 0 && !at_end(r));
	return found;
}

static enum alone_way read_create(struct alone *a, struct reader *r)
{
	take(r, "UNIQUE");
	if (!take(r, "INDEX") || !next_is(r, "CONCURRENTLY"))
		return ALONE_TIED;
	a->words.start = r->next.start;
	advance(r);
	a->if_exists = take_if_exists(r);
	if (!next_is(r, "ON"))
		a->name = take_name(r);
	if (take(r, "ON")) {
		take(r, "ONLY");
		a->table = take_name(r);
		a->words.length = a->table.start + a->table.length - a->words.start;
	}
	return ALONE_INDEX;
}

static enum alone_way read_drop(struct alone *a, struct reader *r)
{
	if (!take(r, "INDEX") || !take(r, "CONCURRENTLY"))
		return ALONE_TIED;
	a->if_exists = take_if_exists(r);
	a->name = take_name(r);
	return ALONE_DROP_INDEX;
}

static enum alone_way read_reindex(struct alone *a, struct reader *r)
{
	bool concurrently = take_options(r);

	a->kind = (struct alone_span){r->next.start, r->next.length};
	advance(r);
	concurrently = take(r, "CONCURRENTLY") || concurrently;
	a->name = take_name(r);
	return concurrently ? ALONE_REINDEX : ALONE_REPEATABLE;
}

static enum alone_way read_alter(struct alone *a, struct reader *r)
{
	if (!take(r, "TABLE"))
		return ALONE_TIED;
	a->if_exists = take_if_exists(r);
	take(r, "ONLY");
	a->table = take_name(r);
	if (!take(r, "DETACH") || !take(r, "PARTITION"))
		return ALONE_TIED;
	a->name = take_name(r);
	return next_is(r, "CONCURRENTLY") ? ALONE_DETACH : ALONE_TIED;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does the text contain WORD, in upper case here, as a word? */
static bool mentions(const char *text, size_t length, const char *word)
{
	for (size_t i = 0; i < length; i++) {
		size_t n = 0;

		if (i > 0 && is_letter(text[i - 1]))
			continue;
		while (word[n] && i + n < length && (text[i + n] & ~0x20) == word[n])
			n++;
		if (!word[n] && (i + n == length || !is_letter(text[i + n])))
			return true;
	}
	return false;
}

/* Can the body of DO end transactions? What it calls may, too. */
static bool may_commit(const struct script *s, const struct script_statement *st)
{
	static const char *const words[] = {"COMMIT", "ROLLBACK", "CALL", "EXECUTE"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (mentions(s->text + st->start, st->length, words[i]))
			return true;
	}
	return false;
}

void alone_read(struct alone *out, const struct script *s, size_t n)
{
	const struct script_statement *st = &s->statements[n];
	struct reader r = {.lex = {s->text, st->start + st->length, st->start}};

	*out = (struct alone){.way = ALONE_TIED};
	advance(&r);
	if (take(&r, "SET") || take(&r, "RESET"))
		out->way = ALONE_SETTING;
	else if (take(&r, "CREATE"))
		out->way = read_create(out, &r);
	else if (take(&r, "DROP"))
		out->way = read_drop(out, &r);
	else if (take(&r, "REINDEX"))
		out->way = read_reindex(out, &r);
	else if (take(&r, "ALTER"))
		out->way = read_alter(out, &r);
	else if (take(&r, "VACUUM") || take(&r, "ANALYZE") || take(&r, "ANALYSE") ||
		 take(&r, "CLUSTER") || take(&r, "CHECKPOINT"))
		out->way = ALONE_REPEATABLE;
	else if (take(&r, "CALL") || (take(&r, "DO") && may_commit(s, st)))
		out->way = ALONE_UNKNOWN;
}

/* The piece that ends with statement N, and its rows if it has some. */
static struct script_piece piece_of(const struct script *s, size_t n)
{
	struct script_piece piece = {
		.start = s->statements[n].start,
		.length = s->statements[n].length,
		.first = n,
		.count = 1,
	};

	for (size_t i = 0; i < s->piece_count; i++) {
		const struct script_piece *from = &s->pieces[i];

		if (!from->copy || from->first + from->count != n + 1)
			continue;
		piece.copy = true;
		piece.data_start = from->data_start;
		piece.data_length = from->data_length;
	}
	return piece;
}

struct script *alone_part(void *ctx, const struct script *s, size_t n)
{
	struct script *part = mem_new(ctx, struct script);
	struct alone a;

	*part = *s;
	part->pieces = mem_array(part, struct script_piece, n + 1);
	part->piece_count = 0;
	for (size_t i = 0; i <= n; i++) {
		alone_read(&a, s, i);
		if (i == n || a.way == ALONE_SETTING)
			part->pieces[part->piece_count++] = piece_of(s, i);
	}
	return part;
}
