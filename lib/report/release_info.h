/* The state of a release. */
#ifndef REPORT_RELEASE_INFO_H
#define REPORT_RELEASE_INFO_H

#include <stddef.h>

#include "base/error.h"
#include "report/patch_info.h"
#include "project/project.h"

enum release_state {
	RELEASE_PREPARATION,
	/* In preparation with a release candidate, or the release candidate itself. */
	RELEASE_RC,
	RELEASE_HOTFIX, /* in preparation */
	RELEASE_PRODUCTION
};

struct release_info {
	const char *version;
	enum release_state state;
	const char *rc; /* the newest release candidate of a release in preparation; NULL: none */
	/* When it was promoted, or the time of its newest commit; seconds since the epoch. */
	long long since;
	const char *commit; /* tip of its branch, or that of its tag; NULL: see tag_commit */
	const char *branch; /* of a release in preparation; else NULL */
	size_t staged;      /* or released */
	size_t candidates;
	bool behind;                /* in preparation, and does not contain ho-prod */
	long long created;          /* when its branch was created; 0: unknown, or released */
	size_t ahead;               /* commits that are not on ho-prod */
	size_t lacks;               /* commits on ho-prod that are not on its branch */
	struct patch_info *patches; /* incomplete, see release_info_complete */
	size_t patch_count;
};

/* Releases in preparation, lowest version first. */
struct error *release_info_open(struct release_info **out, size_t *count, void *ctx,
				struct project *p, const struct catalog *catalog) MUST_CHECK;
/* Released versions, then releases in preparation, each lowest version first. */
struct error *release_info_all(struct release_info **out, size_t *count, void *ctx,
			       struct project *p) MUST_CHECK;
/*
 * The release or release candidate VERSION. NULL: the lowest release in preparation or, if there is
 * none, the newest production version.
 */
struct error *release_info_one(struct release_info *out, void *ctx, struct project *p,
			       const char *version) MUST_CHECK;
/* Completes the patches. */
struct error *release_info_complete(struct release_info *info, void *ctx,
				    struct project *p) MUST_CHECK;

#endif
