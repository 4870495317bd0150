/* How a local branch of hop's stands to what all share. */
#ifndef FLOW_LAG_H
#define FLOW_LAG_H

#include "base/error.h"
#include "flow/project.h"

enum lag {
	LAG_NONE,   /* the same, or nobody else's business */
	LAG_BEHIND, /* the remote has more */
	LAG_AHEAD,  /* it has commits that the remote has not */
	LAG_SPLIT,  /* both */
	LAG_OVER,   /* its upstream is gone, and its commits are all kept elsewhere */
	LAG_ORPHAN  /* its upstream is gone, and it has commits that are nowhere else */
};

/* REF is a local branch. Without a remote: LAG_NONE. */
struct error *lag_of(enum lag *out, struct project *p, const struct repo_ref *ref) MUST_CHECK;

#endif
