/* Reads .hop/config with inih. */
#include "port/conf.h"

#include <ctype.h>
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "port/conf_private.h"

/*
 * The state of one pass over a text. inih does not pass line numbers to the handler, so read_line
 * counts them.
 */
struct reading {
	struct conf *conf;
	const char *name;
	const char *text, *end;
	int line;
	bool only_format; /* the first pass, which looks for the format only */
	bool has_format;
	bool seen[CONF_KEYS];
	struct error *err;
};

static struct error *complain(const struct reading *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static struct error *complain(const struct reading *r, const char *fmt, ...)
{
	SCOPE(tmp, NULL);
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mem_check(talloc_vasprintf(tmp, fmt, ap));
	va_end(ap);
	return error_new(ERROR_FAIL, "%s:%d: %s", r->name, r->line, text);
}

static bool known_section(const char *name, size_t n)
{
	static const char *const known[] = {"hop",      "model", "drift",
					    "rehearse", "test",  "generate"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strlen(known[i]) == n && memcmp(known[i], name, n) == 0)
			return true;
	}
	return false;
}

/* Rejects lines that inih would silently misread. */
static struct error *check_line(const struct reading *r, const char *line, size_t n)
{
	if (n > CONF_LINE_BYTES)
		return complain(r, "line of more than %d bytes", CONF_LINE_BYTES);
	if (memchr(line, '\0', n))
		return complain(r, "NUL byte");
	while (n > 0 && isspace((unsigned char)line[n - 1]))
		n--;
	if (n == 0 || *line == '#' || *line == ';')
		return NULL;
	if (isspace((unsigned char)*line))
		return complain(r, "line starts with white space");
	if (*line == '[' && memchr(line, ']', n) != line + n - 1)
		return complain(r, "']' is missing or not the last character");
	if (*line == '[' && !r->only_format && !known_section(line + 1, n - 2))
		return complain(r, "unknown section '%.*s'", (int)n, line);
	for (size_t i = 1; i < n; i++) {
		if (line[i] == ';' && isspace((unsigned char)line[i - 1]))
			return complain(r, "';' after white space would start a comment; write "
					   "it without the space");
	}
	return NULL;
}

/* Like fgets, but fails on a line that does not fit. */
static char *read_line(char *buffer, int room, void *arg)
{
	struct reading *r = arg;

	while (r->text < r->end && !r->err) {
		const char *line = r->text;
		const char *stop = memchr(line, '\n', (size_t)(r->end - line));
		size_t n = (size_t)((stop ? stop : r->end) - line);
		struct error *err;

		r->text = stop ? stop + 1 : r->end;
		r->line++;
		if (n > 0 && line[n - 1] == '\r')
			n--;
		err = check_line(r, line, n);
		if (!err && n < (size_t)room) {
			memcpy(buffer, line, n);
			buffer[n] = '\0';
			return buffer;
		}
		if (!r->only_format)
			r->err = err ? err : complain(r, "line too long");
		else
			error_free(err);
	}
	return NULL;
}

static struct error *check_format(const char *value)
{
	long format = strtol(value, NULL, 10);

	if (!*value || !conf_only_of(value, CONF_DIGITS) || strlen(value) > 6)
		return error_new(ERROR_USAGE, "format is not a number");
	if (format < CONF_FORMAT)
		return error_hint(error_new(ERROR_USAGE,
					    "the project has format %ld, older than %d", format,
					    CONF_FORMAT),
				  "git hop migrate");
	if (format > CONF_FORMAT)
		return error_hint(error_new(ERROR_USAGE,
					    "the project has format %ld; this git hop supports %d",
					    format, CONF_FORMAT),
				  "install a newer git hop");
	return NULL;
}

static struct error *take(struct reading *r, const char *section, const char *key,
			  const char *value)
{
	for (size_t i = 0; i < CONF_KEYS; i++) {
		const struct conf_key *known = &conf_keys[i];

		if (strcmp(section, known->section) != 0 || strcmp(key, known->key) != 0)
			continue;
		if (r->seen[i] && !known->list)
			return complain(r, "'%s' appears twice", key);
		r->seen[i] = true;
		return error_wrap(error_recode(known->set(r->conf, value), ERROR_FAIL), "%s:%d",
				  r->name, r->line);
	}
	return complain(r, "unknown key '%s' in section '[%s]'", key, section);
}

static int handle(void *arg, const char *section, const char *key, const char *value)
{
	struct reading *r = arg;
	bool format = strcmp(section, "hop") == 0 && strcmp(key, "format") == 0;

	if (r->err)
		return 1;
	if (format && r->has_format) {
		if (!r->only_format)
			r->err = complain(r, "'format' appears twice");
	} else if (format) {
		r->has_format = true;
		r->conf->format = atoi(value);
		r->err = error_wrap(error_recode(check_format(value), ERROR_FAIL), "%s:%d", r->name,
				    r->line);
	} else if (!r->only_format) {
		r->err = take(r, section, key, value);
	}
	return 1;
}

static struct error *read_all(struct conf *conf, const char *name, const char *text, size_t length,
			      bool only_format)
{
	struct reading r = {
		.conf = conf,
		.name = name,
		.text = text,
		.end = text + length,
		.only_format = only_format,
	};
	int bad;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.text += 3;
	bad = ini_parse_stream(read_line, &r, handle, &r);
	if (r.err)
		return r.err;
	if (!r.has_format)
		return error_hint(error_new(ERROR_FAIL, "%s: no 'format' in section '[hop]'", name),
				  "a project of an older format: git hop migrate");
	if (bad > 0 && !only_format) {
		r.line = bad;
		return complain(&r, "neither '[section]' nor 'key = value'");
	}
	return NULL;
}

struct error *conf_parse(struct conf **out, void *ctx, const char *name, const char *text,
			 size_t length)
{
	SCOPE(tmp, ctx);
	struct conf *conf = mem_new(tmp, struct conf);
	struct error *err = read_all(conf, name, text, length, true);

	conf->roles = mem_array(conf, char *, 1);
	conf->extensions = mem_array(conf, char *, 1);
	conf->schema_only = mem_array(conf, char *, 1);
	conf->drift_ignore = mem_array(conf, char *, 1);
	conf->ref_namespace = mem_dup(conf, CONF_REF_NAMESPACE);
	conf->tag_prefix = mem_dup(conf, CONF_TAG_PREFIX);
	conf->model_rows = CONF_MODEL_ROWS;
	if (!err)
		err = read_all(conf, name, text, length, false);
	if (err)
		return err;
	if (!conf->name || !conf->id)
		return error_new(ERROR_FAIL, "%s: no '%s' in section '[hop]'", name,
				 conf->name ? "id" : "name");
	*out = talloc_steal(ctx, conf);
	return NULL;
}

/* Values that equal the default are not printed. */
static void print_hop(char **text, void *ctx, const struct conf *conf)
{
	mem_append(text, ctx, "[hop]\nformat = %d\nname = %s\nid = %s\n", CONF_FORMAT, conf->name,
		   conf->id);
	if (conf->postgresql)
		mem_append(text, ctx, "postgresql = %d\n", conf->postgresql);
	conf_print_names(text, ctx, "roles", conf->roles);
	conf_print_names(text, ctx, "extensions", conf->extensions);
	if (conf->issues != CONF_ISSUES_CLOSE)
		mem_append(text, ctx, "issues = %s\n", conf_print_issues(conf->issues));
	if (conf->model_rows && conf->model_rows != CONF_MODEL_ROWS)
		mem_append(text, ctx, "modelRows = %s\n", conf_print_size(ctx, conf->model_rows));
	if (conf->ref_namespace && strcmp(conf->ref_namespace, CONF_REF_NAMESPACE) != 0)
		mem_append(text, ctx, "refNamespace = %s\n", conf->ref_namespace);
	if (conf->tag_prefix && strcmp(conf->tag_prefix, CONF_TAG_PREFIX) != 0)
		mem_append(text, ctx, "tagPrefix = %s\n", conf->tag_prefix);
}

struct error *conf_print(char **out, void *ctx, const struct conf *conf)
{
	struct error *err = conf_check_values(conf);
	char *text = NULL;

	if (!err)
		err = conf_check_lists(conf);
	if (err)
		return err;
	print_hop(&text, ctx, conf);
	if (conf->schema_only && *conf->schema_only)
		mem_append(&text, ctx, "\n[model]\n");
	conf_print_words(&text, ctx, "schema-only", conf->schema_only);
	if (conf->drift_ignore && *conf->drift_ignore)
		mem_append(&text, ctx, "\n[drift]\n");
	conf_print_patterns(&text, ctx, "ignore", conf->drift_ignore);
	if (conf->rehearse != CONF_REHEARSE_REPORT)
		mem_append(&text, ctx, "\n[rehearse]\nmerge = %s\n",
			   conf_print_rehearse(conf->rehearse));
	if (conf->test)
		mem_append(&text, ctx, "\n[test]\ncommand =%s%s\n", *conf->test ? " " : "",
			   conf->test);
	if (conf->language || conf->package)
		mem_append(&text, ctx, "\n[generate]\n");
	if (conf->language)
		mem_append(&text, ctx, "language = %s\n", conf->language);
	if (conf->package)
		mem_append(&text, ctx, "package = %s\n", conf->package);
	*out = text;
	return NULL;
}
