/* Where a patch stands: listed, staged, released. */
#ifndef FLOW_PATCH_INFO_H
#define FLOW_PATCH_INFO_H

#include "base/error.h"
#include "flow/project.h"

struct patch_info {
	const char *id;
	const char *state;   /* "candidate", "staged", "released", "detached" */
	const char *release; /* version; NULL: none */
	const char *branch;  /* ho-patch/ID or ho-staged/ID; NULL: gone */
	const char *commit;  /* that holds the patch: of the branch, or of the release */
	char **files; /* in the order in which they run, README.md left out; NULL-terminated */
};

/* ERROR_NO when nothing is known of ID. */
struct error *patch_info(struct patch_info *out, void *ctx, struct project *p,
			 const char *id) MUST_CHECK;

#endif
