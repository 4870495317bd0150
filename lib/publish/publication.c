/* Changes to shared refs that are published together. */
#include "publish/publication.h"

#include <string.h>

void publication_add(struct publication *pub, void *ctx, const char *ref, const char *old,
		     const char *new)
{
	struct git_ref_change *c;

	pub->changes = mem_resize(ctx, pub->changes, struct git_ref_change, pub->count + 1);
	c = &pub->changes[pub->count++];
	c->ref = mem_dup(ctx, ref);
	c->old = old ? mem_dup(ctx, old) : NULL;
	c->new = new ? mem_dup(ctx, new) : NULL;
}

void publication_add_all(struct publication *pub, void *ctx, const struct publication *other)
{
	for (size_t i = 0; i < other->count; i++) {
		const struct git_ref_change *c = &other->changes[i];

		publication_add(pub, ctx, c->ref, c->old, c->new);
	}
}

void publication_add_branch(struct publication *pub, void *ctx, const char *branch, const char *old,
			    const char *new)
{
	SCOPE(tmp, ctx);

	publication_add(pub, ctx, mem_printf(tmp, "refs/heads/%s", branch), old, new);
}

void publication_guard(struct publication *pub, void *ctx, const char *branch, const char *oid)
{
	publication_add_branch(pub, ctx, branch, oid, oid);
}

bool publication_is_guard(const struct git_ref_change *change)
{
	return change->old && change->new &&strcmp(change->old, change->new) == 0;
}
