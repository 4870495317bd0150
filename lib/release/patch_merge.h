/*
 * git hop patch merge: a candidate becomes staged, validated on exactly the tree that is
 * published.
 */
#ifndef RELEASE_PATCH_MERGE_H
#define RELEASE_PATCH_MERGE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "project/project.h"

struct patch_merge {
	const char *id;         /* canonical */
	const char *before;     /* ID of the staged patch to run before, NULL: run after all */
	const char *database;   /* --database, NULL: none given */
	bool allow_empty;       /* even if it does not run any files */
	bool dry_run;           /* test it, and print the refs that would change */
	struct version version; /* result: its release */
	char *commit;           /* result: the merge commit, under the project */
};

struct error *patch_merge(struct patch_merge *request, struct project *p) MUST_CHECK;

#endif
