/* git hop release create, git hop release hotfix */
#ifndef RELEASE_RELEASE_CREATE_H
#define RELEASE_RELEASE_CREATE_H

#include "base/error.h"
#include "core/version.h"
#include "project/project.h"

/*
 * A release of the next version of LEVEL, with an empty list; the checkout stands on its branch.
 * One that is open already is ERROR_NO.
 */
struct error *release_create(struct version *out, struct project *p,
			     enum version_level level) MUST_CHECK;

/*
 * The version in production is open again, for its next hotfix, with an empty list; the checkout
 * stands on its branch. Before the first release, and while a hotfix is open: ERROR_NO.
 */
struct error *release_hotfix(struct version *out, struct project *p) MUST_CHECK;

#endif
