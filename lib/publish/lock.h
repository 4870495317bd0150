/*
 * Locks on branches, at the remote: refs/hop/lock/BRANCH, a commit whose message says who holds it.
 * They spare people a validation that would be lost; that nothing is lost or overwritten is the
 * matter of the leases of a push, never theirs.
 */
#ifndef PUBLISH_LOCK_H
#define PUBLISH_LOCK_H

#include <stdbool.h>

#include "base/error.h"
#include "publish/lock_info.h"
#include "publish/session.h"
#include "publish/publication.h"

/*
 * Takes the locks of all branches that GUARDS (publication_guard) has, provided that the branches
 * are where it says; they are held in s->lock until they are given back, also when it fails. Waits
 * for another holder, and says for whom; a lock past its time, or whose holder is known to be dead,
 * is taken over. Who does not want production waits for who has it. ERROR_AGAIN with s->moved (and
 * s->queued): the branches moved meanwhile, compute anew (publish_retry). ERROR_AGAIN without: one
 * and the same lock was there for hop.lockTimeout seconds.
 *
 * To be called again in each attempt: what is held already stays, and what is missing by then is
 * taken; after an attempt that was lost the locks say so.
 *
 * TESTS: the project's own tests will run. Without, and when not much was lost before, it is not
 * worth a push, and nothing is taken; nor in a dry run.
 */
struct error *lock_take(struct session *s, const char *command, const struct publication *guards,
			bool tests) MUST_CHECK;

/*
 * For commands that take no lock: waits a while, with a word on it, where PUB would move a branch
 * whose lock says that an attempt was lost already. ERROR_AGAIN with s->moved: that holder is
 * through, compute anew. Else it may be published.
 */
struct error *lock_respect(struct session *s, const struct publication *pub) MUST_CHECK;

/* Adds to what is to be published that the locks are given back. */
void lock_give_back(struct publication *pub, void *ctx, const struct session *s);
/* They were given back. */
void lock_forget(struct session *s);
/*
 * Forgets those that were taken over or broken, and says whether there were any: as the remote has
 * it now (ASK), or as the last fetch found it.
 */
struct error *lock_forget_lost(bool *lost, struct session *s, bool ask) MUST_CHECK;
/* Gives them back without anything else. What fails is not said: their time ends by itself. */
void lock_release(struct session *s);

/* Removes exactly this one; ERROR_AGAIN when it is another one by now. */
struct error *lock_break(struct session *s, const struct lock_info *info) MUST_CHECK;

#endif
