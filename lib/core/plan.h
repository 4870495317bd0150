/* The plan of an upgrade. */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/version.h"

/* A release with its patches in order. Hash is that of the tree Patches/ID at the tag. */
struct plan_patch {
	char *id;
	char *hash;
};
struct plan_release {
	struct version version;
	struct plan_patch *patches;
	size_t count;
};

/* A patch that has been applied to the database. */
struct plan_applied {
	char *id;
	char *hash;
	char *version;
};

struct plan_step {
	const struct plan_release *release;
	bool *skip; /* for each patch: already applied with the same contents */
};
struct plan {
	struct plan_step *steps; /* in order */
	size_t count;
};

/* The input of plan_make. */
struct plan_request {
	struct plan_release *releases; /* sorted by plan_make */
	size_t release_count;
	const struct plan_applied *applied;
	size_t applied_count;
	const struct version *from; /* NULL: the database has no version */
	/*
	 * If FROM is a release candidate, the newest version of the database that is not one;
	 * hotfixes between the two are on the path. NULL: FROM.
	 */
	const struct version *final;
	const struct version *to;
};

/*
 * ERROR_NO if TO is unknown (the hint names the nearest versions) or lower than FROM, if no path
 * leads from the release candidate FROM to it, or if a patch has been applied with other contents.
 */
struct error *plan_make(struct plan **out, void *ctx,
			const struct plan_request *request) MUST_CHECK;

#endif
