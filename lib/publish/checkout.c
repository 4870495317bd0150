/* Brings this clone up to date with what was published. */
#include "publish/checkout.h"

#include <string.h>

#include "base/fail.h"
#include "core/branch.h"
#include "publish/branch_state.h"
#include "publish/checkout_private.h"

static const struct git_ref_change *find_change(const struct publication *pub, const char *ref)
{
	for (size_t i = 0; i < pub->count; i++) {
		if (strcmp(pub->changes[i].ref, ref) == 0 &&
		    !publication_is_guard(&pub->changes[i]))
			return &pub->changes[i];
	}
	return NULL;
}

/* From here to checkout_undo or checkout_finish HEAD is detached at its commit. */
static struct error *detach(struct checkout *f)
{
	SCOPE(tmp, f);
	struct error *err = checkout_mark(f, f->branch);

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
		    (f->branch && strcmp(c->ref, checkout_ref(tmp, f->branch)) == 0))
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
	if (p->root) {
		err = repo_head(&f->branch, &f->head, f, p->repo);
		if (err)
			return err;
	}
	*out = f;
	change = f->branch ? find_change(pub, checkout_ref(tmp, f->branch)) : NULL;
	if (change && !f->head)
		return checkout_mark(f, f->branch);
	if (p->remote)
		return NULL;
	err = refuse_other_trees(f, pub);
	if (err)
		return err;
	return change && change->old ? detach(f) : NULL;
}

struct error *checkout_undo(struct checkout *f)
{
	SCOPE(tmp, f);
	struct error *err;

	if (!f->mark)
		return NULL;
	err = git_run(NULL, tmp, f->project->repo, "symbolic-ref", "-m", "hop: reattach HEAD",
		      "HEAD", checkout_ref(tmp, f->branch), NULL);
	if (!err)
		checkout_forget(f);
	return err;
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
		err = checkout_first(f);
	else if (stand && (f->mark || !same))
		err = checkout_stand_on(f, stand);
	else
		err = checkout_stay(f);
	if (!err)
		err = fail_point("checkout.stands");
	if (err)
		return err;
	checkout_forget(f);
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
		return checkout_raise(p, name);
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
