/* The state of a patch: candidate, staged, released or detached. */
#ifndef REPORT_PATCH_INFO_H
#define REPORT_PATCH_INFO_H

#include <stddef.h>

#include "base/error.h"
#include "project/catalog.h"
#include "project/project.h"

enum patch_info_state {
	PATCH_INFO_UNKNOWN,
	PATCH_INFO_DETACHED, /* it has a branch, but no release lists it */
	PATCH_INFO_CANDIDATE,
	PATCH_INFO_STAGED,
	PATCH_INFO_RELEASED
};

/* A list has the first four; patch_info_complete finds the others. */
struct patch_info {
	const char *id;
	const char *release; /* version; NULL: none */
	enum patch_info_state state;
	size_t position; /* in its release, from 1; 0: none */

	const char *branch; /* ho-patch/ID or ho-staged/ID; NULL: gone */
	const char *commit; /* contains the patch: tip of its branch, or of its release */
	long long
		created; /* when its number was reserved, in seconds since the epoch; 0: unknown */
	const char *author; /* who reserved it; NULL: unknown */
	long long updated;  /* time of the newest commit on its branch; 0: no branch */
	size_t ahead;       /* commits on its branch that are not in its release */
	size_t behind;      /* commits in its release that are not on its branch */
	const char *title;  /* first line of text in its README.md; NULL: none */

	char **files; /* patch_info only; in the order in which they run, NULL-terminated */
};

/* The state of a patch that an open release lists. */
enum patch_info_state patch_info_listed(const struct manifest_entry *entry);

/* TIP: the commit of its release; NULL if it is not in one. */
struct error *patch_info_complete(struct patch_info *info, void *ctx, struct project *p,
				  const char *tip) MUST_CHECK;

/* All of it, including the files. ERROR_NO if there is no patch ID. */
struct error *patch_info(struct patch_info *out, void *ctx, struct project *p,
			 const struct catalog *catalog, const char *id) MUST_CHECK;

#endif
