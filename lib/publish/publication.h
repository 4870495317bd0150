/* Changes to shared refs that are published together. */
#ifndef PUBLISH_PUBLICATION_H
#define PUBLISH_PUBLICATION_H

#include <stdbool.h>
#include <stddef.h>

#include "port/git.h"

/* Changes to shared refs. Initialize with zeros. */
struct publication {
	struct git_ref_change *
		changes; /* refs/heads/..., refs/tags/..., refs/hop/..., whatever refNamespace is */
	size_t count;
};

/* REF goes from OLD (NULL: absent) to NEW (NULL: deleted). Copies the texts. */
void publication_add(struct publication *pub, void *ctx, const char *ref, const char *old,
		     const char *new);
/* Adds all changes of OTHER. */
void publication_add_all(struct publication *pub, void *ctx, const struct publication *other);
/* Adds a change of the branch BRANCH. */
void publication_add_branch(struct publication *pub, void *ctx, const char *branch, const char *old,
			    const char *new);

/* The branch BRANCH must still be at OID; it stays there. */
void publication_guard(struct publication *pub, void *ctx, const char *branch, const char *oid);
/* A change that is a guard. */
bool publication_is_guard(const struct git_ref_change *change);

#endif
