/* The locks that exist, and what they record. */
#ifndef PUBLISH_LOCK_INFO_H
#define PUBLISH_LOCK_INFO_H

#include <stddef.h>

#include "base/error.h"
#include "core/lock_record.h"
#include "project/project.h"

#define LOCK_PREFIX "refs/hop/lock/"

/* LOCK_PAST: it has expired. LOCK_DEAD: its holder was a process of this machine. */
enum lock_state { LOCK_HELD, LOCK_PAST, LOCK_DEAD };

struct lock_info {
	const char *branch;
	const char *ref; /* refs/hop/lock/BRANCH */
	const char *oid;
	const char *holder; /* name; NULL: the lock is not a commit */
	struct lock_record record;
	enum lock_state state;
};
enum lock_state lock_state_of(const struct lock_record *t);

/* Reads the lock REF, which points to OID; that may be any object. */
void lock_info_read(struct lock_info *out, void *ctx, struct project *p, const char *ref,
		    const char *oid);
/* Those that are known here, in the order of branches. */
struct error *lock_list(struct lock_info **out, size_t *count, void *ctx,
			struct project *p) MUST_CHECK;
/* "Ann Lee: git hop patch merge 12-users, since ..., process 4711 on host, in /directory" */
char *lock_words(void *ctx, const struct lock_info *info);

#endif
