/* Patch IDs and the files of a patch. */
#include "core/patch.h"

#include <string.h>

#define NUMBER_MAX 999999999
#define ID_MAX 100
#define MARK "@HOP:"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* "" or "-words-in-lower-case" */
static bool is_words(const char *p)
{
	while (*p == '-') {
		const char *word = ++p;

		while ((*p >= 'a' && *p <= 'z') || is_digit(*p))
			p++;
		if (p == word)
			return false;
	}
	return *p == '\0';
}

/* The canonical form starts at *START, after leading zeros. */
static bool scan_id(const char **start, int *number, const char *text)
{
	const char *first = text;
	const char *p;
	long long n = 0;

	while (*first == '0')
		first++;
	for (p = first; is_digit(*p); p++) {
		n = n * 10 + (*p - '0');
		if (n > NUMBER_MAX)
			return false;
	}
	if (n == 0 || !is_words(p) || strlen(first) > ID_MAX)
		return false;
	*start = first;
	*number = (int)n;
	return true;
}

struct error *patch_id_parse(struct patch_id *out, void *ctx, const char *text)
{
	const char *start;
	int number;

	if (!scan_id(&start, &number, text))
		return error_hint(
			error_new(ERROR_USAGE, "malformed patch ID '%s'", text),
			"a patch ID is N or N-words-in-lower-case, N from 1 to %d, at most "
			"%d characters: 12 or 12-add-users",
			NUMBER_MAX, ID_MAX);
	out->number = number;
	out->id = mem_dup(ctx, start);
	return NULL;
}

bool patch_id_valid(const char *text)
{
	const char *start;
	int number;

	return scan_id(&start, &number, text) && start == text;
}

static bool ends_with(const char *name, const char *ending)
{
	size_t n = strlen(name);
	size_t m = strlen(ending);

	return n > m && strcmp(name + n - m, ending) == 0;
}

enum patch_file_kind patch_file_kind(const char *name)
{
	if (strcmp(name, "README.md") == 0)
		return PATCH_README;
	if (ends_with(name, ".sql"))
		return PATCH_SQL;
	if (ends_with(name, ".psql"))
		return PATCH_PSQL;
	if (ends_with(name, ".py"))
		return PATCH_PYTHON;
	return PATCH_OTHER;
}

/* A part of a text, not NUL-terminated. */
struct span {
	const char *text;
	size_t length;
};

static struct span trim(struct span s)
{
	while (s.length > 0 && is_blank(s.text[0])) {
		s.text++;
		s.length--;
	}
	while (s.length > 0 && is_blank(s.text[s.length - 1]))
		s.length--;
	return s;
}

static bool take(struct span *s, const char *word)
{
	size_t n = strlen(word);

	if (s->length < n || memcmp(s->text, word, n) != 0)
		return false;
	s->text += n;
	s->length -= n;
	return true;
}

/* The next line without its newline; advances *REST. */
static struct span next_line(struct span *rest)
{
	const char *end = memchr(rest->text, '\n', rest->length);
	struct span line = {rest->text, end ? (size_t)(end - rest->text) : rest->length};
	size_t used = line.length + (end ? 1 : 0);

	rest->text += used;
	rest->length -= used;
	return line;
}

/* Is LINE a comment that starts with "@HOP:"? WORD is the text after that. */
static bool is_mark(struct span *word, struct span line, const char *comment)
{
	line = trim(line);
	if (!take(&line, comment))
		return false;
	line = trim(line);
	if (!take(&line, MARK))
		return false;
	*word = trim(line);
	return true;
}

static bool equals(struct span s, const char *word)
{
	return s.length == strlen(word) && memcmp(s.text, word, s.length) == 0;
}

/* Findings are allowed next to a statement, see core/finding.h; not in Python. */
static bool is_allow(struct span word, const char *comment)
{
	return *comment == '-' && take(&word, "allow") &&
	       (word.length == 0 || is_blank(*word.text));
}

static int find_stray(struct span rest, const char *comment)
{
	struct span word;

	for (int line = 2; rest.length > 0; line++) {
		if (is_mark(&word, next_line(&rest), comment) && !is_allow(word, comment))
			return line;
	}
	return 0;
}

struct error *patch_mark_parse(enum patch_mark *out, int *stray, enum patch_file_kind kind,
			       const char *text, size_t length)
{
	const char *comment = kind == PATCH_PYTHON ? "#" : "--";
	bool runs = kind != PATCH_README && kind != PATCH_OTHER;
	struct span rest = {text, runs ? length : 0};
	enum patch_mark mark = MARK_NONE;
	struct span word;

	take(&rest, "\xef\xbb\xbf");
	if (is_mark(&word, next_line(&rest), comment)) {
		const char *other = kind == PATCH_PYTHON ? "cwd=patch" : "no-transaction";

		if (equals(word, "bootstrap"))
			mark = MARK_BOOTSTRAP;
		else if (equals(word, other))
			mark = kind == PATCH_PYTHON ? MARK_IN_PATCH : MARK_NO_TRANSACTION;
		else if (!is_allow(word, comment))
			return error_hint(error_new(ERROR_NO, "unknown marker '" MARK "%.*s'",
						    (int)(word.length < 40 ? word.length : 40),
						    word.text),
					  "the markers are '%s " MARK "%s' and '%s " MARK
					  "bootstrap'",
					  comment, other, comment);
	}
	*out = mark;
	if (stray)
		*stray = find_stray(rest, comment);
	return NULL;
}

int patch_file_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}
