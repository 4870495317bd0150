/* The one commit point of every command that changes what all share. */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "base/error.h"
#include "publish/session.h"
#include "publish/publication.h"

/*
 * All or nothing: with a remote one atomic push with a lease on every ref, without one a ref
 * transaction. ERROR_AGAIN and s->moved when a ref was elsewhere: nothing changed, compute anew.
 * Then what is here follows: tracking refs, tags, refs/hop, and local branches that only lag. The
 * work tree here goes to the branch STAND (NULL: it stays on its branch, brought up to date when
 * that moved); where it cannot, that is said, and how. REASON is for the reflogs: "hop: patch merge
 * 12-users". With s->dry_run the refs that would move are printed to stdout, and that is all.
 */
struct error *publish(struct session *s, const struct publication *pub, const char *stand,
		      const char *reason) MUST_CHECK;

/*
 * Runs ATTEMPT, which computes from the refs as they are and ends in publish, on freshly fetched
 * refs; again, a bounded number of times, while others are faster.
 */
struct error *publish_retry(struct session *s, struct error *(*attempt)(void *arg),
			    void *arg) MUST_CHECK;

#endif
