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
	bool dry_run; /* say which refs would move */
	/* results, under the project */
	struct version version; /* the release that it was put into, or taken out of */
	struct version from;    /* attach: where it was before, when MOVED */
	bool moved;
	/* Its branch is based on this one, and must be rebased before it can be merged; or NULL. */
	char *foreign;
	char *commands; /* how */
};

/* Takes a candidate out of its release; the branch stays. */
struct error *patch_detach(struct patch_move *move, struct project *p) MUST_CHECK;

/*
 * Lists a patch as candidate and takes it off the list that it was on, in one push. If the release
 * lists it already, it is moved within the list. ERROR_NO if it is staged or released.
 */
struct error *patch_attach(struct patch_move *move, struct project *p) MUST_CHECK;

#endif
