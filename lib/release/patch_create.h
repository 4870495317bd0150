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
	bool dry_run;                  /* print the refs that would change */
	const struct version *release; /* NULL: see release_choose */
	/* results, under the project */
	struct version version;
};

/*
 * Adds the patch to the list as a candidate, creates its branch with Patches/ID/README.md, reserves
 * its number, and checks the branch out.
 */
struct error *patch_create(struct patch_create *job, struct project *p) MUST_CHECK;

#endif
