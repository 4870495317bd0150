/* Compares a local branch with its upstream. */
#ifndef PUBLISH_BRANCH_STATE_H
#define PUBLISH_BRANCH_STATE_H

#include "base/error.h"
#include "project/project.h"

enum branch_state {
	BRANCH_STATE_NONE,     /* equal to its upstream, or not a branch of git hop */
	BRANCH_STATE_BEHIND,   /* the remote has more */
	BRANCH_STATE_AHEAD,    /* it has commits that the remote lacks */
	BRANCH_STATE_DIVERGED, /* both */
	BRANCH_STATE_GONE,     /* its upstream is gone; other branches have all its commits */
	/* Its upstream is gone, and it has commits that no other branch has. */
	BRANCH_STATE_GONE_UNMERGED
};

/* REF is a local branch. Without a remote: BRANCH_STATE_NONE. */
struct error *branch_state(enum branch_state *out, struct project *p,
			   const struct repo_ref *ref) MUST_CHECK;

#endif
