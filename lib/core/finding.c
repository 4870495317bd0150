/* What a rehearsal finds in the files of patches, and the comments that allow it. */
#include "core/finding.h"

#include <string.h>
#include <strings.h>

#include "core/lex.h"

#define MARK "@HOP:allow"

static const char *const names[FINDING_KINDS] = {
	[FINDING_REWRITE] = "rewrite", [FINDING_SCAN] = "scan", [FINDING_INDEX] = "index",
	[FINDING_LOCK] = "lock",       [FINDING_HELD] = "held", [FINDING_ROWS] = "rows",
};

/* The first that fits. */
static const struct {
	enum finding_kind kind;
	const char *verb; /* NULL: any */
	const char *text;
} ways[] = {
	{FINDING_REWRITE, "VACUUM",
	 "VACUUM without FULL; the extension pg_repack compacts a table "
	 "that stays in use"},
	{FINDING_REWRITE, "CLUSTER", "the extension pg_repack orders a table that stays in use"},
	{FINDING_REWRITE, "REFRESH",
	 "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique "
	 "index"},
	{FINDING_REWRITE, NULL,
	 "add a column with the new type or without a default, fill it in "
	 "batches, and let a later release drop the old one"},
	{FINDING_SCAN, NULL,
	 "add the constraint as NOT VALID, and VALIDATE CONSTRAINT it in a "
	 "file whose first line is -- @HOP:no-transaction; then SET NOT NULL "
	 "and ATTACH PARTITION take its word"},
	{FINDING_INDEX, "REINDEX",
	 "REINDEX ... CONCURRENTLY in a file whose first line is "
	 "-- @HOP:no-transaction"},
	{FINDING_INDEX, NULL,
	 "CREATE INDEX CONCURRENTLY in a file whose first line is "
	 "-- @HOP:no-transaction; for a constraint, ADD CONSTRAINT ... USING "
	 "INDEX after it"},
	{FINDING_LOCK, NULL, "leave the lock to the statement that needs it, or lock rows"},
	{FINDING_HELD, NULL,
	 "what takes long first and in a file whose first line is "
	 "-- @HOP:no-transaction, or in another release"},
	{FINDING_ROWS, NULL,
	 "batches of some thousand rows, in a procedure that commits after "
	 "each, called in a file whose first line is -- @HOP:no-transaction"},
};

const char *finding_name(enum finding_kind kind)
{
	return names[kind];
}

const char *finding_instead(enum finding_kind kind, const char *verb)
{
	size_t i = 0;

	while (ways[i].kind != kind ||
	       (ways[i].verb && (!verb || strcasecmp(ways[i].verb, verb) != 0)))
		i++;
	return ways[i].text;
}

struct span {
	const char *text;
	size_t length;
};

static struct span trim(struct span s)
{
	while (s.length > 0 && lex_is_space(*s.text)) {
		s.text++;
		s.length--;
	}
	while (s.length > 0 && lex_is_space(s.text[s.length - 1]))
		s.length--;
	return s;
}

/* Removes the first word of *S. */
static struct span take_word(struct span *s)
{
	struct span word = {s->text, 0};

	while (word.length < s->length && !lex_is_space(s->text[word.length]))
		word.length++;
	*s = trim((struct span){s->text + word.length, s->length - word.length});
	return word;
}

static bool parse_kind(enum finding_kind *out, struct span word)
{
	for (enum finding_kind i = 0; i < FINDING_KINDS; i++) {
		if (strlen(names[i]) == word.length &&
		    strncmp(names[i], word.text, word.length) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* Is the line a comment with the mark, behind nothing but blanks and semicolons? */
static bool is_allow(struct span *rest, struct span line)
{
	struct span word;

	while (line.length > 0 && (lex_is_space(*line.text) || *line.text == ';')) {
		line.text++;
		line.length--;
	}
	line = trim(line);
	if (line.length < 2 || strncmp(line.text, "--", 2) != 0)
		return false;
	*rest = trim((struct span){line.text + 2, line.length - 2});
	word = take_word(rest);
	return word.length == strlen(MARK) && strncmp(word.text, MARK, word.length) == 0;
}

/* The state while allows are read. */
struct reader {
	void *ctx;
	const struct script *script;
	struct finding_allow *list;
	size_t count;
};

static void add(struct reader *r, struct span rest, size_t offset, size_t statement)
{
	struct finding_allow allow = {.statement = statement};
	struct span word = take_word(&rest);
	int column;

	script_position(&allow.line, &column, r->script->text, offset);
	allow.reason = mem_dup_n(r->ctx, rest.text, rest.length);
	if (!parse_kind(&allow.kind, word))
		allow.problem = mem_printf(r->ctx, "there is no finding '%.*s'",
					   (int)(word.length < 40 ? word.length : 40), word.text);
	else if (rest.length == 0)
		allow.problem = mem_dup(r->ctx, "a reason is missing");
	else if (statement >= r->script->count)
		allow.problem = mem_dup(r->ctx, "no statement follows");
	r->list = mem_resize(r->ctx, r->list, struct finding_allow, r->count + 1);
	r->list[r->count++] = allow;
}

/* Reads the text from FROM to TO before statement N, which may be that after the last one. */
static void read_gap(struct reader *r, size_t from, size_t to, size_t n, bool behind)
{
	const char *text = r->script->text;

	while (from < to) {
		const char *newline = memchr(text + from, '\n', to - from);
		size_t end = newline ? (size_t)(newline - text) : to;
		struct span rest;

		if (is_allow(&rest, (struct span){text + from, end - from}))
			add(r, rest, from, behind ? n - 1 : n);
		behind = false;
		from = end + 1;
	}
}

/* The end of the rows that follow statement N; 0: none do. */
static size_t rows_end(const struct script *s, size_t n)
{
	for (size_t i = 0; i < s->piece_count; i++) {
		const struct script_piece *piece = &s->pieces[i];

		if (piece->copy && piece->first + piece->count == n + 1)
			return piece->data_start + piece->data_length;
	}
	return 0;
}

/* The end of the last word of statement N, which a comment may follow. */
static size_t words_end(const struct script *s, size_t n)
{
	const struct script_statement *st = &s->statements[n];
	struct lex lex = {s->text, st->start + st->length, st->start};
	size_t end = st->start;
	struct token t;

	for (t = lex_next(&lex); t.kind != LEX_END && t.kind != LEX_UNTERMINATED;
	     t = lex_next(&lex))
		end = t.start + t.length;
	return end;
}

void finding_read_allows(struct finding_allow **out, size_t *count, void *ctx,
			 const struct script *s)
{
	struct reader r = {.ctx = ctx, .script = s, .list = NULL};
	static const char bom[] = "\xef\xbb\xbf";
	size_t from = s->length >= 3 && memcmp(s->text, bom, 3) == 0 ? 3 : 0;

	for (size_t i = 0; i <= s->count; i++) {
		size_t to = i < s->count ? s->statements[i].start : s->length;
		size_t rows = i > 0 ? rows_end(s, i - 1) : 0;

		read_gap(&r, rows ? rows : from, to, i, i > 0 && !rows);
		if (i < s->count)
			from = words_end(s, i);
	}
	*out = r.list;
	*count = r.count;
}
