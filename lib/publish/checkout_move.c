/* Lets git change the files of the working tree. */
#include "publish/checkout.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/proc.h"
#include "core/branch.h"
#include "port/git.h"
#include "publish/checkout_private.h"

/* How long to wait for another command in this checkout: 3 seconds. */
#define MARK_TRIES 30
#define MARK_PAUSE 100000 /* microseconds */

/* git knows it, whether it is in the repository or not. */
#define EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

char *checkout_ref(const void *ctx, const char *branch)
{
	return mem_printf(ctx, "refs/heads/%s", branch);
}

struct error *checkout_mark(struct checkout *f, const char *branch)
{
	struct error *err = NULL;

	for (int try = 0; !err && !f->mark && try < MARK_TRIES; try++) {
		if (try > 0)
			usleep(MARK_PAUSE);
		err = mark_open(&f->mark, f, f->project, false);
	}
	if (!err && !f->mark)
		err = error_hint(error_new(ERROR_AGAIN,
					   "another git hop command is running in this checkout"),
				 "try again when it is done");
	return err ? err : mark_branch(f->mark, branch);
}

void checkout_forget(struct checkout *f)
{
	if (f->mark)
		mark_forget(f->mark);
	talloc_free(f->mark);
	f->mark = NULL;
}

struct error *checkout_raise(struct project *p, const char *branch)
{
	SCOPE(tmp, p);
	struct git_ref_change change = {.ref = checkout_ref(tmp, branch)};
	char *here, *there;
	struct error *err;
	bool behind;

	if (!p->remote)
		return NULL;
	err = repo_ref(&here, tmp, p->repo, change.ref);
	if (!err)
		err = project_tip(&there, tmp, p, branch);
	if (err || !there)
		return err;
	if (!here)
		return git_run(NULL, tmp, p->repo, "branch", "--quiet", "--track", branch,
			       project_ref(tmp, p, branch), NULL);
	err = repo_is_ancestor(&behind, p->repo, here, there);
	if (err || !behind || strcmp(here, there) == 0)
		return err;
	change.old = here;
	change.new = there;
	return git_update_refs(tmp, p->repo, &change, 1, "hop: fast-forward");
}

/* Reports why git cannot switch, without git's own advice. */
static void say_cannot(struct error *err, const char *branch, const char *command)
{
	SCOPE(tmp, NULL);

	warn("cannot switch to '%s': the checkout stays as it is", branch);
	for (char **line = mem_split(tmp, err->detail ? err->detail : "", '\n'); *line; line++)
		note("  %s", *line);
	hint("commit or stash your changes, then: %s", command);
	error_free(err);
}

bool checkout_is_done(const struct checkout *f)
{
	SCOPE(tmp, f);
	const struct mark *mark = f->mark;
	struct error *err;
	char *now, *head;

	err = repo_head(&now, &head, tmp, f->project->repo);
	error_free(err);
	return !err && now && head && strcmp(now, mark->stand) == 0 && strcmp(head, mark->to) == 0;
}

/*
 * Runs git, which changes the files of the working tree to those of TO and ends on the branch
 * STAND. *REFUSED: git failed, and the files are what they were before, also if it failed in the
 * middle: for lack of space, say.
 */
static struct error *move(bool *refused, struct checkout *f, const char *stand, const char *to,
			  char *const *argv)
{
	SCOPE(tmp, f);
	struct repo *repo = f->project->repo;
	struct error *err, *undone;
	char *now, *head;

	*refused = false;
	err = repo_head(&now, &head, tmp, repo);
	if (!err && !f->mark)
		err = checkout_mark(f, now);
	if (!err)
		err = mark_move(f->mark, f->head ? head : NULL, to, stand);
	if (!err)
		err = fail_point("checkout.moving");
	if (err)
		return err;
	err = git_run_argv(NULL, tmp, repo, argv);
	if (!err || (f->head && checkout_is_done(f))) {
		error_free(err);
		return fail_point("checkout.moved");
	}
	undone = checkout_put_back(f->mark);
	*refused = !undone && err->code == ERROR_FAIL;
	if (!undone)
		return err;
	error_free(err);
	return undone;
}

struct error *checkout_stand_on(struct checkout *f, const char *branch)
{
	SCOPE(tmp, f);
	struct repo *repo = f->project->repo;
	struct error *err;
	bool out, refused = false;
	char *to = NULL;

	/* Not if it is checked out in another worktree: git would refuse to switch. */
	err = repo_is_checked_out(&out, repo, checkout_ref(tmp, branch));
	if (!err && !out)
		err = checkout_raise(f->project, branch);
	if (!err)
		err = repo_ref(&to, tmp, repo, checkout_ref(tmp, branch));
	if (!err && !to)
		err = error_new(ERROR_FAIL, "the branch '%s' does not exist", branch);
	if (!err)
		err = move(&refused, f, branch, to,
			   proc_argv(tmp, "git", "switch", "--quiet", "--no-guess", branch, NULL));
	if (!err || !refused)
		return err;
	say_cannot(err, branch, mem_printf(tmp, "git switch %s", branch));
	return NULL;
}

/* The checkout stays on its branch, which may have moved at the remote. */
struct error *checkout_stay(struct checkout *f)
{
	SCOPE(tmp, f);
	struct error *err;
	bool behind, refused;
	char *there;

	if (!f->branch || !f->head || !f->project->remote ||
	    branch_parse(tmp, f->branch).kind == BRANCH_OTHER)
		return NULL;
	err = project_tip(&there, tmp, f->project, f->branch);
	if (err || !there || strcmp(there, f->head) == 0)
		return err;
	err = repo_is_ancestor(&behind, f->project->repo, f->head, there);
	if (err || !behind)
		return err;
	err = move(&refused, f, f->branch, there,
		   proc_argv(tmp, "git", "merge", "--quiet", "--ff-only", "--no-edit", there,
			     NULL));
	if (!err || !refused)
		return err;
	say_cannot(err, f->branch,
		   mem_printf(tmp, "git merge --ff-only %s/%s", f->project->remote, f->branch));
	return NULL;
}

/* The current branch has received its first commit. */
struct error *checkout_first(struct checkout *f)
{
	SCOPE(tmp, f);
	struct error *err;
	bool refused;
	char *to;

	err = checkout_raise(f->project, f->branch);
	if (!err)
		err = repo_ref(&to, tmp, f->project->repo, checkout_ref(tmp, f->branch));
	if (err || !to)
		return err;
	/* From nothing: what the user has added to the index stays. */
	return move(&refused, f, f->branch, to,
		    proc_argv(tmp, "git", "read-tree", "-m", "-u", EMPTY_TREE, "HEAD", NULL));
}
