/* What an upgrade does, decided without doing it. */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/version.h"

/*
 * A release that exists, with its patches in order; hash is the tree hash of Patches/ID at its
 * tag.
 */
struct plan_patch {
	char *id;
	char *hash;
};
struct plan_release {
	struct version version;
	struct plan_patch *patches;
	size_t count;
};

/* What a database has. */
struct plan_applied {
	char *id;
	char *hash;
	char *version;
};

struct plan_step {
	const struct plan_release *release;
	bool *skip; /* by patch: applied before with the same content */
};
struct plan {
	struct plan_step *steps; /* in order */
	size_t count;
};

/* What the way is looked for in. */
struct plan_request {
	struct plan_release *releases; /* sorted by plan_make */
	size_t release_count;
	const struct plan_applied *applied;
	size_t applied_count;
	const struct version *from; /* NULL: a database at no version */
	/*
	 * The newest version of the database that is no release candidate, which FROM may be (NULL:
	 * as FROM): what lies between the two, a hotfix, is on the way.
	 */
	const struct version *final;
	const struct version *to;
};

/*
 * ERROR_NO: TO is unknown (names the nearest), lower than FROM, an rc where it may not be, or a
 * patch was applied with other content (names ID, both hashes, the version it came with).
 */
struct error *plan_make(struct plan **out, void *ctx,
			const struct plan_request *request) MUST_CHECK;

#endif
