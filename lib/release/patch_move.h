/* git hop patch attach and detach: which release lists a candidate. */
#ifndef RELEASE_PATCH_MOVE_H
#define RELEASE_PATCH_MOVE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "project/project.h"

struct patch_move {
	const char *id; /* canonical */
	/*
	 * attach: the release; NULL: that of the branch checked out, else the one that lists the
	 * patch, else the only one in preparation
	 */
	const struct version *release;
	bool dry_run; /* print the refs that would change */
	/* results, under the project */
	struct version version; /* the release that it was added to or removed from */
	struct version from;    /* attach: its previous release, if MOVED */
	bool moved;
	bool kept; /* detach: there is a branch to keep */
	/* Its branch is based on this one, and must be rebased before it can be merged; or NULL. */
	char *foreign;
	char *commands; /* how */
};

/* Removes a candidate from its release, but keeps the branch. */
struct error *patch_detach(struct patch_move *move, struct project *p) MUST_CHECK;

/*
 * Adds a patch to the list of a release as a candidate, and removes it from the list that it was
 * in, in one push. ERROR_NO if the release already lists it, or if it is staged or released.
 */
struct error *patch_attach(struct patch_move *move, struct project *p) MUST_CHECK;

#endif
