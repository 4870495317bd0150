/* Which patch a command is about, and which commit of it counts. */
#ifndef PROJECT_PATCH_FIND_H
#define PROJECT_PATCH_FIND_H

#include "base/error.h"
#include "project/catalog.h"
#include "project/project.h"

/* ID in canonical form, or when it is NULL that of the patch branch that the checkout is on. */
struct error *patch_find_id(char **out, void *ctx, struct project *p, const char *id) MUST_CHECK;

/*
 * The commit of the patch branch that counts, and what origin has: the local one when it is not
 * behind.
 */
struct patch_tip {
	char *tip;
	char *shared; /* at the remote; the lease of a push. Without a remote as tip */
};
struct error *patch_find_tip(struct patch_tip *out, void *ctx, struct project *p,
			     const char *id) MUST_CHECK;

/* The open release that lists ID as a candidate; otherwise ERROR_NO says what became of it. */
struct error *patch_find_candidate(const struct open_release **out, const struct catalog *catalog,
				   const char *id) MUST_CHECK;

#endif
