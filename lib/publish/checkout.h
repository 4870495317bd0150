/* How this clone follows what was published: local branches that lag, and the checkout. */
#ifndef PUBLISH_CHECKOUT_H
#define PUBLISH_CHECKOUT_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "publish/publication.h"

struct checkout;

/*
 * Before the commit point. Without a remote the shared refs are the local branches: the checkout
 * here is detached when its branch will move, and a branch that is checked out in another work
 * tree refuses (ERROR_NO).
 */
struct error *checkout_prepare(struct checkout **out, void *ctx, struct project *p,
			       const struct publication *pub) MUST_CHECK;
/* The commit point was not reached: the checkout is as it was. */
struct error *checkout_undo(struct checkout *f) MUST_CHECK;
/*
 * After it: the checkout goes to branch STAND, or stays on its own and is brought up to date;
 * local branches follow.
 */
struct error *checkout_finish(struct checkout *f, const char *stand) MUST_CHECK;

/*
 * Local branches of hop that lag behind the remote's are moved up; those whose upstream is gone
 * and whose commits are all in ho-prod, a release or a staged branch are deleted. A branch that
 * is checked out anywhere stays as it is.
 */
struct error *checkout_branches(struct project *p) MUST_CHECK;

/* Whether a command is changing the checkout, or was killed while it did. */
bool checkout_is_left(const struct project *p);
/* Puts right what a command that was killed between the two halves left: a detached checkout. */
struct error *checkout_recover(struct project *p) MUST_CHECK;

#endif
