/*
 * Locks on branches, at the remote: refs/hop/lock/BRANCH, a commit whose message says who holds it.
 * They spare people a validation that would be lost; that nothing is lost or overwritten is the
 * matter of the leases of a push, never theirs.
 */
#ifndef FLOW_LOCK_H
#define FLOW_LOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/ticket.h"
#include "flow/project.h"
#include "flow/publication.h"

/*
 * Takes the locks of all branches that GUARDS (publication_guard) has, at once, provided that the
 * branches are where it says; they are held in p->lock until they are given back. Waits for another
 * holder, and says for whom; a lock past its time, or whose holder is known to be dead, is taken
 * over. ERROR_AGAIN with p->moved: the branches moved meanwhile, compute anew (publish_retry).
 * ERROR_AGAIN without: one and the same lock was there for hop.lockTimeout seconds.
 *
 * TESTS: the project's own tests will run. Without, and when no long attempt was lost before, it is
 * not worth a push, and nothing is taken; nor in a dry run.
 */
struct error *lock_take(struct project *p, const char *command, const struct publication *guards,
			bool tests) MUST_CHECK;

/* Adds to what is to be published that the locks are given back. */
void lock_give_back(struct publication *pub, void *ctx, const struct project *p);
/* They were given back. */
void lock_forget(struct project *p);
/* Asks whether one was taken over by now; then all are forgotten, but left where they are. */
struct error *lock_lost(bool *lost, struct project *p) MUST_CHECK;
/* Gives them back without anything else. What fails is not said: their time ends by itself. */
void lock_release(struct project *p);

/* LOCK_PAST: its time is over. LOCK_DEAD: its holder was a process of this machine. */
enum lock_state { LOCK_HELD, LOCK_PAST, LOCK_DEAD };

struct lock_info {
	const char *branch;
	const char *ref; /* refs/hop/lock/BRANCH */
	const char *oid;
	const char *holder; /* name; NULL: the lock is no commit */
	struct ticket ticket;
	enum lock_state state;
};
/* Those that are known here, in the order of branches. */
struct error *lock_list(struct lock_info **out, size_t *count, void *ctx,
			struct project *p) MUST_CHECK;
/* "Ann Lee: git hop patch merge 12-users, since ..., process 4711 on host, in /folder" */
char *lock_words(void *ctx, const struct lock_info *info);

/* Removes exactly this one; ERROR_AGAIN when it is another one by now. */
struct error *lock_break(struct project *p, const struct lock_info *info) MUST_CHECK;

#endif
