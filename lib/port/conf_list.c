/* Lists in .hop/config: words separated by spaces or commas, quoted like names in SQL. */
#include "port/conf.h"

#include <ctype.h>
#include <string.h>

#include "port/conf_private.h"

#define NAME_MAX_BYTES 63
#define WORD_MAX_BYTES 180 /* fits into one line together with the key and quotes */

enum word_kind {
	WORD_NAME,    /* stored unquoted */
	WORD_TABLE,   /* a name with its schema, stored as it is written */
	WORD_PATTERN, /* of fnmatch(3), stored unquoted */
};

/* Can be unquoted; so can all bytes beyond ASCII. */
static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || (c && strchr("_$-", c));
}

static bool is_between(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

/* These can be unquoted in a pattern. */
static bool is_wild(char c)
{
	return c && strchr(".*?[]!", c);
}

/*
 * The length of the word at TEXT, which consists of plain characters, dots, in patterns wildcards,
 * and quoted parts.
 */
static struct error *measure(size_t *length, const char *text, enum word_kind kind)
{
	size_t n = 0;
	bool quoted = false;

	while (text[n] && (quoted || !is_between(text[n]))) {
		if (text[n] == '"')
			quoted = !quoted;
		else if (!quoted && !is_plain(text[n]) && text[n] != '.' &&
			 !(kind == WORD_PATTERN && is_wild(text[n])))
			return error_new(ERROR_USAGE, "'%c' is allowed only within \"...\"",
					 text[n]);
		n++;
	}
	if (quoted)
		return error_new(ERROR_USAGE, "the quote in '%.60s' is not closed", text);
	if (n > WORD_MAX_BYTES)
		return error_new(ERROR_USAGE, "a name of more than %d bytes", WORD_MAX_BYTES);
	*length = n;
	return NULL;
}

/* Removes the first name from *WORD, up to END outside quotes, and unquotes it. */
static char *take_name(void *ctx, const char **word, char end)
{
	char *name = mem_dup(ctx, *word);
	const char *from = *word;
	size_t n = 0;
	bool quoted = false;

	for (; *from && (quoted || *from != end); from++) {
		if (*from != '"')
			name[n++] = *from;
		else if (quoted && from[1] == '"')
			name[n++] = *from++;
		else
			quoted = !quoted;
	}
	name[n] = '\0';
	*word = from;
	return name;
}

static struct error *check_name(const char *name)
{
	for (const char *c = name; *c; c++) {
		/* inih would take some semicolons for the start of a comment. */
		if (iscntrl((unsigned char)*c) || *c == ';')
			return error_new(ERROR_USAGE,
					 "a name cannot contain control characters or ';'");
	}
	if (!*name || strlen(name) > NAME_MAX_BYTES)
		return error_new(ERROR_USAGE, "a name has 1 to %d bytes", NAME_MAX_BYTES);
	return NULL;
}

static struct error *check_role(const char *name)
{
	struct error *err = check_name(name);

	if (err)
		return err;
	if (strncmp(name, "pg_", 3) == 0)
		return error_hint(error_new(ERROR_USAGE, "'%s' is a predefined role", name),
				  "every server has it: do not list it");
	if (strcmp(name, "public") == 0 || strcmp(name, "none") == 0)
		return error_new(ERROR_USAGE, "no role can have the name '%s'", name);
	return NULL;
}

/* PostgreSQL uses the name in file names. */
static struct error *check_extension(const char *name)
{
	struct error *err = check_name(name);

	if (!err && (strpbrk(name, "/\\") || strstr(name, "--") || *name == '-' ||
		     name[strlen(name) - 1] == '-'))
		err = error_new(ERROR_USAGE, "no extension can have the name '%s'", name);
	return err;
}

static struct error *check_table(const char *word)
{
	SCOPE(tmp, NULL);
	const char *rest = word;
	struct error *err = check_name(take_name(tmp, &rest, '.'));

	if (!err && *rest != '.')
		return error_new(ERROR_USAGE, "'%s' is not a table with its schema: SCHEMA.TABLE",
				 word);
	rest++;
	if (!err)
		err = check_name(take_name(tmp, &rest, '.'));
	if (!err && *rest)
		err = error_new(ERROR_USAGE, "'%s' has too many dots", word);
	return err;
}

static struct error *check_pattern(const char *pattern)
{
	for (const char *c = pattern; *c; c++) {
		if (iscntrl((unsigned char)*c) || *c == ';')
			return error_new(ERROR_USAGE,
					 "a pattern cannot contain control characters or ';'");
	}
	return *pattern ? NULL : error_new(ERROR_USAGE, "an empty pattern");
}

static struct error *add_words(char ***list, void *ctx, const char *value, enum word_kind kind,
			       struct error *(*check)(const char *word))
{
	SCOPE(tmp, ctx);
	struct error *err;
	size_t n;

	for (; *value; value += n) {
		const char *rest;
		char *word;

		n = strspn(value, " \t,");
		if (n > 0)
			continue;
		err = measure(&n, value, kind);
		if (err)
			return err;
		word = mem_dup_n(tmp, value, n);
		rest = word;
		if (kind != WORD_TABLE) {
			char *name = take_name(tmp, &rest, kind == WORD_NAME ? '.' : '\0');

			if (*rest)
				return error_new(ERROR_USAGE, "'%s' has a dot outside \"...\"",
						 word);
			word = name;
		}
		err = check(word);
		if (!err && mem_list_has(*list, word))
			err = error_new(ERROR_USAGE, "'%s' is listed twice", word);
		if (err)
			return err;
		mem_list_add(list, ctx, word);
	}
	return NULL;
}

struct error *conf_add_roles(struct conf *conf, const char *value)
{
	return add_words(&conf->roles, conf, value, WORD_NAME, check_role);
}

struct error *conf_add_extensions(struct conf *conf, const char *value)
{
	return add_words(&conf->extensions, conf, value, WORD_NAME, check_extension);
}

struct error *conf_add_schema_only(struct conf *conf, const char *value)
{
	return add_words(&conf->schema_only, conf, value, WORD_TABLE, check_table);
}

struct error *conf_add_drift_ignore(struct conf *conf, const char *value)
{
	return add_words(&conf->drift_ignore, conf, value, WORD_PATTERN, check_pattern);
}

/* Checks a list as if it had been read from the file. */
static struct error *check_list(char *const *list, enum word_kind kind,
				struct error *(*check)(const char *word))
{
	struct error *err = NULL;
	size_t n;

	for (size_t i = 0; !err && list && list[i]; i++) {
		if (kind == WORD_TABLE)
			err = measure(&n, list[i], kind);
		if (!err && kind == WORD_TABLE && list[i][n])
			err = error_new(ERROR_USAGE, "'%s' is more than one word", list[i]);
		if (!err)
			err = check(list[i]);
		if (!err && mem_list_has(list + i + 1, list[i]))
			err = error_new(ERROR_USAGE, "'%s' is listed twice", list[i]);
	}
	return err;
}

struct error *conf_check_lists(const struct conf *conf)
{
	struct error *err = check_list(conf->roles, WORD_NAME, check_role);

	if (!err)
		err = check_list(conf->extensions, WORD_NAME, check_extension);
	if (!err)
		err = check_list(conf->schema_only, WORD_TABLE, check_table);
	return err ? err : check_list(conf->drift_ignore, WORD_PATTERN, check_pattern);
}

void conf_print_words(char **text, void *ctx, const char *key, char *const *words)
{
	size_t used = 0;

	for (; words && *words; words++) {
		if (used > 0 && used + 1 + strlen(*words) > CONF_LINE_BYTES) {
			mem_append(text, ctx, "\n");
			used = 0;
		}
		if (used == 0) {
			mem_append(text, ctx, "%s =", key);
			used = strlen(key) + 2;
		}
		mem_append(text, ctx, " %s", *words);
		used += 1 + strlen(*words);
	}
	if (used > 0)
		mem_append(text, ctx, "\n");
}

static char *quote(void *ctx, const char *name, enum word_kind kind)
{
	char *out;
	bool plain = true;

	for (const char *c = name; *c; c++)
		plain = plain && (is_plain(*c) || (kind == WORD_PATTERN && is_wild(*c)));
	if (plain)
		return mem_dup(ctx, name);
	out = mem_dup(ctx, "\"");
	for (; *name; name++)
		mem_append(&out, ctx, *name == '"' ? "\"\"" : "%c", *name);
	mem_append(&out, ctx, "\"");
	return out;
}

static void print_quoted(char **text, void *ctx, const char *key, char *const *list,
			 enum word_kind kind)
{
	SCOPE(tmp, ctx);
	char **words = mem_array(tmp, char *, 1);

	for (; list && *list; list++)
		mem_list_add(&words, tmp, quote(tmp, *list, kind));
	conf_print_words(text, ctx, key, words);
}

void conf_print_names(char **text, void *ctx, const char *key, char *const *names)
{
	print_quoted(text, ctx, key, names, WORD_NAME);
}

void conf_print_patterns(char **text, void *ctx, const char *key, char *const *patterns)
{
	print_quoted(text, ctx, key, patterns, WORD_PATTERN);
}
