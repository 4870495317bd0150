/* Finds the patch that a command is about, and its commit. */
#ifndef PROJECT_PATCH_FIND_H
#define PROJECT_PATCH_FIND_H

#include "base/error.h"
#include "project/catalog.h"
#include "project/project.h"

/* ID in canonical form or, if it is NULL, the patch of the current branch. */
struct error *patch_find_id(char **out, void *ctx, struct project *p, const char *id) MUST_CHECK;

/* The commits of a patch branch. */
struct patch_tip {
	char *tip;
	char *shared; /* at the remote, for the lease of a push; without a remote, same as tip */
};
struct error *patch_find_tip(struct patch_tip *out, void *ctx, struct project *p,
			     const char *id) MUST_CHECK;

/* The open release that lists ID as a candidate. ERROR_NO, with its state, if none does. */
struct error *patch_find_candidate(const struct open_release **out, const struct catalog *catalog,
				   const char *id) MUST_CHECK;

#endif
