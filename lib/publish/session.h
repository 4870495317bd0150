/* The state of a command that changes what all share, over its attempts. */
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
	bool dry_run; /* publish prints what it would do, and does nothing; no lock is taken */
	/* of the attempt that runs */
	bool moved;  /* its publish found that somebody else had been faster */
	bool queued; /* it ended at a lock, and lost nothing */
	/* of all attempts */
	struct lock *lock; /* on branches, held until it is given back; NULL: none */
	bool crowded;      /* others were faster at taking that lock */
	bool waited;       /* for somebody else's lock, and said so */
	double lost;       /* seconds of attempts that others invalidated */
	bool unsure;       /* the last push was cut off: it may have happened */
};

struct session *session_new(void *ctx, struct project *p, bool dry_run);

#endif
