/* The git program: the working tree, with filters and ignored files. */
#include "port/git_work.h"

#include <stdlib.h>
#include <string.h>

#include "port/git_private.h"

/* Runs git at the top of the working tree, where paths in the tree are paths of files. */
static struct error *run_at_top(struct proc *proc, void *ctx, const struct repo *repo,
				char *const *argv, const char *input, size_t length)
{
	char **env = git_env(ctx, repo);
	struct error *err;

	mem_list_add(&env, ctx, mem_printf(ctx, "GIT_DIR=%s", repo_git_dir(repo)));
	mem_list_add(&env, ctx, mem_printf(ctx, "GIT_WORK_TREE=%s", repo_work_dir(repo)));
	git_proc(proc, ctx, repo, argv);
	proc->dir = repo_work_dir(repo);
	proc->env = env;
	proc->input = input;
	proc->input_length = length;
	err = proc_run(ctx, proc);
	if (err || proc->status == 0)
		return err;
	err = error_new(ERROR_FAIL, "git cannot read or write the working tree");
	return *proc->errors ? error_detail(err, "%s", proc_tail(proc->errors, 12)) : err;
}

/* Splits NUL-terminated items, and drops the first SKIP bytes of each. */
static char **items_of(void *ctx, const struct proc *proc, size_t skip)
{
	char **list = mem_array(ctx, char *, 1);
	const char *end = proc->output + proc->output_length;

	for (const char *p = proc->output; p < end; p += strlen(p) + 1) {
		if (strlen(p) > skip)
			mem_list_add(&list, ctx, p + skip);
	}
	return list;
}

static char *literal(void *ctx, const char *under)
{
	return mem_printf(ctx, ":(top,literal)%s", under);
}

#define STATUS                                                                       \
	"git", "--no-optional-locks", "status", "--porcelain", "-z", "--no-renames", \
		"--ignore-submodules=all"

struct error *git_changes(char ***paths, void *ctx, const struct repo *repo, const char *under,
			  bool untracked)
{
	SCOPE(tmp, ctx);
	char **argv = proc_argv(tmp, STATUS,
				untracked ? "--untracked-files=all" : "--untracked-files=no", NULL);
	struct proc proc;
	struct error *err;

	if (under) {
		mem_list_add(&argv, tmp, "--");
		mem_list_add(&argv, tmp, literal(tmp, under));
	}
	err = run_at_top(&proc, tmp, repo, argv, NULL, 0);
	if (!err)
		*paths = items_of(ctx, &proc, strlen("XY "));
	return err;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a + strlen("XY "), *(char *const *)b + strlen("XY "));
}

struct error *git_status(char ***entries, void *ctx, const struct repo *repo)
{
	SCOPE(tmp, ctx);
	struct proc proc;
	struct error *err;

	err = run_at_top(&proc, tmp, repo, proc_argv(tmp, STATUS, "--untracked-files=no", NULL),
			 NULL, 0);
	if (err)
		return err;
	*entries = items_of(ctx, &proc, 0);
	qsort(*entries, mem_list_length(*entries), sizeof(**entries), by_path);
	return NULL;
}

struct error *git_index_changes(char ***paths, void *ctx, const struct repo *repo,
				const char *commit)
{
	SCOPE(tmp, ctx);
	struct proc proc;
	struct error *err;

	err = run_at_top(&proc, tmp, repo,
			 proc_argv(tmp, "git", "diff-index", "--cached", "--no-renames",
				   "--ignore-submodules=all", "--name-only", "-z", commit, NULL),
			 NULL, 0);
	if (!err)
		*paths = items_of(ctx, &proc, 0);
	return err;
}

struct error *git_write_files(const struct repo *repo, char *const *paths)
{
	SCOPE(tmp, NULL);
	char **argv = proc_argv(tmp, "git", "checkout-index", "--quiet", "-z", "--stdin", NULL);
	char *input = mem_array(tmp, char, 1);
	size_t length = 0;
	struct proc proc;

	for (; *paths; paths++) {
		size_t n = strlen(*paths) + 1;

		input = mem_resize(tmp, input, char, length + n);
		memcpy(input + length, *paths, n);
		length += n;
	}
	return length ? run_at_top(&proc, tmp, repo, argv, input, length) : NULL;
}

struct error *git_ignored(char ***paths, void *ctx, const struct repo *repo, const char *under)
{
	SCOPE(tmp, ctx);
	struct proc proc;
	struct error *err;

	err = run_at_top(&proc, tmp, repo,
			 proc_argv(tmp, "git", "ls-files", "-z", "--others", "--ignored",
				   "--exclude-standard", "--", literal(tmp, under), NULL),
			 NULL, 0);
	if (!err)
		*paths = items_of(ctx, &proc, 0);
	return err;
}

struct error *git_hash_files(char ***oids, void *ctx, const struct repo *repo, char *const *paths)
{
	SCOPE(tmp, ctx);
	char *input = mem_dup(tmp, "");
	struct proc proc;
	struct error *err;

	for (; *paths; paths++)
		mem_append(&input, tmp, "%s\n", *paths);
	err = run_at_top(&proc, tmp, repo,
			 proc_argv(tmp, "git", "hash-object", "--stdin-paths", NULL), input, 0);
	if (!err)
		*oids = mem_split(ctx, proc.output, '\n');
	return err;
}
