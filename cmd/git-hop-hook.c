/* git hop hook: run a git hook. */
#include "cmd.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "care/hook_policy.h"
#include "verb.h"

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

/* *REPO is NULL when there is nothing to judge. */
static struct error *open_repo(struct repo **repo, struct call *c)
{
	struct error *err;
	bool wanted;

	err = repo_open(repo, c, NULL);
	if (!err)
		err = hook_policy_wanted(&wanted, *repo);
	if (err || !wanted)
		*repo = NULL;
	return judge(err);
}

static struct error *run_commit(struct call *c)
{
	struct repo *repo;
	struct error *err = open_repo(&repo, c);

	return err || !repo ? err : judge(hook_policy_commit(repo));
}

static struct error *run_prepare(struct call *c)
{
	struct repo *repo;
	struct error *err = open_repo(&repo, c);

	return err || !repo ? err : judge(hook_policy_pick(repo));
}

static struct error *run_message(struct call *c)
{
	struct repo *repo;
	struct error *err = open_repo(&repo, c);

	return err || !repo ? err : judge(hook_policy_message(repo, c->args[0]));
}

static struct error *run_rebase(struct call *c)
{
	const char *branch = c->count ? c->args[1] : NULL;
	struct repo *repo;
	struct error *err = open_repo(&repo, c);

	return err || !repo ? err : judge(hook_policy_rebase(repo, branch));
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

static struct error *run_push(struct call *c)
{
	struct repo *repo;
	struct error *err = open_repo(&repo, c);
	char *lines;

	if (err || !repo || getenv("HOP_PUSH"))
		return err;
	err = read_input(&lines, c);
	if (!err)
		err = hook_policy_push(repo, c->args[0], lines);
	return judge(err);
}

/* Arguments may begin with a dash; Ctrl-C ends the hook, and git; a commit's index is git's. */
#define HOOK_NEEDS (VERB_STOP | VERB_DEFAULT_SIGNALS | VERB_GIT_ENV)

static const struct verb pre_commit = {
	.name = "pre-commit",
	.args = "",
	.help = "refuse commits on ho-prod and release branches",
	.synopsis = "git hop hook pre-commit [--] [ARGUMENT...]",
	.about = "See githooks(5).",
	.needs = HOOK_NEEDS,
	.run = run_commit,
};

static const struct verb pre_merge_commit = {
	.name = "pre-merge-commit",
	.args = "",
	.help = "the same for merges",
	.synopsis = "git hop hook pre-merge-commit [--] [ARGUMENT...]",
	.about = "See githooks(5).",
	.needs = HOOK_NEEDS,
	.run = run_commit,
};

static const struct verb prepare_commit_msg = {
	.name = "prepare-commit-msg",
	.args = "FILE ...",
	.help = "the same for git cherry-pick",
	.synopsis = "git hop hook prepare-commit-msg [--] [ARGUMENT...]",
	.about = "See githooks(5).",
	.max = 3,
	.needs = HOOK_NEEDS,
	.run = run_prepare,
};

static const struct verb commit_msg = {
	.name = "commit-msg",
	.args = "FILE",
	.help = "add 'Refs #N' to commits on a patch branch",
	.synopsis = "git hop hook commit-msg [--] [ARGUMENT...]",
	.about = "See githooks(5).",
	.min = 1,
	.max = 1,
	.needs = HOOK_NEEDS,
	.run = run_message,
};

static const struct verb pre_rebase = {
	.name = "pre-rebase",
	.args = "UPSTREAM [BRANCH]",
	.help = "refuse to rebase ho-prod and release branches",
	.synopsis = "git hop hook pre-rebase [--] [ARGUMENT...]",
	.about = "See githooks(5).",
	.max = 2,
	.needs = HOOK_NEEDS,
	.run = run_rebase,
};

static const struct verb pre_push = {
	.name = "pre-push",
	.args = "REMOTE URL",
	.help = "refuse to push ho-prod and release branches",
	.synopsis = "git hop hook pre-push [--] [ARGUMENT...]",
	.about = "See githooks(5).",
	.min = 1,
	.max = 2,
	.needs = HOOK_NEEDS,
	.run = run_push,
};

static const struct verb *const verbs[] = {&pre_commit, &pre_merge_commit, &prepare_commit_msg,
					   &commit_msg, &pre_rebase,       &pre_push,
					   NULL};

static const struct verb self = {
	.synopsis = "git hop hook NAME [--] [ARGUMENT...]",
	.about = "Run a git hook; called by the hooks that git hop installs.",
};

static const struct program program = {&self, verbs};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
