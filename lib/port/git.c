/* The git program: objects, refs, worktrees. */
#include "port/git.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/git_private.h"

/* 10 seconds in all. */
#define LOCK_TRIES 20
#define LOCK_SAY 5
#define LOCK_PAUSE 50000 /* microseconds, times the number of the try */

char **git_env(void *ctx, const struct repo *repo)
{
	char **env = proc_argv(ctx, "LC_ALL=C", NULL);

	/* In a directory that we name, the caller's GIT_DIR must not redirect git. */
	if (repo && repo_start_dir(repo)) {
		mem_list_add(&env, ctx, "GIT_DIR");
		mem_list_add(&env, ctx, "GIT_WORK_TREE");
	}
	return env;
}

void git_leave_caller(void)
{
	static const char *const names[] = {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
					    "GIT_COMMON_DIR",
					    "GIT_CONFIG",
					    "GIT_GRAFT_FILE",
					    "GIT_IMPLICIT_WORK_TREE",
					    "GIT_INDEX_FILE",
					    "GIT_INTERNAL_SUPER_PREFIX",
					    "GIT_NO_REPLACE_OBJECTS",
					    "GIT_OBJECT_DIRECTORY",
					    "GIT_PREFIX",
					    "GIT_QUARANTINE_PATH",
					    "GIT_REPLACE_REF_BASE",
					    "GIT_SHALLOW_FILE",
					    NULL};

	for (size_t i = 0; names[i]; i++)
		unsetenv(names[i]);
}

void git_proc(struct proc *proc, void *ctx, const struct repo *repo, char *const *argv)
{
	*proc = (struct proc){.argv = argv,
			      .dir = repo ? repo_start_dir(repo) : NULL,
			      .env = git_env(ctx, repo),
			      .capture = true,
			      .capture_err = true};
	if (!repo)
		return;
	proc->live[0] = repo_live(repo, REPO_LIVE_COMMAND);
	proc->live[1] = repo_live(repo, REPO_LIVE_CHECKOUT);
}

static void chomp(char *text)
{
	size_t n = strlen(text);

	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
}

/* The git command, for messages. */
static const char *verb_of(char *const *argv)
{
	for (argv++; *argv; argv++) {
		if (strcmp(*argv, "-c") == 0)
			argv++;
		else if (**argv != '-')
			return *argv;
	}
	return "";
}

static struct error *git_result(char **out, void *ctx, struct proc *proc)
{
	struct error *err;

	err = proc_run(ctx, proc);
	if (err)
		return err;
	if (proc->status != 0) {
		err = error_new(ERROR_FAIL, "git %s failed", verb_of(proc->argv));
		return *proc->errors ? error_detail(err, "%s", proc_tail(proc->errors, 12)) : err;
	}
	chomp(proc->output);
	if (out)
		*out = proc->output;
	return NULL;
}

struct error *git_run_argv(char **out, void *ctx, const struct repo *repo, char *const *argv)
{
	struct proc proc;

	git_proc(&proc, ctx, repo, argv);
	return git_result(out, ctx, &proc);
}

struct error *git_filter(char **out, void *ctx, const struct repo *repo, char *const *argv,
			 const char *input)
{
	struct proc proc;

	git_proc(&proc, ctx, repo, argv);
	proc.input = input;
	return git_result(out, ctx, &proc);
}

struct error *git_run(char **out, void *ctx, const struct repo *repo, ...)
{
	SCOPE(tmp, NULL);
	char **argv = proc_argv(tmp, "git", NULL);
	const char *word;
	va_list ap;

	va_start(ap, repo);
	while ((word = va_arg(ap, const char *)) != NULL)
		mem_list_add(&argv, tmp, word);
	va_end(ap);
	return git_run_argv(out, ctx, repo, argv);
}

struct error *git_commit_tree(char **oid, void *ctx, const struct repo *repo, const char *tree,
			      const char *const *parents, size_t count, const char *message)
{
	SCOPE(tmp, NULL);
	char **argv = proc_argv(tmp, "git", "commit-tree", "-F", "-", NULL);
	struct error *err;
	struct proc proc;
	bool sign;
	char *text;

	err = repo_config_bool(&sign, repo, "commit.gpgSign", false);
	if (err)
		return err;
	if (sign)
		mem_list_add(&argv, tmp, "-S");
	for (size_t i = 0; i < count; i++) {
		mem_list_add(&argv, tmp, "-p");
		mem_list_add(&argv, tmp, parents[i]);
	}
	mem_list_add(&argv, tmp, tree);
	git_proc(&proc, tmp, repo, argv);
	proc.input = message;
	err = git_result(&text, tmp, &proc);
	if (err)
		return error_wrap(err, "cannot write a commit");
	*oid = mem_dup(ctx, text);
	return NULL;
}

/*
 * "git tag" can sign, but also creates a ref. So it runs in a temporary git directory that shares
 * objects and settings: the tag object remains, and the ref is removed with the directory.
 */
static struct error *make_shadow(char **env, const char *shadow, const char *common)
{
	SCOPE(tmp, NULL);
	char *config = mem_printf(tmp,
				  "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
				  "[include]\n\tpath = %sconfig\n[core]\n\tbare = true\n",
				  common);
	struct error *err;

	err = file_make_dirs(path_join(tmp, shadow, "refs"), 0700);
	if (!err)
		err = file_make_dirs(path_join(tmp, shadow, "objects"), 0700);
	if (!err)
		err = file_write(path_join(tmp, shadow, "config"), config, strlen(config), 0600);
	if (!err)
		err = file_write(path_join(tmp, shadow, "HEAD"), "ref: refs/heads/x\n", 18, 0600);
	if (err)
		return err;
	env[0] = mem_printf(env, "GIT_DIR=%s", shadow);
	env[1] = mem_printf(env, "GIT_OBJECT_DIRECTORY=%sobjects", common);
	env[2] = mem_dup(env, "GIT_WORK_TREE");
	env[3] = mem_dup(env, "GIT_COMMON_DIR");
	env[4] = mem_dup(env, "LC_ALL=C");
	return NULL;
}

static struct error *tag_in_shadow(char **oid, void *ctx, char **env, const char *name,
				   const char *commit, const char *message)
{
	struct proc proc;
	struct error *err;

	git_proc(&proc, env, NULL,
		 proc_argv(env, "git", "tag", "-a", "-F", "-", name, commit, NULL));
	proc.env = env;
	proc.input = message;
	err = git_result(NULL, env, &proc);
	if (err)
		return err;
	git_proc(&proc, env, NULL,
		 proc_argv(env, "git", "rev-parse", mem_printf(env, "refs/tags/%s", name), NULL));
	proc.env = env;
	return git_result(oid, ctx, &proc);
}

struct error *git_tag_object(char **oid, void *ctx, const struct repo *repo, const char *shadow,
			     const char *name, const char *commit, const char *message)
{
	SCOPE(tmp, NULL);
	char **env = mem_array(tmp, char *, 6);
	struct error *err, *gone;

	err = make_shadow(env, shadow, repo_common_dir(repo));
	if (!err)
		err = fail_point("tag.shadow");
	if (!err)
		err = tag_in_shadow(oid, ctx, env, name, commit, message);
	gone = file_remove_tree(shadow);
	error_free(gone);
	return error_wrap(err, "cannot write the tag '%s'", name);
}

bool git_is_locked(const char *said)
{
	const char *at = strstr(said, "Unable to create '");

	return at && strstr(at, "File exists");
}

bool git_wait_for_lock(int try)
{
	if (try == LOCK_TRIES)
		return false;
	if (try == LOCK_SAY)
		note("waiting for a lock file of git");
	usleep(LOCK_PAUSE * (useconds_t)try);
	return true;
}

struct error *git_locked_error(const char *said, const char *verb, const char *object)
{
	struct error *err = error_new(ERROR_FAIL, "cannot %s '%s': a lock file is in the way", verb,
				      object);

	err = error_detail(err, "%s", proc_tail(said, 12));
	return error_hint(err, "nothing was changed; if no git command is running there, a killed "
			       "one left the file: remove it");
}

static bool moved(const char *text)
{
	static const char *const reasons[] = {"stale info",
					      "fetch first",
					      "non-fast-forward",
					      "failed to update ref",
					      "cannot lock ref",
					      "incorrect old value",
					      "already exists",
					      "failed to lock",
					      "but expected",
					      "unable to resolve ref",
					      NULL};

	for (size_t i = 0; reasons[i]; i++) {
		if (strstr(text, reasons[i]))
			return true;
	}
	return false;
}

struct error *git_update_refs(void *ctx, const struct repo *repo,
			      const struct git_ref_change *changes, size_t count,
			      const char *reason)
{
	SCOPE(tmp, ctx);
	char *input = NULL;
	struct error *err;
	struct proc proc;

	if (count == 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct git_ref_change *c = &changes[i];

		if (!c->new)
			mem_append(&input, tmp, "delete %s %s\n", c->ref, c->old);
		else if (c->old)
			mem_append(&input, tmp, "update %s %s %s\n", c->ref, c->new, c->old);
		else
			mem_append(&input, tmp, "create %s %s\n", c->ref, c->new);
	}
	git_proc(&proc, tmp, repo,
		 proc_argv(tmp, "git", "update-ref", "-m", reason, "--stdin", NULL));
	proc.input = input;
	proc.patient = true;
	for (int try = 1;; try++) {
		err = git_result(NULL, tmp, &proc);
		if (!err || err->code != ERROR_FAIL || !git_is_locked(proc.errors))
			break;
		error_free(err);
		if (!git_wait_for_lock(try))
			return git_locked_error(proc.errors, "update", changes[0].ref);
	}
	/* The signal came too late: git succeeded. */
	if (err && err->code == ERROR_SIGNALLED && proc.status == 0) {
		error_free(err);
		return NULL;
	}
	if (err && err->detail && moved(err->detail))
		return error_recode(err, ERROR_AGAIN);
	return err;
}

struct error *git_worktree_add(void *ctx, const struct repo *repo, const char *path,
			       const char *commit, bool files)
{
	/* Do not run the user's post-checkout hook. */
	return git_run(NULL, ctx, repo, "-c", "core.hooksPath=/dev/null", "worktree", "add",
		       "--quiet", "--detach", files ? "--checkout" : "--no-checkout", path, commit,
		       NULL);
}

struct error *git_worktree_remove(void *ctx, const struct repo *repo, const char *path)
{
	return git_run(NULL, ctx, repo, "worktree", "remove", "--force", "--force", path, NULL);
}

/* git drops these from both ends of a name, and refuses what is then empty. */
static bool is_crud(const char *text)
{
	while (*text && ((unsigned char)*text <= ' ' || strchr(".,:;<>\"\\'", *text)))
		text++;
	return *text == '\0';
}

/* What git writes into commits when nothing else is set: most people have set just these. */
static bool has_plain_identity(const struct repo *repo)
{
	static const char *const variables[] = {"GIT_AUTHOR_NAME",    "GIT_AUTHOR_EMAIL",
						"GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
						"GIT_AUTHOR_DATE",    "GIT_COMMITTER_DATE"};
	static const char *const others[] = {"author.name", "author.email", "committer.name",
					     "committer.email"};
	static const char *const keys[] = {"user.name", "user.email"};
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		if (getenv(variables[i]))
			return false;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (repo_config(tmp, repo, others[i]))
			return false;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *value = repo_config(tmp, repo, keys[i]);

		if (!value || is_crud(value))
			return false;
	}
	return true;
}

struct error *git_check_identity(void *ctx, const struct repo *repo)
{
	struct error *err = NULL;

	if (has_plain_identity(repo))
		return NULL;
	err = git_run(NULL, ctx, repo, "var", "GIT_COMMITTER_IDENT", NULL);
	if (!err)
		err = git_run(NULL, ctx, repo, "var", "GIT_AUTHOR_IDENT", NULL);
	if (!err)
		return NULL;
	error_free(err);
	return error_hint(error_new(ERROR_FAIL, "git does not know who you are"),
			  "git config --global user.name \"Your Name\"\n"
			  "git config --global user.email you@example.com");
}
