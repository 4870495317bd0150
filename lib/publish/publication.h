/* Shared refs that are to move together, and from where to where. */
#ifndef PUBLISH_PUBLICATION_H
#define PUBLISH_PUBLICATION_H

#include <stdbool.h>
#include <stddef.h>

#include "port/git.h"

/* Shared refs that move together. A talloc array that grows; start from one that is all zeros. */
struct publication {
	struct git_ref_change
		*changes; /* refs/heads/..., refs/tags/..., refs/hop/... as all call them */
	size_t count;
};

/* REF goes from OLD (NULL: absent) to NEW (NULL: deleted). Copies the texts. */
void publication_add(struct publication *pub, void *ctx, const char *ref, const char *old,
		     const char *new);
/* All that OTHER has. */
void publication_add_all(struct publication *pub, void *ctx, const struct publication *other);
/* One for the branch BRANCH. */
void publication_add_branch(struct publication *pub, void *ctx, const char *branch, const char *old,
			    const char *new);

/* The branch BRANCH must still be at OID; it stays there. */
void publication_guard(struct publication *pub, void *ctx, const char *branch, const char *oid);
/* A change that is a guard. */
bool publication_is_guard(const struct git_ref_change *change);

#endif
