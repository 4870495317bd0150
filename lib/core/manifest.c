/* Parses and prints the lists of a release. */
#include "core/manifest.h"

#include <string.h>

#include "core/patch.h"
#include "core/repeated.h"

#define SECTION "patches"

static const char *const state_names[] = {"candidate", "staged"};

/* The position of the parser. While a line is parsed, END is its end. */
struct cursor {
	const char *name;
	int line;
	const char *p;
	const char *end;
};

static struct error *refuse(const struct cursor *c, const char *what)
{
	return error_new(ERROR_FAIL, "%s:%d: %s", c->name, c->line, what);
}

static void skip_blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
}

static bool take(struct cursor *c, char wanted)
{
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

static bool is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/*
 * A quoted string or, if BARE is allowed, an unquoted key. None of our words needs TOML's escapes.
 */
static struct error *take_word(char **out, void *ctx, struct cursor *c, bool bare)
{
	const char *start = c->p;
	char quote;

	if (c->p < c->end && (*c->p == '"' || *c->p == '\'')) {
		quote = *c->p++;
		start = c->p;
		while (c->p < c->end && *c->p != quote && *c->p != '\\')
			c->p++;
		if (c->p == c->end)
			return refuse(c, "a quote is not closed");
		if (*c->p == '\\')
			return refuse(c, "unexpected '\\'");
		*out = mem_dup_n(ctx, start, (size_t)(c->p++ - start));
		return NULL;
	}
	while (bare && c->p < c->end && is_bare(*c->p))
		c->p++;
	if (c->p == start)
		return refuse(c, bare ? "expected [" SECTION "] or \"ID\" = \"STATE\""
				      : "expected \"candidate\" or \"staged\" after '='");
	*out = mem_dup_n(ctx, start, (size_t)(c->p - start));
	return NULL;
}

/* Expects nothing but blanks and a comment up to the end of the line. */
static struct error *take_end(struct cursor *c)
{
	skip_blanks(c);
	if (c->p < c->end && *c->p != '#')
		return refuse(c, "unexpected text at the end of the line");
	return NULL;
}

static struct error *check_bytes(const struct cursor *c)
{
	for (const char *p = c->p; p < c->end; p++) {
		if ((unsigned char)*p < ' ' && *p != '\t')
			return refuse(c, "control character");
	}
	return NULL;
}

/* Calls FN for each line of TEXT that contains more than blanks and a comment. */
static struct error *each_line(const char *name, const char *text, size_t length,
			       struct error *(*fn)(void *arg, struct cursor *c), void *arg)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct cursor c = {.name = name, .line = 1, .p = text};
	const char *end = text + length;

	if (length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
		c.p += strlen(bom);
	for (; c.p < end; c.line++) {
		const char *newline = memchr(c.p, '\n', (size_t)(end - c.p));
		struct error *err;

		c.end = newline ? newline : end;
		if (newline && c.end > c.p && c.end[-1] == '\r')
			c.end--;
		err = check_bytes(&c);
		if (err)
			return err;
		skip_blanks(&c);
		if (c.p < c.end && *c.p != '#') {
			err = fn(arg, &c);
			if (err)
				return err;
		}
		c.p = newline ? newline + 1 : end;
	}
	return NULL;
}

struct toml {
	void *ctx;
	struct manifest *manifest;
	struct repeated seen;
	bool section;
};

static struct error *read_section(struct toml *toml, struct cursor *c)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *word;

	skip_blanks(c);
	err = take_word(&word, tmp, c, true);
	if (err)
		return err;
	skip_blanks(c);
	if (!take(c, ']'))
		return refuse(c, "expected ']'");
	if (strcmp(word, SECTION) != 0)
		return error_new(ERROR_FAIL, "%s:%d: unknown section '%s'", c->name, c->line, word);
	if (toml->section)
		return refuse(c, "[" SECTION "] appears twice");
	toml->section = true;
	return take_end(c);
}

static bool state_parse(enum patch_state *out, const char *word)
{
	for (size_t i = 0; i < sizeof(state_names) / sizeof(state_names[0]); i++) {
		if (strcmp(word, state_names[i]) == 0) {
			*out = (enum patch_state)i;
			return true;
		}
	}
	return false;
}

static void insert(struct manifest *m, size_t at, const char *id, enum patch_state state)
{
	m->entries = mem_resize(m, m->entries, struct manifest_entry, m->count + 1);
	memmove(m->entries + at + 1, m->entries + at, (m->count - at) * sizeof(*m->entries));
	m->entries[at] = (struct manifest_entry){mem_dup(m, id), state};
	m->count++;
}

static struct error *read_entry(struct toml *toml, struct cursor *c)
{
	SCOPE(tmp, NULL);
	enum patch_state state;
	struct error *err;
	char *id, *word;

	err = take_word(&id, tmp, c, true);
	if (err)
		return err;
	skip_blanks(c);
	if (!take(c, '='))
		return refuse(c, "expected '='");
	skip_blanks(c);
	err = take_word(&word, tmp, c, false);
	if (err)
		return err;
	err = take_end(c);
	if (err)
		return err;
	if (!toml->section)
		return refuse(c, "there is no [" SECTION "] before it");
	if (!patch_id_valid(id))
		return error_new(ERROR_FAIL, "%s:%d: malformed patch ID '%s'", c->name, c->line,
				 id);
	if (!state_parse(&state, word))
		return error_new(ERROR_FAIL, "%s:%d: unknown state '%s'", c->name, c->line, word);
	insert(toml->manifest, toml->manifest->count, id, state);
	repeated_add(&toml->seen, toml->ctx, toml->manifest->entries[toml->manifest->count - 1].id,
		     c->line);
	return NULL;
}

static struct error *read_toml(void *arg, struct cursor *c)
{
	if (take(c, '['))
		return read_section(arg, c);
	return read_entry(arg, c);
}

/* Keeps the order within each kind. A list edited by hand may have mixed them. */
static struct manifest *staged_first(struct manifest *m)
{
	struct manifest_entry *entries = mem_array(m, struct manifest_entry, m->count);
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++) {
		if (m->entries[i].state == PATCH_STAGED)
			entries[n++] = m->entries[i];
	}
	for (size_t i = 0; i < m->count; i++) {
		if (m->entries[i].state != PATCH_STAGED)
			entries[n++] = m->entries[i];
	}
	talloc_free(m->entries);
	m->entries = entries;
	return m;
}

struct error *manifest_parse(struct manifest **out, void *ctx, const char *name, const char *text,
			     size_t length)
{
	SCOPE(tmp, NULL);
	struct toml toml = {.ctx = tmp, .manifest = manifest_new(tmp)};
	struct error *err;

	err = each_line(name, text, length, read_toml, &toml);
	if (err)
		return err;
	if (!toml.section)
		return error_new(ERROR_FAIL, "%s:1: there is no [" SECTION "]", name);
	err = repeated_check(&toml.seen, name);
	if (err)
		return err;
	*out = talloc_steal(ctx, staged_first(toml.manifest));
	return NULL;
}

char *manifest_print(const void *ctx, const struct manifest *m)
{
	char *text = mem_dup(ctx, "[" SECTION "]\n");

	for (size_t i = 0; i < m->count; i++)
		mem_append(&text, ctx, "\"%s\" = \"%s\"\n", m->entries[i].id,
			   state_names[m->entries[i].state]);
	return text;
}

struct manifest *manifest_new(void *ctx)
{
	return mem_new(ctx, struct manifest);
}

struct manifest *manifest_copy(void *ctx, const struct manifest *m)
{
	struct manifest *copy = manifest_new(ctx);

	for (size_t i = 0; i < m->count; i++)
		insert(copy, i, m->entries[i].id, m->entries[i].state);
	return copy;
}

/* The index of ID; the number of entries if it is not listed. */
static size_t place_of(const struct manifest *m, const char *id)
{
	size_t i = 0;

	while (i < m->count && strcmp(m->entries[i].id, id) != 0)
		i++;
	return i;
}

const struct manifest_entry *manifest_find(const struct manifest *m, const char *id)
{
	size_t place = place_of(m, id);

	return place < m->count ? &m->entries[place] : NULL;
}

struct error *manifest_add(struct manifest *m, const char *id)
{
	if (!patch_id_valid(id))
		return error_new(ERROR_USAGE, "malformed patch ID '%s'", id);
	if (manifest_find(m, id))
		return error_new(ERROR_NO, "patch '%s' is already listed", id);
	insert(m, m->count, id, PATCH_CANDIDATE);
	return NULL;
}

struct error *manifest_stage(struct manifest *m, const char *id, const char *before)
{
	SCOPE(tmp, NULL);
	const struct manifest_entry *other = before ? manifest_find(m, before) : NULL;

	if (!manifest_find(m, id))
		return error_new(ERROR_NO, "patch '%s' is not listed", id);
	if (before && (!other || other->state != PATCH_STAGED || strcmp(before, id) == 0))
		return error_new(ERROR_NO, "patch '%s' is not staged", before);
	/* ID may point into the entry. */
	id = mem_dup(tmp, id);
	manifest_remove(m, id);
	insert(m, before ? place_of(m, before) : manifest_count(m, PATCH_STAGED), id, PATCH_STAGED);
	return NULL;
}

bool manifest_remove(struct manifest *m, const char *id)
{
	size_t place = place_of(m, id);
	struct manifest_entry *entry = &m->entries[place];

	if (place == m->count)
		return false;
	talloc_free(entry->id);
	m->count--;
	memmove(entry, entry + 1, (m->count - place) * sizeof(*entry));
	return true;
}

char **manifest_ids(void *ctx, const struct manifest *m, enum patch_state state)
{
	char **ids = mem_array(ctx, char *, 1);

	for (size_t i = 0; i < m->count; i++) {
		if (m->entries[i].state == state)
			mem_list_add(&ids, ctx, m->entries[i].id);
	}
	return ids;
}

size_t manifest_count(const struct manifest *m, enum patch_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += m->entries[i].state == state;
	return n;
}

struct ids {
	void *ctx;
	char **list;
	struct repeated seen;
};

static struct error *read_id(void *arg, struct cursor *c)
{
	struct ids *ids = arg;
	const char *start = c->p;
	char *id;

	while (c->p < c->end && is_bare(*c->p))
		c->p++;
	id = mem_dup_n(ids->ctx, start, (size_t)(c->p - start));
	if (!patch_id_valid(id))
		return refuse(c, "expected a patch ID");
	repeated_add(&ids->seen, ids->ctx, id, c->line);
	mem_list_add(&ids->list, ids->ctx, id);
	return take_end(c);
}

struct error *idlist_parse(char ***out, void *ctx, const char *name, const char *text,
			   size_t length)
{
	SCOPE(tmp, NULL);
	struct ids ids = {.ctx = tmp, .list = mem_array(tmp, char *, 1)};
	struct error *err;

	err = each_line(name, text, length, read_id, &ids);
	if (!err)
		err = repeated_check(&ids.seen, name);
	if (err)
		return err;
	*out = talloc_steal(ctx, ids.list);
	return NULL;
}

char *idlist_print(const void *ctx, const char *comment, char *const *ids)
{
	SCOPE(tmp, NULL);
	char *text = mem_dup(ctx, "");

	if (comment) {
		for (char **line = mem_split(tmp, comment, '\n'); *line; line++)
			mem_append(&text, ctx, **line ? "# %s\n" : "#%s\n", *line);
	}
	for (; ids && *ids; ids++)
		mem_append(&text, ctx, "%s\n", *ids);
	return text;
}
