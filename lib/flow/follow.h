/* How this clone follows what was published: local branches that lag, and the checkout. */
#ifndef FLOW_FOLLOW_H
#define FLOW_FOLLOW_H

#include <stdbool.h>

#include "base/error.h"
#include "flow/project.h"
#include "flow/publication.h"

struct follow;

/*
 * Before the commit point. Without a remote the shared refs are the local branches: the checkout
 * here is detached when its branch will move, and a branch that is checked out in another work
 * tree refuses (ERROR_NO).
 */
struct error *follow_prepare(struct follow **out, void *ctx, struct project *p,
			     const struct publication *pub) MUST_CHECK;
/* The commit point was not reached: the checkout is as it was. */
struct error *follow_undo(struct follow *f) MUST_CHECK;
/*
 * After it: the checkout goes to branch STAND, or stays on its own and is brought up to date;
 * local branches follow.
 */
struct error *follow_finish(struct follow *f, const char *stand) MUST_CHECK;

/*
 * Local branches of hop that lag behind the remote's are moved up; those whose upstream is gone
 * and whose commits are all in ho-prod, a release or a staged branch are deleted. A branch that
 * is checked out anywhere stays as it is.
 */
struct error *follow_branches(struct project *p) MUST_CHECK;

/* Whether a command is changing the checkout, or was killed while it did. */
bool follow_is_left(const struct project *p);
/* Puts right what a command that was killed between the two halves left: a detached checkout. */
struct error *follow_recover(struct project *p) MUST_CHECK;

#endif
