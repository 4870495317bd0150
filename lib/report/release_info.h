/* What there is to say of a release. */
#ifndef REPORT_RELEASE_INFO_H
#define REPORT_RELEASE_INFO_H

#include <stddef.h>

#include "base/error.h"
#include "report/patch_info.h"
#include "project/project.h"

enum release_state {
	RELEASE_PREPARATION,
	/* In preparation, with a candidate that is out; or that candidate, which has no branch. */
	RELEASE_RC,
	RELEASE_HOTFIX, /* in preparation */
	RELEASE_PRODUCTION
};

struct release_info {
	const char *version;
	enum release_state state;
	const char *rc; /* the newest release candidate of one in preparation; NULL: none */
	long long
		/* seconds since the epoch: of its last commit, or of the day it was promoted */
		since;
	const char *commit; /* tip of its branch, or what its tag names; NULL: no tag (0.0.0) */
	const char *branch; /* of an open one, else NULL */
	size_t staged;      /* or released */
	size_t candidates;
	bool behind;                /* an open one that does not contain ho-prod yet */
	long long created;          /* when it was opened; 0: not known, and for released ones */
	size_t ahead;               /* commits that ho-prod does not have */
	size_t lacks;               /* commits of ho-prod that it does not have */
	struct patch_info *patches; /* not complete, see release_info_complete */
	size_t patch_count;
};

/* Those in preparation, lowest version first. */
struct error *release_info_open(struct release_info **out, size_t *count, void *ctx,
				struct project *p, const struct catalog *catalog) MUST_CHECK;
/* All, lowest version first: released ones, then those in preparation. */
struct error *release_info_all(struct release_info **out, size_t *count, void *ctx,
			       struct project *p) MUST_CHECK;
/*
 * The one of VERSION (text), a release candidate too; NULL: the lowest in preparation, or the
 * newest in production when there is none.
 */
struct error *release_info_one(struct release_info *out, void *ctx, struct project *p,
			       const char *version) MUST_CHECK;
/* Finds the rest of what there is to say of its patches. */
struct error *release_info_complete(struct release_info *info, void *ctx,
				    struct project *p) MUST_CHECK;

#endif
