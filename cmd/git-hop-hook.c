/* git hop hook: run a git hook. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/opt.h"
#include "care/hook_policy.h"

/*
 * A hook refuses or allows. If it cannot decide, it must not keep people from committing.
 */
static struct error *judge(struct error *err)
{
	if (!err || err->code == ERROR_NO)
		return err;
	warn("git hop cannot check this: %s", err->message);
	error_free(err);
	return NULL;
}

/* The arguments that git gave; *DONE when there is nothing to judge. */
static struct error *begin(struct repo **repo, char ***args, bool *done, void *ctx, int argc,
			   char **argv, int most)
{
	const struct opt opts[] = {OPT_COMMON, OPT_END};
	const struct opt_usage usage = {mem_printf(ctx, "git hop hook %s [--] [ARGUMENT...]",
						   argv[0]),
					"See githooks(5).", opts, NULL};
	struct error *err;
	bool wanted;
	int first;

	err = opt_parse(&first, done, argc, argv, &usage, true);
	if (err || *done)
		return err;
	err = opt_count(&usage, argc - first, 0, most);
	if (err)
		return err;
	*args = argv + first;
	err = repo_open(repo, ctx, NULL);
	if (!err)
		err = hook_policy_wanted(&wanted, *repo);
	*done = err || !wanted;
	return judge(err);
}

static struct error *run_commit(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct repo *repo;
	struct error *err;
	char **args;
	bool done;

	err = begin(&repo, &args, &done, tmp, argc, argv, 0);
	return err || done ? err : judge(hook_policy_commit(repo));
}

static struct error *run_prepare(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct repo *repo;
	struct error *err;
	char **args;
	bool done;

	err = begin(&repo, &args, &done, tmp, argc, argv, 3);
	return err || done ? err : judge(hook_policy_pick(repo));
}

static struct error *run_message(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct repo *repo;
	struct error *err;
	char **args;
	bool done;

	err = begin(&repo, &args, &done, tmp, argc, argv, 1);
	if (err || done)
		return err;
	if (!args[0])
		return error_new(ERROR_USAGE, "no message file given");
	return judge(hook_policy_message(repo, args[0]));
}

static struct error *run_rebase(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct repo *repo;
	struct error *err;
	char **args;
	bool done;

	err = begin(&repo, &args, &done, tmp, argc, argv, 2);
	if (err || done)
		return err;
	return judge(hook_policy_rebase(repo, args[0] ? args[1] : NULL));
}

/* All of standard input. */
static struct error *read_input(char **out, void *ctx)
{
	char buffer[4096];
	ssize_t n;

	*out = mem_dup(ctx, "");
	while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		mem_append(out, ctx, "%.*s", (int)n, buffer);
	return n < 0 ? error_errno("cannot read standard input") : NULL;
}

static struct error *run_push(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct repo *repo;
	struct error *err;
	char **args, *lines;
	bool done;

	err = begin(&repo, &args, &done, tmp, argc, argv, 2);
	if (err || done || getenv("HOP_PUSH"))
		return err;
	if (!args[0])
		return error_new(ERROR_USAGE, "no remote given");
	err = read_input(&lines, tmp);
	if (!err)
		err = hook_policy_push(repo, args[0], lines);
	return judge(err);
}

static const struct opt_verb verbs[] = {
	{"pre-commit", "", "refuse commits on ho-prod and release branches", run_commit},
	{"pre-merge-commit", "", "the same for merges", run_commit},
	{"prepare-commit-msg", "FILE ...", "the same for git cherry-pick", run_prepare},
	{"commit-msg", "FILE", "add 'Refs #N' to commits on a patch branch", run_message},
	{"pre-rebase", "UPSTREAM [BRANCH]", "refuse to rebase ho-prod and release branches",
	 run_rebase},
	{"pre-push", "REMOTE URL", "refuse to push ho-prod and release branches", run_push},
	{NULL, NULL, NULL, NULL},
};

struct error *command(int argc, char **argv)
{
	const struct opt opts[] = {OPT_COMMON, OPT_END};
	const struct opt_usage usage =
		{"git hop hook NAME [--] [ARGUMENT...]",
		 "Run a git hook; called by the hooks that git hop installs.", opts, verbs};

	return opt_dispatch(argc, argv, &usage);
}
