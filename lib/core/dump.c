/* Splits a schema dump into objects and sorts them into the parts of a model. */
#include "core/dump.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/dump_private.h"
#include "core/statement.h"

/*
 * An object with its statements, after the header "-- Name: users; Type: TABLE; Schema: app; Owner:
 * joe".
 */
struct entry {
	char *header; /* without the name of an anonymous owner; "" for a SET between objects */
	char *type;
	char *text;
	size_t place; /* position in the dump */
};

struct entries {
	struct entry *list;
	size_t count;
};

static char *find_header(void *ctx, const char *gap, size_t length)
{
	static const char mark[] = "\n-- Name: ";
	const char *end = gap + length, *found = NULL, *at = gap;
	size_t n = strlen(mark);

	while ((at = memmem(at, (size_t)(end - at), mark, n))) {
		found = at + 1;
		at += n;
	}
	if (!found)
		return NULL;
	at = memchr(found, '\n', (size_t)(end - found));
	return mem_dup_n(ctx, found, at ? (size_t)(at - found) : (size_t)(end - found));
}

/* The last occurrence of WORD in HEADER: names precede it and can contain anything. */
static const char *last(const char *header, const char *word)
{
	const char *found = NULL;

	for (const char *at = header; (at = strstr(at, word)); at++)
		found = at;
	return found;
}

char *dump_part(void *ctx, const char *header, const char *word, const char *end)
{
	const char *from = last(header, word), *to;

	if (!from)
		return mem_dup(ctx, "");
	from += strlen(word);
	to = strstr(from, end);
	return mem_dup_n(ctx, from, to ? (size_t)(to - from) : strlen(from));
}

char *dump_type(void *ctx, const char *header)
{
	return dump_part(ctx, header, "; Type: ", "; Schema: ");
}

void dump_open(struct dump_reader *reader, void *ctx, const char *text)
{
	*reader = (struct dump_reader){.ctx = ctx};
	lex_open(&reader->lex, text, strlen(text));
}

bool dump_next(struct dump_reader *reader)
{
	const char *text = reader->lex.text;
	size_t before = reader->st.end;

	if (!statement_next(&reader->st, &reader->lex))
		return false;
	reader->gap = text + before;
	reader->gap_length = reader->st.start - before;
	reader->header = find_header(reader->ctx, reader->gap, reader->gap_length);
	reader->is_set = strncmp(text + reader->st.start, "SET default_", 12) == 0;
	return true;
}

static char *anonymous(void *ctx, char *header, const struct dump_request *request)
{
	static const char prefix[] = "-- Name: USER MAPPING ";
	const char *owner = last(header, "; Owner: ");
	char *server = strstr(header, " SERVER ");

	if (owner && dump_is_anonymous(request, owner + strlen("; Owner: ")))
		header = mem_printf(ctx, "%.*s; Owner: -", (int)(owner - header), header);
	if (strncmp(header, prefix, strlen(prefix)) != 0 || !server)
		return header;
	server = strstr(header, " SERVER ");
	if (!dump_is_anonymous(request, mem_dup_n(ctx, header + strlen(prefix),
						  (size_t)(server - header) - strlen(prefix))))
		return header;
	return mem_printf(ctx, "%sCURRENT_USER%s", prefix, server);
}

static struct entry *add_entry(struct entries *all, void *ctx, char *header,
			       const struct dump_request *request)
{
	struct entry *entry;

	all->list = mem_resize(ctx, all->list, struct entry, all->count + 1);
	entry = &all->list[all->count];
	*entry = (struct entry){.header = mem_dup(ctx, ""), .type = mem_dup(ctx, "")};
	entry->place = all->count++;
	if (header) {
		entry->type = dump_type(ctx, header);
		entry->header = anonymous(ctx, header, request);
	}
	return entry;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++) {
		if (strcmp(word, *words) == 0)
			return true;
	}
	return false;
}

/* Objects that pg_dump puts after the rows of tables, and privileges, which it puts last. */
static bool is_after(const struct entry *e)
{
	static const char *const types[] = {"INDEX",
					    "INDEX ATTACH",
					    "CONSTRAINT",
					    "FK CONSTRAINT",
					    "CHECK CONSTRAINT",
					    "TRIGGER",
					    "RULE",
					    "POLICY",
					    "ROW SECURITY",
					    "STATISTICS",
					    "PUBLICATION",
					    "PUBLICATION TABLE",
					    "PUBLICATION TABLES IN SCHEMA",
					    "EVENT TRIGGER",
					    "ACL",
					    "DEFAULT ACL",
					    NULL};

	return is_one_of(e->type, types);
}

/* Privileges on schemas: another role needs CREATE before objects can be given to it. */
static bool is_schema_acl(const struct entry *e)
{
	static const char prefix[] = "-- Name: SCHEMA ";

	return strcmp(e->type, "ACL") == 0 && strncmp(e->header, prefix, strlen(prefix)) == 0;
}

static bool goes_first(const struct entry *e)
{
	static const char *const types[] = {"", "SCHEMA", "EXTENSION", "COMMENT", NULL};

	return is_one_of(e->type, types);
}

/*
 * pg_dump sorts these by the name of a role, which may be the anonymous one. Consecutive ones are
 * therefore sorted by their text.
 */
static bool is_sorted_by_role(const struct entry *e)
{
	return strcmp(e->type, "USER MAPPING") == 0 || strcmp(e->type, "DEFAULT ACL") == 0;
}

static int by_text(const void *a, const void *b)
{
	const struct entry *ea = a, *eb = b;
	int order = strcmp(ea->header, eb->header);

	if (!order)
		order = strcmp(ea->text, eb->text);
	return order ? order : (ea->place > eb->place) - (ea->place < eb->place);
}

static void sort_runs(struct entries *all)
{
	for (size_t i = 0, end; i < all->count; i = end) {
		end = i + 1;
		if (!is_sorted_by_role(&all->list[i]))
			continue;
		while (end < all->count && strcmp(all->list[end].type, all->list[i].type) == 0)
			end++;
		qsort(all->list + i, end - i, sizeof(*all->list), by_text);
	}
}

static void read_entries(struct entries *all, struct dump_run *run, void *ctx)
{
	const char *text = run->request->dump;
	struct entry *entry = NULL;
	struct dump_reader reader;

	dump_open(&reader, ctx, text);
	while (dump_next(&reader)) {
		const struct statement *st = &reader.st;
		char *header = reader.header, *statement;
		bool is_public, is_set = reader.is_set;

		/* The text before the first object consists of settings made by pg_dump. */
		if (!header && !entry && !is_set)
			continue;
		if (header || is_set || !entry || !*entry->header)
			entry = add_entry(all, ctx, header, run->request);
		is_public = strncmp(entry->header, "-- Name: public; Type: SCHEMA;", 30) == 0;
		statement = dump_statement(run, text + st->start, st->end - st->start, is_public);
		if (!statement)
			continue;
		mem_append(&entry->text, ctx, "%s%s", entry->text ? "\n" : "", statement);
		talloc_free(statement);
	}
}

static void write_entry(char **to, struct dump_run *run, const struct entry *e)
{
	if (!e->text)
		return;
	if (*e->header) {
		mem_append(to, run->ctx, "--\n%s\n--\n\n", e->header);
		mem_append(&run->out->objects, run->ctx, "%s\n", e->header);
	}
	mem_append(to, run->ctx, "%s\n\n", e->text);
}

static void write_schema_acls(struct dump_run *run, const struct entries *all)
{
	for (size_t i = 0; i < all->count; i++) {
		if (is_schema_acl(&all->list[i]))
			write_entry(&run->out->before, run, &all->list[i]);
	}
}

void dump_parse(struct dump *out, void *ctx, const struct dump_request *request)
{
	SCOPE(tmp, ctx);
	struct dump_run run = {.ctx = ctx, .request = request, .out = out};
	struct entries all = {NULL, 0};
	bool early = false, after = false;

	*out = (struct dump){.before = mem_dup(ctx, ""),
			     .after = mem_dup(ctx, ""),
			     .objects = mem_dup(ctx, ""),
			     .roles = mem_array(ctx, char *, 1),
			     .left_out = mem_array(ctx, char *, 1)};
	read_entries(&all, &run, tmp);
	sort_runs(&all);
	for (size_t i = 0; i < all.count; i++) {
		const struct entry *e = &all.list[i];

		if (!early && !goes_first(e)) {
			write_schema_acls(&run, &all);
			early = true;
		}
		after = after || is_after(e);
		if (!is_schema_acl(e))
			write_entry(after ? &out->after : &out->before, &run, e);
	}
}
