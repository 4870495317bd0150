/* Brings this clone up to date with what was published. */
#include "publish/checkout.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "core/branch.h"
#include "publish/branch_state.h"

struct checkout {
	struct project *project;
	char *branch; /* the current branch; NULL: HEAD is detached, or the repository is bare */
	char *head;   /* its commit; NULL: unborn */
	char *mark;   /* file that names the branch while it is being moved; NULL: it is not */
	int lock;     /* lock on that file */
};

static char *head_ref(const void *ctx, const char *branch)
{
	return mem_printf(ctx, "refs/heads/%s", branch);
}

static int checkout_destroy(struct checkout *f)
{
	if (f->lock >= 0)
		close(f->lock);
	return 0;
}

static const struct git_ref_change *find_change(const struct publication *pub, const char *ref)
{
	for (size_t i = 0; i < pub->count; i++) {
		if (strcmp(pub->changes[i].ref, ref) == 0 &&
		    !publication_is_guard(&pub->changes[i]))
			return &pub->changes[i];
	}
	return NULL;
}

/* A mark that is not locked was left by a killed command: the checkout must be repaired. */
static struct error *make_mark(struct checkout *f)
{
	char *path = path_join(f, repo_git_dir(f->project->repo), "hop-head");
	struct error *err = file_lock(&f->lock, path, false);

	if (err)
		return err;
	if (f->lock < 0)
		return error_hint(error_new(ERROR_AGAIN,
					    "another git hop command is running in this checkout"),
				  "try again when it is done");
	f->mark = path;
	if (ftruncate(f->lock, 0) < 0 || write(f->lock, f->branch, strlen(f->branch)) < 0)
		return error_errno("cannot write '%s'", f->mark);
	return NULL;
}

/* From here to checkout_undo or checkout_finish HEAD is detached at its commit. */
static struct error *detach(struct checkout *f)
{
	SCOPE(tmp, f);
	struct error *err = make_mark(f);

	if (err)
		return err;
	err = git_run(NULL, tmp, f->project->repo, "update-ref", "--no-deref", "-m",
		      "hop: detach HEAD", "HEAD", f->head, f->head, NULL);
	return err ? err : fail_point("checkout.detached");
}

static struct error *refuse_other_trees(struct checkout *f, const struct publication *pub)
{
	SCOPE(tmp, f);

	for (size_t i = 0; i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];
		struct error *err;
		bool out = false;

		if (!c->old || publication_is_guard(c) ||
		    (f->branch && strcmp(c->ref, head_ref(tmp, f->branch)) == 0))
			continue;
		err = repo_is_checked_out(&out, f->project->repo, c->ref);
		if (err)
			return err;
		if (out)
			return error_hint(
				error_new(ERROR_NO, "'%s' is checked out in another worktree",
					  c->ref + strlen("refs/heads/")),
				"git worktree list shows where; switch to another branch there");
	}
	return NULL;
}

struct error *checkout_prepare(struct checkout **out, void *ctx, struct project *p,
			       const struct publication *pub)
{
	SCOPE(tmp, ctx);
	struct checkout *f = mem_new(ctx, struct checkout);
	const struct git_ref_change *change;
	struct error *err;

	f->project = p;
	f->lock = -1;
	talloc_set_destructor(f, checkout_destroy);
	if (p->root) {
		err = repo_head(&f->branch, &f->head, f, p->repo);
		if (err)
			return err;
	}
	*out = f;
	change = f->branch ? find_change(pub, head_ref(tmp, f->branch)) : NULL;
	if (change && !f->head)
		return make_mark(f);
	if (p->remote)
		return NULL;
	err = refuse_other_trees(f, pub);
	if (err)
		return err;
	return change && change->old ? detach(f) : NULL;
}

/* The mark is obsolete. */
static void forget(struct checkout *f)
{
	if (f->mark)
		unlink(f->mark);
	f->mark = NULL;
}

struct error *checkout_undo(struct checkout *f)
{
	SCOPE(tmp, f);
	struct error *err;

	if (!f->mark)
		return NULL;
	err = git_run(NULL, tmp, f->project->repo, "symbolic-ref", "-m", "hop: reattach HEAD",
		      "HEAD", head_ref(tmp, f->branch), NULL);
	if (!err)
		forget(f);
	return err;
}

/* The local branch exists and is not behind the shared one. */
static struct error *raise_branch(struct project *p, const char *branch)
{
	SCOPE(tmp, p);
	struct git_ref_change change = {.ref = head_ref(tmp, branch)};
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

static struct error *stand_on(struct checkout *f, const char *branch)
{
	SCOPE(tmp, f);
	struct error *err;
	bool out;

	/* Not if it is checked out in another worktree: git would refuse to switch. */
	err = repo_is_checked_out(&out, f->project->repo, head_ref(tmp, branch));
	if (!err && !out)
		err = raise_branch(f->project, branch);
	if (!err)
		err = git_run(NULL, tmp, f->project->repo, "switch", "--quiet", "--no-guess",
			      branch, NULL);
	if (err && !err->detail)
		return err;
	if (err)
		say_cannot(err, branch, mem_printf(tmp, "git switch %s", branch));
	return NULL;
}

/* The checkout stays on its branch, which may have moved at the remote. */
static struct error *stay(struct checkout *f)
{
	SCOPE(tmp, f);
	struct error *err;
	char *there;
	bool behind;

	if (!f->branch || !f->head || !f->project->remote ||
	    branch_parse(tmp, f->branch).kind == BRANCH_OTHER)
		return NULL;
	err = project_tip(&there, tmp, f->project, f->branch);
	if (err || !there || strcmp(there, f->head) == 0)
		return err;
	err = repo_is_ancestor(&behind, f->project->repo, f->head, there);
	if (err || !behind)
		return err;
	err = git_run(NULL, tmp, f->project->repo, "merge", "--quiet", "--ff-only", "--no-edit",
		      there, NULL);
	if (err)
		say_cannot(err, f->branch,
			   mem_printf(tmp, "git merge --ff-only %s/%s", f->project->remote,
				      f->branch));
	return NULL;
}

/* The current branch has received its first commit. */
static struct error *first_checkout(struct checkout *f)
{
	struct error *err;

	err = raise_branch(f->project, f->branch);
	return err ? err
		   : git_run(NULL, f, f->project->repo, "read-tree", "-m", "-u", "HEAD", NULL);
}

struct error *checkout_finish(struct checkout *f, const char *stand)
{
	struct error *err = NULL;
	bool same;

	if (!stand && f->mark)
		stand = f->branch;
	same = stand && f->branch && strcmp(stand, f->branch) == 0;
	if (!f->project->root)
		err = NULL;
	else if (same && !f->head)
		err = first_checkout(f);
	else if (stand && (f->mark || !same))
		err = stand_on(f, stand);
	else
		err = stay(f);
	if (!err)
		err = fail_point("checkout.stands");
	if (err)
		return err;
	forget(f);
	return checkout_branches(f->project);
}

static struct error *checkout_branch(struct project *p, const struct repo_ref *ref)
{
	SCOPE(tmp, p);
	const char *name = ref->name + strlen("refs/heads/");
	struct git_ref_change gone = {.ref = ref->name, .old = ref->oid};
	struct error *err;
	enum branch_state lag;
	bool out;

	err = branch_state(&lag, p, ref);
	if (err || (lag != BRANCH_STATE_BEHIND && lag != BRANCH_STATE_GONE))
		return err;
	err = repo_is_checked_out(&out, p->repo, ref->name);
	if (err || out)
		return err;
	if (lag == BRANCH_STATE_BEHIND)
		return raise_branch(p, name);
	err = git_update_refs(tmp, p->repo, &gone, 1, "hop: its upstream is gone");
	if (err)
		return err;
	return git_run(NULL, tmp, p->repo, "config", "--remove-section",
		       mem_printf(tmp, "branch.%s", name), NULL);
}

struct error *checkout_branches(struct project *p)
{
	SCOPE(tmp, p);
	struct repo_ref *refs;
	struct error *err;
	size_t count;

	if (!p->remote)
		return NULL;
	err = repo_refs(&refs, &count, tmp, p->repo, "refs/heads/ho-");
	for (size_t i = 0; !err && i < count; i++)
		err = checkout_branch(p, &refs[i]);
	return err;
}

/* The first commit of the branch may have arrived without its files being checked out. */
static struct error *recover_first(struct project *p, struct checkout *f)
{
	SCOPE(tmp, p);
	struct error *err;

	if (file_exists(path_join(tmp, repo_git_dir(p->repo), "index")))
		return NULL;
	err = raise_branch(p, f->branch);
	if (!err)
		err = repo_ref(&f->head, f, p->repo, head_ref(tmp, f->branch));
	return err || !f->head ? err : first_checkout(f);
}

/* DIR/hop-head says which branch was checked out when the command died. */
static struct error *recover(struct project *p, struct checkout *f)
{
	SCOPE(tmp, p);
	char *now, *head, *branch, *tip;
	struct error *err;

	err = file_read(&branch, NULL, tmp, f->mark);
	if (!err)
		err = repo_head(&now, &head, tmp, p->repo);
	if (err || !*branch)
		return err;
	f->branch = branch;
	if (now)
		return strcmp(now, branch) == 0 ? recover_first(p, f) : NULL;
	err = repo_ref(&tip, tmp, p->repo, head_ref(tmp, branch));
	if (err)
		return err;
	if (tip && head && strcmp(tip, head) == 0)
		return git_run(NULL, tmp, p->repo, "symbolic-ref", "HEAD", head_ref(tmp, branch),
			       NULL);
	return stand_on(f, tip ? branch : BRANCH_PROD);
}

bool checkout_is_left(const struct project *p)
{
	SCOPE(tmp, NULL);

	return p->root && file_exists(path_join(tmp, repo_git_dir(p->repo), "hop-head"));
}

struct error *checkout_recover(struct project *p)
{
	SCOPE(tmp, p);
	struct checkout *f = mem_new(tmp, struct checkout);
	struct error *err;

	f->project = p;
	f->lock = -1;
	f->mark = path_join(f, repo_git_dir(p->repo), "hop-head");
	if (!checkout_is_left(p))
		return NULL;
	talloc_set_destructor(f, checkout_destroy);
	err = file_lock(&f->lock, f->mark, false);
	if (err || f->lock < 0)
		return err; /* its command is still running */
	err = recover(p, f);
	if (!err)
		forget(f);
	return err;
}
