/* Compares a local branch with its upstream. */
#include "publish/branch_state.h"

#include <string.h>

#include "core/branch.h"

/* Are all commits of a branch whose upstream is gone in other branches? */
static struct error *kept_elsewhere(bool *out, struct project *p, const struct branch *branch,
				    const char *oid)
{
	SCOPE(tmp, p);
	char *homes[] = {mem_dup(tmp, BRANCH_PROD),
			 branch->id ? branch_staged(tmp, branch->id) : NULL, NULL};

	*out = false;
	for (char **home = homes; *home && !*out; home++) {
		struct error *err;
		char *tip;

		err = project_tip(&tip, tmp, p, *home);
		if (!err && tip)
			err = repo_is_ancestor(out, p->repo, oid, tip);
		if (err)
			return err;
	}
	return NULL;
}

static struct error *compare(enum branch_state *out, struct project *p, const char *here,
			     const char *there)
{
	struct error *err;
	bool behind, ahead;

	err = repo_is_ancestor(&behind, p->repo, here, there);
	if (!err)
		err = repo_is_ancestor(&ahead, p->repo, there, here);
	if (!err)
		*out = behind  ? BRANCH_STATE_BEHIND
		       : ahead ? BRANCH_STATE_AHEAD
			       : BRANCH_STATE_DIVERGED;
	return err;
}

struct error *branch_state(enum branch_state *out, struct project *p, const struct repo_ref *ref)
{
	SCOPE(tmp, p);
	const char *name = ref->name + strlen("refs/heads/");
	struct branch branch = branch_parse(tmp, name);
	struct error *err;
	char *there;
	bool kept;

	*out = BRANCH_STATE_NONE;
	if (!p->remote || branch.kind == BRANCH_OTHER)
		return NULL;
	err = project_tip(&there, tmp, p, name);
	if (err || (there && strcmp(there, ref->oid) == 0))
		return err;
	if (there)
		return compare(out, p, ref->oid, there);
	/* A branch that never had an upstream is the user's own. */
	if (!repo_config(tmp, p->repo, mem_printf(tmp, "branch.%s.merge", name)))
		return NULL;
	err = kept_elsewhere(&kept, p, &branch, ref->oid);
	if (!err)
		*out = kept ? BRANCH_STATE_GONE : BRANCH_STATE_GONE_UNMERGED;
	return err;
}
