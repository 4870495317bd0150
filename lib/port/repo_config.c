/* The configuration of git. */
#include "port/repo.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/proc.h"
#include "port/repo_private.h"

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

/* The scope of each setting is in front of it: "command\0KEY\nVALUE\0". */
static void keep_command(struct repo *repo, const struct proc *proc)
{
	const char *at = proc->output, *end = proc->output + proc->output_length;

	repo->overrides = mem_array(repo, char, proc->output_length + 1);
	while (at < end) {
		bool command = strcmp(at, "command") == 0;
		size_t n;

		at += strlen(at) + 1;
		if (at >= end)
			break;
		n = strlen(at) + 1;
		if (command) {
			memcpy(repo->overrides + repo->overrides_length, at, n);
			repo->overrides_length += n;
		}
		at += n;
	}
}

/* Only git knows how it passes them on. */
static struct error *ask_git(struct repo *repo)
{
	SCOPE(tmp, NULL);
	struct proc proc = {
		.argv = proc_argv(tmp, "git", "config", "--list", "--show-scope", "-z", NULL),
		.env = proc_argv(tmp, "LC_ALL=C", NULL),
		.capture = true,
		.capture_err = true,
	};
	struct error *err = proc_check(tmp, &proc);

	if (err)
		return error_wrap(err, "cannot read the configuration of git");
	keep_command(repo, &proc);
	return NULL;
}

/* PATH in place of the file that libgit2 finds at this level; "": none. */
static struct error *replace(git_config *config, struct repo *repo, git_config_level_t level,
			     const char *path)
{
	const char *file = *path ? path : "/dev/null";

	if (git_config_add_file_ondisk(config, file, level, repo->git, 1) < 0)
		return repo_error("cannot read '%s'", file);
	return NULL;
}

static struct error *replace_files(struct repo *repo)
{
	CLEANUP(git_config_free) git_config *config = NULL;
	const char *global = getenv("GIT_CONFIG_GLOBAL"), *machine = getenv("GIT_CONFIG_SYSTEM");
	const char *none = getenv("GIT_CONFIG_NOSYSTEM");
	struct error *err = NULL;
	int skip = 0;

	if (git_repository_config(&config, repo->git) < 0)
		return repo_error("cannot read the configuration of git");
	if (none && git_config_parse_bool(&skip, none) == 0 && skip)
		machine = "";
	if (machine)
		err = replace(config, repo, GIT_CONFIG_LEVEL_SYSTEM, machine);
	if (!err && global)
		err = replace(config, repo, GIT_CONFIG_LEVEL_XDG, "");
	if (!err && global)
		err = replace(config, repo, GIT_CONFIG_LEVEL_GLOBAL, global);
	return err;
}

struct error *repo_read_overrides(struct repo *repo)
{
	struct error *err = replace_files(repo);

	if (!err && (is_set("GIT_CONFIG_PARAMETERS") || is_set("GIT_CONFIG_COUNT")))
		err = ask_git(repo);
	return err;
}

/* Case matters only between the first dot and the last one. */
static bool same_key(const char *a, const char *b)
{
	const char *first_a = strchr(a, '.'), *first_b = strchr(b, '.');
	const char *last_a = strrchr(a, '.'), *last_b = strrchr(b, '.');

	return first_a && first_b && first_a - a == first_b - b && last_a - a == last_b - b &&
	       strncasecmp(a, b, (size_t)(first_a - a)) == 0 &&
	       strncmp(first_a, first_b, (size_t)(last_a - first_a)) == 0 &&
	       strcasecmp(last_a, last_b) == 0;
}

/* *VALUE: NULL if there is none, which is true: "[hop] production". The last one counts. */
static bool find_override(char **value, void *ctx, const struct repo *repo, const char *key)
{
	const char *at = repo->overrides, *end = at + repo->overrides_length;
	bool found = false;

	while (at < end) {
		SCOPE(tmp, NULL);
		size_t n = strcspn(at, "\n");
		char *name = mem_dup_n(tmp, at, n);

		if (same_key(name, key)) {
			*value = at[n] ? mem_dup(ctx, at + n + 1) : NULL;
			found = true;
		}
		at += strlen(at) + 1;
	}
	return found;
}

/* Is the setting there? *VALUE as above. */
static bool find(char **value, void *ctx, const struct repo *repo, const char *key)
{
	CLEANUP(git_config_free) git_config *config = NULL;
	CLEANUP(git_config_entry_free) git_config_entry *entry = NULL;

	if (repo->overrides && find_override(value, ctx, repo, key))
		return true;
	if (git_repository_config(&config, repo->git) < 0 ||
	    git_config_get_entry(&entry, config, key) < 0)
		return false;
	*value = entry->value ? mem_dup(ctx, entry->value) : NULL;
	return true;
}

char *repo_config(void *ctx, const struct repo *repo, const char *key)
{
	char *value;

	if (!find(&value, ctx, repo, key))
		return NULL;
	return value ? value : mem_dup(ctx, "");
}

static struct error *wrong(const char *key, const char *text, const char *expected, int def)
{
	return error_hint(error_new(ERROR_FAIL, "%s is '%s', not %s", key, text, expected),
			  "git config %s %d", key, def);
}

static bool is_number(const char *text)
{
	int64_t ignored;

	text += *text == '-';
	return *text && (text[strspn(text, "0123456789")] == '\0' ||
			 git_config_parse_int64(&ignored, text) == 0);
}

static struct error *read_number(int *out, const struct repo *repo, const char *key, int def,
				 int min)
{
	SCOPE(tmp, NULL);
	char *text = repo_config(tmp, repo, key);
	int32_t value = def;

	if (text && (git_config_parse_int32(&value, text) < 0 || value < min))
		return wrong(key, text,
			     is_number(text) ? mem_printf(tmp, "between %d and %d", min, INT32_MAX)
					     : "an integer",
			     def);
	*out = value;
	return NULL;
}

struct error *repo_config_number(int *out, const struct repo *repo, const char *key, int def)
{
	return read_number(out, repo, key, def, 0);
}

struct error *repo_config_count(int *out, const struct repo *repo, const char *key, int def)
{
	return read_number(out, repo, key, def, 1);
}

struct error *repo_config_bool(bool *out, const struct repo *repo, const char *key, bool def)
{
	SCOPE(tmp, NULL);
	char *text = NULL;
	int value = def;

	if (find(&text, tmp, repo, key) && git_config_parse_bool(&value, text) < 0)
		return error_hint(error_new(ERROR_FAIL, "%s is '%s', neither true nor false", key,
					    text),
				  "git config %s %s", key, def ? "true" : "false");
	*out = value != 0;
	return NULL;
}
