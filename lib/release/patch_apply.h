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
	bool dry_run;     /* build it, and leave the development database as it is */
	/* results, under the project */
	char *id;
	struct version base, release;
	size_t staged; /* patches of the release that are in the database before this one */
};

/* The patch is that of the branch that the checkout is on; origin is not asked. */
struct error *apply_patch(struct apply *apply, struct dev_server *dev) MUST_CHECK;

#endif
