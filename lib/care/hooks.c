/* The git hooks of a repository: git hop's and the user's. */
#include "care/hooks.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "core/hook.h"
#include "port/git.h"

/* The text of a file; NULL if it does not exist, "" if it cannot be read. */
static char *text_of(void *ctx, const char *path)
{
	struct error *err;
	struct stat st;
	char *text;

	if (lstat(path, &st) < 0)
		return NULL;
	err = file_read(&text, NULL, ctx, path);
	if (!err)
		return text;
	error_free(err);
	return mem_dup(ctx, "");
}

static char *beside(void *ctx, const char *path, const char *ending)
{
	return mem_printf(ctx, "%s.%s", path, ending);
}

/* Two names of one file, or the same contents, as left by a killed command. */
static bool same_file(void *ctx, const char *path, const char *other)
{
	struct stat a, b;
	char *text, *text_other;

	if (lstat(path, &a) < 0 || lstat(other, &b) < 0)
		return false;
	if (a.st_ino == b.st_ino && a.st_dev == b.st_dev)
		return true;
	text = text_of(ctx, path);
	text_other = text_of(ctx, other);
	return *text && strcmp(text, text_other) == 0;
}

/* pre-commit(1) renames the existing hook to this name and runs it first. */
static bool runs_legacy(void *ctx, const char *path, const char *text)
{
	char *legacy = text_of(ctx, beside(ctx, path, "legacy"));

	return legacy && hook_is_ours(legacy) && strstr(text, "pre-commit.com");
}

static enum hook_state state_of(const struct hook *hook)
{
	SCOPE(tmp, NULL);
	char *user = beside(tmp, hook->path, "user");
	char *text = text_of(tmp, hook->path);
	struct stat st;

	if (!text)
		return HOOK_MISSING;
	if (hook_is_ours(text))
		return strcmp(text, hook_text(tmp, hook->name)) == 0 &&
				       access(hook->path, X_OK) == 0
			       ? HOOK_READY
			       : HOOK_OLD;
	if (hook_calls(text, hook->name) || runs_legacy(tmp, hook->path, text))
		return HOOK_READY;
	if (lstat(user, &st) == 0 && !same_file(tmp, hook->path, user))
		return HOOK_OCCUPIED;
	return HOOK_USER;
}

/* husky keeps the users' files in the parent of core.hooksPath. */
static enum hook_state state_elsewhere(const struct hook *hook, const char *dir)
{
	SCOPE(tmp, NULL);
	char *above = path_join(tmp, path_dir(tmp, dir), hook->name);
	char *texts[] = {text_of(tmp, hook->path),
			 strcmp(path_base(dir), "_") == 0 ? text_of(tmp, above) : NULL};

	for (size_t i = 0; i < 2; i++) {
		if (texts[i] && (hook_is_ours(texts[i]) || hook_calls(texts[i], hook->name)))
			return HOOK_READY;
	}
	return HOOK_MISSING;
}

static void read_states(struct hooks *hooks, void *ctx)
{
	while (hook_names[hooks->count])
		hooks->count++;
	hooks->list = mem_array(ctx, struct hook, hooks->count);
	for (size_t i = 0; i < hooks->count; i++) {
		struct hook *hook = &hooks->list[i];

		hook->name = hook_names[i];
		hook->path = path_join(ctx, hooks->dir, hook->name);
		hook->state = hooks->place == HOOKS_HERE ? state_of(hook)
							 : state_elsewhere(hook, hooks->dir);
	}
}

static struct error *is_wanted(bool *wanted, struct repo *repo)
{
	*wanted = repo_work_dir(repo) != NULL;
	return *wanted ? repo_config_bool(wanted, repo, "hop.hooks", true) : NULL;
}

/* Is DIR, with links resolved, below the common git directory? */
static bool is_inside(void *ctx, struct repo *repo, const char *dir)
{
	char *real, *common;
	struct error *err = path_real(&common, ctx, repo_common_dir(repo));

	if (!err && file_exists(dir))
		err = path_real(&real, ctx, dir);
	else if (!err)
		real = path_absolute(ctx, dir);
	if (err) {
		error_free(err);
		return false;
	}
	return strncmp(real, common, strlen(common)) == 0 && real[strlen(common)] == '/';
}

/* core.hooksPath is relative to the directory where git runs hooks, the top of the worktree. */
static char *folder_of(void *ctx, struct repo *repo)
{
	struct error *err;
	char *set;

	err = git_run(&set, ctx, repo, "config", "--type=path", "--get", "core.hooksPath", NULL);
	if (err) {
		error_free(err);
		return path_join(ctx, repo_common_dir(repo), "hooks");
	}
	return *set == '/' ? set : path_join(ctx, repo_work_dir(repo), set);
}

struct error *hooks_read(struct hooks *out, void *ctx, struct repo *repo)
{
	struct error *err;
	bool wanted;
	char *dir;

	*out = (struct hooks){.place = HOOKS_OFF};
	err = is_wanted(&wanted, repo);
	if (err || !wanted)
		return err;
	dir = folder_of(ctx, repo);
	if (strcmp(dir, "/dev/null") == 0)
		return NULL;
	out->dir = dir;
	out->place = is_inside(ctx, repo, out->dir) ? HOOKS_HERE : HOOKS_ELSEWHERE;
	read_states(out, ctx);
	return NULL;
}

/*
 * Gives the user's hook its second name, before ours replaces the first. Of a symbolic link, the
 * link itself gets it.
 */
static struct error *keep_user(const struct hook *hook)
{
	SCOPE(tmp, NULL);
	char *user = beside(tmp, hook->path, "user");
	struct error *err;
	struct stat st;
	size_t length;
	char *text;

	if (same_file(tmp, hook->path, user) || link(hook->path, user) == 0)
		return NULL;
	if (errno == EEXIST)
		return error_errno("cannot rename '%s'", hook->path);
	/* The file system does not support hard links. */
	err = file_read(&text, &length, tmp, hook->path);
	if (!err && stat(hook->path, &st) < 0)
		err = error_errno("cannot read '%s'", hook->path);
	return err ? err : file_write(user, text, length, st.st_mode & 0777);
}

static struct error *install_one(const struct hook *hook)
{
	SCOPE(tmp, NULL);
	char *text = hook_text(tmp, hook->name);
	struct error *err = NULL;

	if (hook->state == HOOK_READY || hook->state == HOOK_OCCUPIED)
		return NULL;
	if (hook->state == HOOK_USER)
		err = keep_user(hook);
	if (!err && hook->state == HOOK_USER)
		err = fail_point("hooks.kept");
	if (!err)
		err = file_write(hook->path, text, strlen(text), 0755);
	if (!err && hook->state == HOOK_USER)
		note("moved your hook '%s' to '%s.user'; git hop's hook runs it", hook->path,
		     hook->name);
	return err ? err : fail_point("hooks.written");
}

struct error *hooks_install(const struct hooks *hooks)
{
	struct error *err = NULL;

	if (hooks->place != HOOKS_HERE)
		return NULL;
	err = file_make_dirs(hooks->dir, 0777);
	for (size_t i = 0; !err && i < hooks->count; i++)
		err = install_one(&hooks->list[i]);
	return error_wrap(err, "cannot install git hooks");
}

char *hooks_commands(void *ctx, const struct hooks *hooks)
{
	SCOPE(tmp, ctx);
	char *text = NULL, *dir = hooks->dir;

	if (hooks->place != HOOKS_ELSEWHERE)
		return NULL;
	if (strcmp(path_base(dir), "_") == 0)
		dir = path_dir(tmp, dir);
	for (size_t i = 0; i < hooks->count; i++) {
		const struct hook *hook = &hooks->list[i];

		if (hook->state != HOOK_READY)
			mem_append(&text, ctx, "%secho 'git hop hook %s -- \"$@\"' >>%s",
				   text ? "\n" : "", hook->name,
				   path_quote(tmp, path_join(tmp, dir, hook->name)));
	}
	return text;
}

/* Reports what the user has to do. */
static void say_left(void *ctx, const struct hooks *hooks)
{
	char *commands = hooks_commands(ctx, hooks);

	if (commands) {
		warn("git hooks were not installed: core.hooksPath is '%s'", hooks->dir);
		hint("git hop check shows the lines to add; to use no hooks: "
		     "git config hop.hooks false");
	}
	for (size_t i = 0; i < hooks->count; i++) {
		const struct hook *hook = &hooks->list[i];

		if (hook->state == HOOK_OCCUPIED)
			warn("hook '%s' was not replaced, because '%s.user' exists", hook->path,
			     hook->name);
	}
}

void hooks_begin(struct repo *repo)
{
	SCOPE(tmp, NULL);
	struct hooks hooks;
	struct error *err = hooks_read(&hooks, tmp, repo);

	if (!err)
		err = hooks_install(&hooks);
	if (!err)
		say_left(tmp, &hooks);
	if (err)
		warn("%s", err->message);
	error_free(err);
}

struct error *hooks_refresh(struct project *p)
{
	SCOPE(tmp, p);
	struct hooks hooks = {.place = HOOKS_HERE};
	size_t ours = 0, used = 0;
	struct error *err;
	bool wanted;

	err = is_wanted(&wanted, p->repo);
	if (err || !wanted || repo_config(tmp, p->repo, "core.hooksPath"))
		return err;
	hooks.dir = path_join(tmp, p->common, "hooks");
	read_states(&hooks, tmp);
	for (size_t i = 0; i < hooks.count; i++) {
		enum hook_state state = hooks.list[i].state;

		ours += state == HOOK_READY || state == HOOK_OLD;
		if (state == HOOK_MISSING || state == HOOK_OLD)
			hooks.list[used++] = hooks.list[i];
	}
	hooks.count = used;
	if (!ours || !used || !is_inside(tmp, p->repo, hooks.dir))
		return NULL;
	debug("installing missing git hooks");
	return hooks_install(&hooks);
}
