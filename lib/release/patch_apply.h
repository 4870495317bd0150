/*
 * git hop patch apply: rebuilds the development database: production, the staged patches, and the
 * patch as it is on disk.
 */
#ifndef RELEASE_PATCH_APPLY_H
#define RELEASE_PATCH_APPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/version.h"
#include "build/dev_server.h"

struct apply {
	const char *dump; /* --from-dump, NULL: none */
	bool dry_run;     /* build it, but do not replace the development database */
	/* results, under the project */
	char *id;
	struct version base, release;
	size_t staged; /* number of patches that run before this one */
};

/* Applies the patch of the current branch. Does not contact the remote. */
struct error *apply_patch(struct apply *apply, struct dev_server *dev) MUST_CHECK;

#endif
