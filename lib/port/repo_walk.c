/* Walking through history. */
#include "port/repo.h"

#include "port/repo_private.h"

DEFINE_CLEANUP(git_revwalk *, git_revwalk_free)

struct error *repo_first_own(char **oid, void *ctx, struct repo *repo, const char *tip,
			     const char *hide)
{
	CLEANUP(git_revwalk_free) git_revwalk *walk = NULL;
	git_oid from, without, id;
	bool any = false;
	int rc;

	if (git_oid_fromstr(&from, tip) < 0 || git_oid_fromstr(&without, hide) < 0 ||
	    git_revwalk_new(&walk, repo->git) < 0 || git_revwalk_push(walk, &from) < 0 ||
	    git_revwalk_hide(walk, &without) < 0 || git_revwalk_simplify_first_parent(walk) < 0)
		return repo_error("cannot read the history of '%s'", tip);
	git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL);
	while ((rc = git_revwalk_next(&id, walk)) == 0)
		any = true;
	if (rc != GIT_ITEROVER)
		return repo_error("cannot read the history of '%s'", tip);
	*oid = any ? repo_oid_text(ctx, &id) : NULL;
	return NULL;
}
