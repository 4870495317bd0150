/* Brings this clone up to date with what was published: local branches and the checkout. */
#ifndef PUBLISH_CHECKOUT_H
#define PUBLISH_CHECKOUT_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "publish/publication.h"

struct checkout;

/*
 * Call it before the commit point. Without a remote the shared refs are the local branches: HEAD is
 * detached if its branch is going to move, and ERROR_NO if the branch is checked out in another
 * worktree.
 */
struct error *checkout_prepare(struct checkout **out, void *ctx, struct project *p,
			       const struct publication *pub) MUST_CHECK;
/* The commit point was not reached: restores the checkout. */
struct error *checkout_undo(struct checkout *f) MUST_CHECK;
/*
 * Call it after the commit point: switches to branch STAND, or stays on the current branch and
 * updates it; then updates local branches.
 */
struct error *checkout_finish(struct checkout *f, const char *stand) MUST_CHECK;

/*
 * Fast-forwards local branches of hop that are behind the remote; deletes those whose upstream is
 * gone and whose commits are all in ho-prod, a release or a staged branch. A branch that is checked
 * out anywhere is left alone.
 */
struct error *checkout_branches(struct project *p) MUST_CHECK;

/* Whether a command is changing the checkout, or was killed while it did. */
bool checkout_is_left(const struct project *p);
/*
 * Repairs what a killed command left: a detached HEAD, or a working tree whose files git was
 * changing. It finishes the change; files that the user has edited since stay, and if they are in
 * the way the others become what they were before, with a warning that names the file.
 */
struct error *checkout_recover(struct project *p) MUST_CHECK;

#endif
