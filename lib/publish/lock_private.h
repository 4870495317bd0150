/* Shared by the files of lock.h. */
#ifndef PUBLISH_LOCK_PRIVATE_H
#define PUBLISH_LOCK_PRIVATE_H

#include <stdbool.h>

#include "base/error.h"
#include "publish/lock_info.h"
#include "publish/session.h"

struct lock {
	char **refs; /* refs/hop/lock/..., NULL-terminated */
	char *oid;   /* what all of them are at */
	bool lost;   /* it records a lost attempt */
};

/* refs/hop/lock/BRANCH for refs/heads/BRANCH */
char *lock_ref(void *ctx, const char *branch_ref);

/* The lock REF as it is known here; OID is NULL if it is free. HELD: its holder is alive. */
struct error *lock_look(struct lock_info *info, bool *held, void *ctx, struct project *p,
			const char *ref) MUST_CHECK;

/* ERROR_AGAIN with s->queued: another command holds the locks; nothing was lost yet. */
struct error *lock_queued(struct session *s) MUST_CHECK;

#endif
