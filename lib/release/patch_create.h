/* git hop patch create */
#ifndef RELEASE_PATCH_CREATE_H
#define RELEASE_PATCH_CREATE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "project/project.h"

struct patch_create {
	const char *id;                /* as given; canonical afterwards */
	const char *text;              /* for the README, NULL: none */
	bool dry_run;                  /* say which refs would move */
	const struct version *release; /* NULL: the release whose branch the checkout is on */
	/* results, under the project */
	struct version version;
};

/*
 * Lists the patch as candidate, makes its branch with Patches/ID/README.md and reserves its number;
 * checks out the branch.
 */
struct error *patch_create(struct patch_create *job, struct project *p) MUST_CHECK;

#endif
