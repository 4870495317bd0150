/* Repairs the checkout after a command that was killed. */
#include "publish/checkout.h"

#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "core/branch.h"
#include "port/git.h"
#include "publish/checkout_private.h"

/* The first commit of the branch may have arrived without its files being checked out. */
static struct error *recover_first(struct checkout *f)
{
	SCOPE(tmp, f);
	struct project *p = f->project;
	struct error *err = NULL;
	bool done;

	if (f->mark->to)
		err = checkout_is_written(&done, f->mark);
	else
		done = file_exists(path_join(tmp, repo_git_dir(p->repo), "index"));
	if (!err && !done && f->mark->to)
		err = checkout_put_back(f->mark);
	if (err || done)
		return err;
	f->head = NULL;
	return checkout_first(f);
}

/* *DONE: git had changed all but HEAD, and that follows. */
static struct error *move_head(bool *done, struct checkout *f)
{
	SCOPE(tmp, f);
	const struct mark *mark = f->mark;
	struct repo *repo = f->project->repo;
	const char *ref = checkout_ref(tmp, mark->stand);
	bool same = f->branch && strcmp(f->branch, mark->stand) == 0;
	struct error *err;
	char *tip;

	err = checkout_is_written(done, mark);
	if (!err)
		err = repo_ref(&tip, tmp, repo, ref);
	if (err || !*done)
		return err;
	*done = tip && strcmp(tip, same ? mark->from : mark->to) == 0;
	if (!*done)
		return NULL;
	if (same)
		return git_run(NULL, tmp, repo, "update-ref", "-m", "hop: fast-forward", ref,
			       mark->to, mark->from, NULL);
	return git_run(NULL, tmp, repo, "symbolic-ref", "-m", "hop: switch", "HEAD", ref, NULL);
}

/* git was killed while it changed the files of the working tree, or at its end. */
static struct error *recover_move(struct checkout *f, bool same)
{
	const struct mark *mark = f->mark;
	struct error *err;
	bool done;

	if (!mark->from && f->head)
		return same ? recover_first(f) : NULL;
	/* It is done, or the user has gone elsewhere. */
	if (checkout_is_done(f) || (f->branch && !same) ||
	    (f->head ? strcmp(f->head, mark->from) != 0 : mark->from != NULL))
		return NULL;
	note("finishing the checkout of '%s', left by a command that was killed", mark->stand);
	err = move_head(&done, f);
	if (err || done)
		return err;
	err = checkout_put_back(mark);
	if (err)
		return err;
	return f->branch && strcmp(f->branch, mark->stand) == 0 ? checkout_stay(f)
								: checkout_stand_on(f, mark->stand);
}

/* HEAD is detached where the branch was. */
static struct error *recover_head(struct checkout *f, const char *branch)
{
	SCOPE(tmp, f);
	struct repo *repo = f->project->repo;
	struct error *err;
	char *tip;

	err = repo_ref(&tip, tmp, repo, checkout_ref(tmp, branch));
	if (err)
		return err;
	if (tip && f->head && strcmp(tip, f->head) == 0)
		return git_run(NULL, tmp, repo, "symbolic-ref", "HEAD", checkout_ref(tmp, branch),
			       NULL);
	return checkout_stand_on(f, tip ? branch : BRANCH_PROD);
}

/* The mark says which branch was checked out when the command died. */
static struct error *recover(struct checkout *f)
{
	const char *branch;
	struct error *err;
	bool same;

	err = mark_read(f->mark);
	if (!err)
		err = repo_head(&f->branch, &f->head, f, f->project->repo);
	if (err)
		return err;
	branch = f->mark->branch;
	same = branch && f->branch && strcmp(f->branch, branch) == 0;
	if (f->mark->to)
		return recover_move(f, same);
	if (f->branch)
		return same ? recover_first(f) : NULL;
	return branch ? recover_head(f, branch) : NULL;
}

bool checkout_is_left(const struct project *p)
{
	SCOPE(tmp, NULL);

	return p->root && file_exists(mark_path(tmp, p));
}

struct error *checkout_recover(struct project *p)
{
	SCOPE(tmp, p);
	struct checkout *f = mem_new(tmp, struct checkout);
	struct error *err;

	f->project = p;
	if (!checkout_is_left(p))
		return NULL;
	err = mark_open(&f->mark, f, p, true);
	if (err || !f->mark)
		return err; /* its command is still running */
	err = recover(f);
	if (!err)
		checkout_forget(f);
	return err;
}
