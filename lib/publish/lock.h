/*
 * Locks on branches, at the remote: refs/hop/lock/BRANCH, a commit whose message says who holds it.
 * They only save running tests whose result would be discarded; the leases of a push, not the
 * locks, guarantee that nothing is lost or overwritten.
 */
#ifndef PUBLISH_LOCK_H
#define PUBLISH_LOCK_H

#include <stdbool.h>

#include "base/error.h"
#include "publish/lock_info.h"
#include "publish/session.h"
#include "publish/publication.h"

/*
 * Takes the locks of all branches in GUARDS (publication_guard), provided that the branches are
 * where it says. They are held in s->lock until they are released, also on error. Waits for another
 * holder, and prints who it is; takes over a lock that has expired or whose holder is known to be
 * dead. A command that does not lock production waits while another command does. ERROR_AGAIN with
 * s->moved (and s->queued): the branches have changed in the meantime, compute again
 * (publish_retry). ERROR_AGAIN without: the same lock was held for hop.lockTimeout seconds.
 *
 * Call it again in each attempt: locks that are held are kept, missing ones are taken; after a lost
 * attempt the locks record that.
 *
 * TESTS: the project's own tests will run. Without tests, and if little time was lost before, a
 * lock is not worth a push, and none is taken; nor in a dry run.
 */
struct error *lock_take(struct session *s, const char *command, const struct publication *guards,
			bool tests) MUST_CHECK;

/*
 * For commands that take no lock: if PUB would move a branch whose lock records a lost attempt,
 * waits a while and says so. ERROR_AGAIN with s->moved: that holder is done, compute again.
 * Otherwise PUB may be published.
 */
struct error *lock_respect(struct session *s, const struct publication *pub) MUST_CHECK;

/* Adds the release of the locks to the publication. */
void lock_give_back(struct publication *pub, void *ctx, const struct session *s);
/* The locks were released. */
void lock_forget(struct session *s);
/*
 * Forgets locks that were taken over or broken, and tells whether there were any: as the remote has
 * them now (ASK), or as of the last fetch.
 */
struct error *lock_forget_lost(bool *lost, struct session *s, bool ask) MUST_CHECK;
/* Releases the locks only. Failures are not reported, since locks expire. */
void lock_release(struct session *s);

/* Removes exactly this lock; ERROR_AGAIN if it has been replaced. */
struct error *lock_break(struct session *s, const struct lock_info *info) MUST_CHECK;

#endif
