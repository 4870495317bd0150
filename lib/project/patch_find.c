/* Finds the patch that a command is about, and its commit. */
#include "project/patch_find.h"

#include <string.h>

#include "core/branch.h"
#include "core/patch.h"

struct error *patch_find_id(char **out, void *ctx, struct project *p, const char *id)
{
	struct patch_id parsed;
	struct branch at;
	char *branch, *head;
	struct error *err;

	if (id) {
		err = patch_id_parse(&parsed, ctx, id);
		if (!err)
			*out = parsed.id;
		return err;
	}
	err = repo_head(&branch, &head, ctx, p->repo);
	if (err)
		return err;
	at = branch_parse(ctx, branch ? branch : "");
	if (at.kind == BRANCH_PATCH || at.kind == BRANCH_STAGED) {
		*out = at.id;
		return NULL;
	}
	if (branch)
		err = error_new(ERROR_NO, "'%s' is not a patch branch", branch);
	else
		err = error_new(ERROR_NO, "HEAD is detached: no patch branch is checked out");
	return error_hint(err, "git switch ho-patch/ID; git hop patch list shows the patches");
}

/* The branch of a listed patch is missing: someone deleted it, or rewound the release. */
static struct error *no_branch(void *ctx, struct project *p, const char *id)
{
	char *branch = branch_patch(ctx, id), *staged = branch_staged(ctx, id), *kept;
	struct error *err;

	err = project_tip(&kept, ctx, p, staged);
	if (err)
		return err;
	err = error_new(ERROR_NO, "there is no branch '%s'", branch);
	if (kept && p->remote)
		err = error_add_hint(err, "to restore it: git push %s %s:refs/heads/%s", p->remote,
				     project_ref(ctx, p, staged), branch);
	else if (kept)
		err = error_add_hint(err, "to restore it: git branch %s %s", branch, staged);
	return error_add_hint(err, "to drop the patch: git hop patch detach %s", id);
}

struct error *patch_find_tip(struct patch_tip *out, void *ctx, struct project *p, const char *id)
{
	SCOPE(tmp, ctx);
	char *branch = branch_patch(tmp, id);
	struct error *err;
	char *here, *there;
	bool ahead, behind;

	err = repo_ref(&here, ctx, p->repo, mem_printf(tmp, "refs/heads/%s", branch));
	if (!err)
		err = project_tip(&there, ctx, p, branch);
	if (err)
		return err;
	if (!there && !here)
		return no_branch(ctx, p, id);
	if (!there)
		return error_hint(error_new(ERROR_NO, "the branch '%s' is gone from '%s'", branch,
					    p->remote),
				  "to restore it: git push %s %s", p->remote, branch);
	*out = (struct patch_tip){.tip = there, .shared = there};
	if (!here)
		return NULL;
	err = repo_is_ancestor(&ahead, p->repo, there, here);
	if (!err)
		err = repo_is_ancestor(&behind, p->repo, here, there);
	if (err)
		return err;
	if (!ahead && !behind)
		return error_hint(error_new(ERROR_NO,
					    "'%s' and the branch at '%s' have "
					    "diverged",
					    branch, p->remote),
				  "git switch %s\ngit pull --rebase", branch);
	if (ahead)
		out->tip = here;
	return NULL;
}

struct error *patch_find_candidate(const struct open_release **out, const struct catalog *catalog,
				   const char *id)
{
	SCOPE(tmp, NULL);
	const struct open_release *release = catalog_release_of(catalog, id);

	struct error *err;

	if (!release) {
		err = catalog_refuse_any_unreadable(catalog);
		return err ? err
			   : error_hint(error_new(ERROR_NO,
						  "no release in preparation lists patch '%s'", id),
					"git hop patch list shows those that are listed");
	}
	if (manifest_find(release->manifest, id)->state == PATCH_STAGED)
		return error_new(ERROR_NO,
				 "patch '%s' has already been merged: it is staged in release "
				 "%s",
				 id, version_print(tmp, &release->becomes));
	*out = release;
	return NULL;
}
