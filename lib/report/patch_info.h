/* Where a patch stands: listed, staged, released. */
#ifndef REPORT_PATCH_INFO_H
#define REPORT_PATCH_INFO_H

#include <stddef.h>

#include "base/error.h"
#include "project/catalog.h"
#include "project/project.h"

enum patch_info_state {
	PATCH_INFO_UNKNOWN,
	PATCH_INFO_DETACHED, /* it has a branch, and no release lists it */
	PATCH_INFO_CANDIDATE,
	PATCH_INFO_STAGED,
	PATCH_INFO_RELEASED
};

/* The first four are known of each that is listed; patch_info_complete finds the others. */
struct patch_info {
	const char *id;
	const char *release; /* version; NULL: none */
	enum patch_info_state state;
	size_t position; /* in its release, from 1; 0: none */

	const char *branch; /* ho-patch/ID or ho-staged/ID; NULL: gone */
	const char *commit; /* that holds the patch: of the branch, or of the release */
	long long created;  /* seconds since the epoch: its number was taken; 0: not known */
	const char *author; /* who took it; NULL: not known */
	long long updated;  /* the newest commit of its branch; 0: there is none */
	size_t ahead;       /* commits of the branch that the release does not have */
	size_t behind;      /* commits of the release that the branch does not have */
	const char *title;  /* first line of text in its README.md; NULL: none */

	char **files; /* patch_info only; in the order in which they run, NULL-terminated */
};

/* Of a patch that an open release lists. */
enum patch_info_state patch_info_listed(const struct manifest_entry *entry);

/* TIP: the commit of its release, NULL when it is in none. */
struct error *patch_info_complete(struct patch_info *info, void *ctx, struct project *p,
				  const char *tip) MUST_CHECK;

/* Complete, and its files. ERROR_NO when nothing is known of ID. */
struct error *patch_info(struct patch_info *out, void *ctx, struct project *p,
			 const struct catalog *catalog, const char *id) MUST_CHECK;

#endif
