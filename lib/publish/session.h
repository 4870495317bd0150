/* The state of a command that changes shared refs, over its attempts. */
#ifndef PUBLISH_SESSION_H
#define PUBLISH_SESSION_H

#include <stdbool.h>

#include "project/project.h"

struct lock;

/*
 * Calling sequence: session_new; publish_retry, whose attempt may call lock_take and ends in
 * publish; then unsure tells whether a failure may have happened after all.
 */
struct session {
	struct project *project;
	bool dry_run; /* publish only prints what it would do; no lock is taken */
	/* of the attempt that runs */
	bool moved;  /* its publish found that a ref had moved */
	bool queued; /* it ended at a lock; not a lost attempt */
	/* of all attempts */
	struct lock *lock; /* on branches, held until released; NULL: none */
	bool crowded;      /* another command took that lock first */
	bool waited;       /* for another command's lock, and said so */
	double lost;       /* seconds spent on lost attempts */
	int rejected;      /* pushes that found that a ref had moved */
	bool unsure;       /* the last push was cut off: it may have succeeded */
};

struct session *session_new(void *ctx, struct project *p, bool dry_run);

#endif
