/* Versions: parsing, printing, ordering. */
#include "core/version.h"

#include <string.h>

#define NUMBER_MAX 999999

/* Parses a number without leading zeros and advances *TEXT. */
static bool take_number(int *out, const char **text)
{
	const char *p = *text;
	int n = 0;

	if (p[0] == '0' && p[1] >= '0' && p[1] <= '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > NUMBER_MAX)
			return false;
	}
	if (p == *text)
		return false;
	*out = n;
	*text = p;
	return true;
}

static bool take_word(const char **text, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*text, word, n) != 0)
		return false;
	*text += n;
	return true;
}

static bool scan(struct version *v, const char *text)
{
	v->stage = VERSION_FINAL;
	v->number = 0;
	if (!take_number(&v->major, &text) || !take_word(&text, ".") ||
	    !take_number(&v->minor, &text) || !take_word(&text, ".") ||
	    !take_number(&v->patch, &text))
		return false;
	if (*text == '\0')
		return true;
	if (take_word(&text, "-rc"))
		v->stage = VERSION_RC;
	else if (take_word(&text, "-hotfix"))
		v->stage = VERSION_HOTFIX;
	else
		return false;
	return take_number(&v->number, &text) && v->number > 0 && *text == '\0';
}

struct error *version_parse(struct version *out, const char *text)
{
	struct version v;

	if (*text == 'v' && scan(&v, text + 1))
		return error_hint(error_new(ERROR_USAGE, "malformed version '%s'", text),
				  "that is a tag; write the version: %s", text + 1);
	if (!scan(&v, text))
		return error_hint(error_new(ERROR_USAGE, "malformed version '%s'", text),
				  "a version is X.Y.Z, X.Y.Z-rcN or X.Y.Z-hotfixN, "
				  "each number at most %d and without leading zeros",
				  NUMBER_MAX);
	*out = v;
	return NULL;
}

char *version_print(const void *ctx, const struct version *v)
{
	if (v->stage == VERSION_FINAL)
		return mem_printf(ctx, "%d.%d.%d", v->major, v->minor, v->patch);
	return mem_printf(ctx, "%d.%d.%d-%s%d", v->major, v->minor, v->patch,
			  v->stage == VERSION_RC ? "rc" : "hotfix", v->number);
}

int version_compare(const struct version *a, const struct version *b)
{
	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	if (a->patch != b->patch)
		return a->patch < b->patch ? -1 : 1;
	if (a->stage != b->stage)
		return a->stage < b->stage ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return 0;
}

bool version_is_zero(const struct version *v)
{
	static const struct version zero = {.stage = VERSION_FINAL};

	return version_compare(v, &zero) == 0;
}

struct version version_base(const struct version *v)
{
	return (struct version){v->major, v->minor, v->patch, VERSION_FINAL, 0};
}

struct error *version_next(struct version *out, const struct version *from,
			   enum version_level level)
{
	struct version next = version_base(from);

	switch (level) {
	case LEVEL_PATCH:
		next.patch++;
		break;
	case LEVEL_MINOR:
		next.minor++;
		next.patch = 0;
		break;
	case LEVEL_MAJOR:
		next.major++;
		next.minor = 0;
		next.patch = 0;
		break;
	}
	if (next.major > NUMBER_MAX || next.minor > NUMBER_MAX || next.patch > NUMBER_MAX)
		return error_new(ERROR_NO, "no version follows %d.%d.%d: a number is at most %d",
				 from->major, from->minor, from->patch, NUMBER_MAX);
	*out = next;
	return NULL;
}

struct version version_next_hotfix(const struct version *from)
{
	struct version next = version_base(from);

	next.stage = VERSION_HOTFIX;
	next.number = from->stage == VERSION_HOTFIX ? from->number + 1 : 1;
	return next;
}

struct error *version_level_parse(enum version_level *out, const char *text)
{
	static const char *const names[] = {"patch", "minor", "major"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*out = (enum version_level)i;
			return NULL;
		}
	}
	return error_hint(error_new(ERROR_USAGE, "unknown level '%s'", text),
			  "a level is 'patch', 'minor' or 'major'");
}
