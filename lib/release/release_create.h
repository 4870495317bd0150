/* git hop release create, git hop release hotfix */
#ifndef RELEASE_RELEASE_CREATE_H
#define RELEASE_RELEASE_CREATE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "project/project.h"

struct release_create {
	bool hotfix;              /* the next hotfix of the version in production */
	enum version_level level; /* else the next version of this level */
	bool dry_run;             /* say which refs would move */
	struct version version;   /* result: that the release becomes */
};

/*
 * Opens a release with an empty list, and checks out its branch. ERROR_NO: it is open already, a
 * hotfix is open, or there is no release yet that a hotfix could follow.
 */
struct error *release_create(struct release_create *request, struct project *p) MUST_CHECK;

#endif
