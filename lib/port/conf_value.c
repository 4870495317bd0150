/* Single values in .hop/config, and the table of keys. */
#include "port/conf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "port/conf_private.h"
#include "port/db.h"

#define NAME_MAX_BYTES 40
#define PACKAGE_MAX_BYTES 100
#define REF_TEXT_MAX_BYTES 100
#define ID_BYTES 32
#define NEWEST_MAJOR 99

bool conf_only_of(const char *text, const char *allowed)
{
	return text[strspn(text, allowed)] == '\0';
}

struct error *conf_check_name(const char *name)
{
	if (*name >= 'a' && *name <= 'z' && strlen(name) <= NAME_MAX_BYTES &&
	    conf_only_of(name, CONF_LOWER CONF_DIGITS "_-"))
		return NULL;
	return error_hint(error_new(ERROR_USAGE, "'%.60s' cannot be a project's name", name),
			  "a name is a letter, then letters, digits, '_' or '-', "
			  "all lower case, at most %d bytes",
			  NAME_MAX_BYTES);
}

static struct error *check_id(const char *id)
{
	if (strlen(id) == ID_BYTES && conf_only_of(id, CONF_DIGITS "abcdef"))
		return NULL;
	return error_new(ERROR_USAGE, "a project ID is %d lower-case hexadecimal digits", ID_BYTES);
}

static struct error *check_language(const char *language)
{
	if (*language >= 'a' && *language <= 'z' && strlen(language) <= NAME_MAX_BYTES &&
	    conf_only_of(language, CONF_LOWER CONF_DIGITS "_-"))
		return NULL;
	return error_new(ERROR_USAGE,
			 "'%.60s' cannot be the name of a language: a letter, then letters, "
			 "digits, '_' or '-', all lower case",
			 language);
}

static struct error *check_package(const char *package)
{
	if ((isalpha((unsigned char)*package) || *package == '_') &&
	    strlen(package) <= PACKAGE_MAX_BYTES &&
	    conf_only_of(package, CONF_LOWER CONF_UPPER CONF_DIGITS "_-."))
		return NULL;
	return error_new(ERROR_USAGE,
			 "'%.60s' cannot be the name of a package: a letter or '_', then "
			 "letters, digits, '_', '-' or '.'",
			 package);
}

static struct error *check_test(const char *test)
{
	size_t n = strlen(test);

	for (size_t i = 0; i < n; i++) {
		if (iscntrl((unsigned char)test[i]) && test[i] != '\t')
			return error_new(ERROR_USAGE, "a test command is one line");
		if (test[i] == ';' && (i == 0 || isspace((unsigned char)test[i - 1])))
			return error_new(ERROR_USAGE,
					 "';' after white space in the test command would "
					 "start a comment; write it without the space");
	}
	if (n > 0 && (isspace((unsigned char)test[0]) || isspace((unsigned char)test[n - 1])))
		return error_new(ERROR_USAGE,
				 "a test command neither starts nor ends with white space");
	if (n + strlen("command = ") > CONF_LINE_BYTES)
		return error_hint(error_new(ERROR_USAGE, "a test command of more than %zu bytes",
					    CONF_LINE_BYTES - strlen("command = ")),
				  "put it into a script and run that");
	return NULL;
}

/* Can TEXT be part of the name of a ref? git refuses these sequences in any component. */
static bool is_ref_text(const char *text)
{
	return *text && conf_only_of(text, CONF_LOWER CONF_UPPER CONF_DIGITS "/_-.") &&
	       strlen(text) <= REF_TEXT_MAX_BYTES && !strstr(text, "//") && !strstr(text, "..") &&
	       !strstr(text, "/.") && !strstr(text, ".lock/");
}

/* The namespace is used in refspecs, and must not include all branches. */
struct error *conf_check_namespace(const char *name)
{
	static const char *const whole[] = {"refs/heads", "refs/tags", "refs/remotes"};
	bool good = strncmp(name, "refs/", 5) == 0 && name[5] && is_ref_text(name) &&
		    name[strlen(name) - 1] != '/';

	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
		good = good && strcmp(name, whole[i]) != 0;
	if (good)
		return NULL;
	return error_hint(error_new(ERROR_USAGE, "refNamespace cannot be '%.60s'", name),
			  "it is a prefix of refs at the remote: refs/hop, or refs/heads/hop "
			  "if only branches are accepted");
}

static struct error *check_tag_prefix(const char *prefix)
{
	if (is_ref_text(prefix) && !strchr("-./", *prefix))
		return NULL;
	return error_hint(error_new(ERROR_USAGE, "tagPrefix cannot be '%.60s'", prefix),
			  "it stands before the version in the names of tags: v, or schema-v");
}

static struct error *check_major(long major)
{
	if (major >= DB_OLDEST_MAJOR && major <= NEWEST_MAJOR)
		return NULL;
	return error_new(ERROR_USAGE,
			 "postgresql is a major version of PostgreSQL, %d or later: "
			 "'postgresql = 15'",
			 DB_OLDEST_MAJOR);
}

static const struct {
	const char *name;
	long long bytes;
} units[] = {{"GB", 1LL << 30}, {"MB", 1LL << 20}, {"kB", 1LL << 10}, {"", 1}};

#define UNITS (sizeof(units) / sizeof(*units))

static struct error *parse_size(long long *out, const char *value)
{
	size_t digits = strspn(value, CONF_DIGITS);
	const char *unit = value + digits + strspn(value + digits, " \t");
	long long number = digits <= 12 ? strtoll(value, NULL, 10) : 0;

	for (size_t i = 0; i < UNITS && digits > 0; i++) {
		if (strcmp(unit, units[i].name) != 0 || number < 1 || number > (1LL << 40) ||
		    number > (1LL << 50) / units[i].bytes)
			continue;
		*out = number * units[i].bytes;
		return NULL;
	}
	return error_new(ERROR_USAGE,
			 "modelRows is a number of bytes, or of kB, MB or GB: 'modelRows = 16MB'");
}

char *conf_print_size(void *ctx, long long bytes)
{
	size_t i = 0;

	while (bytes % units[i].bytes != 0)
		i++;
	return mem_printf(ctx, "%lld%s", bytes / units[i].bytes, units[i].name);
}

static const char *const issues[] = {
	[CONF_ISSUES_CLOSE] = "close",
	[CONF_ISSUES_REFERENCE] = "reference",
	[CONF_ISSUES_NONE] = "none",
};

static const char *const rehearse[] = {
	[CONF_REHEARSE_REPORT] = "report",
	[CONF_REHEARSE_REFUSE] = "refuse",
	[CONF_REHEARSE_OFF] = "off",
};

const char *conf_print_rehearse(enum conf_rehearse value)
{
	return rehearse[value];
}

const char *conf_print_issues(enum conf_issues value)
{
	return issues[value];
}

static struct error *set_text(char **place, struct conf *conf, const char *value,
			      struct error *(*check)(const char *value))
{
	struct error *err = check(value);

	if (!err)
		*place = mem_dup(conf, value);
	return err;
}

static struct error *set_name(struct conf *conf, const char *value)
{
	return set_text(&conf->name, conf, value, conf_check_name);
}

static struct error *set_id(struct conf *conf, const char *value)
{
	return set_text(&conf->id, conf, value, check_id);
}

static struct error *set_test(struct conf *conf, const char *value)
{
	return set_text(&conf->test, conf, value, check_test);
}

static struct error *set_language(struct conf *conf, const char *value)
{
	return set_text(&conf->language, conf, value, check_language);
}

static struct error *set_package(struct conf *conf, const char *value)
{
	return set_text(&conf->package, conf, value, check_package);
}

static struct error *set_namespace(struct conf *conf, const char *value)
{
	return set_text(&conf->ref_namespace, conf, value, conf_check_namespace);
}

static struct error *set_tag_prefix(struct conf *conf, const char *value)
{
	return set_text(&conf->tag_prefix, conf, value, check_tag_prefix);
}

static struct error *set_major(struct conf *conf, const char *value)
{
	bool number = *value && conf_only_of(value, CONF_DIGITS) && strlen(value) < 4;
	struct error *err = check_major(number ? atol(value) : 0);

	if (!err)
		conf->postgresql = atoi(value);
	return err;
}

static struct error *set_model_rows(struct conf *conf, const char *value)
{
	return parse_size(&conf->model_rows, value);
}

/* The place of VALUE among COUNT words; -1: it is none of them. */
static int find_word(const char *const *words, size_t count, const char *value)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(value, words[i]) == 0)
			return (int)i;
	}
	return -1;
}

static struct error *set_issues(struct conf *conf, const char *value)
{
	int found = find_word(issues, sizeof(issues) / sizeof(*issues), value);

	if (found < 0)
		return error_new(ERROR_USAGE, "issues is close, reference or none");
	conf->issues = (enum conf_issues)found;
	return NULL;
}

static struct error *set_rehearse(struct conf *conf, const char *value)
{
	int found = find_word(rehearse, sizeof(rehearse) / sizeof(*rehearse), value);

	if (found < 0)
		return error_new(ERROR_USAGE, "merge is report, refuse or off");
	conf->rehearse = (enum conf_rehearse)found;
	return NULL;
}

const struct conf_key conf_keys[CONF_KEYS] = {
	{"hop", "name", false, set_name},
	{"hop", "id", false, set_id},
	{"hop", "postgresql", false, set_major},
	{"hop", "roles", true, conf_add_roles},
	{"hop", "extensions", true, conf_add_extensions},
	{"hop", "issues", false, set_issues},
	{"hop", "modelRows", false, set_model_rows},
	{"hop", "refNamespace", false, set_namespace},
	{"hop", "tagPrefix", false, set_tag_prefix},
	{"model", "schema-only", true, conf_add_schema_only},
	{"drift", "ignore", true, conf_add_drift_ignore},
	{"rehearse", "merge", false, set_rehearse},
	{"test", "command", false, set_test},
	{"generate", "language", false, set_language},
	{"generate", "package", false, set_package},
};

struct error *conf_check_values(const struct conf *conf)
{
	struct error *err = conf_check_name(conf->name);

	if (!err)
		err = check_id(conf->id);
	if (!err && conf->postgresql)
		err = check_major(conf->postgresql);
	if (!err && conf->ref_namespace)
		err = conf_check_namespace(conf->ref_namespace);
	if (!err && conf->tag_prefix)
		err = check_tag_prefix(conf->tag_prefix);
	if (!err && conf->test)
		err = check_test(conf->test);
	if (!err && conf->language)
		err = check_language(conf->language);
	if (!err && conf->package)
		err = check_package(conf->package);
	return err;
}
