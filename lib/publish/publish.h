/* The one commit point of every command that changes shared refs. */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "base/error.h"
#include "publish/session.h"
#include "publish/publication.h"

/*
 * All or nothing: with a remote one atomic push with a lease on every ref, without one a ref
 * transaction. ERROR_AGAIN and s->moved if a ref was elsewhere: nothing changed, compute again.
 * Then updates this clone: tracking refs, tags, refs/hop, and local branches that are only behind.
 * The worktree switches to the branch STAND (NULL: it stays on its branch, and is updated if that
 * moved); if it cannot, a warning tells how to. REASON is for the reflogs: "hop: patch merge
 * 12-users". With s->dry_run it only prints the refs that would move to stdout.
 */
struct error *publish(struct session *s, const struct publication *pub, const char *stand,
		      const char *reason) MUST_CHECK;

/*
 * Runs ATTEMPT, which computes from the refs as they are and ends in publish, on freshly fetched
 * refs; retries it a bounded number of times if the branches move.
 */
struct error *publish_retry(struct session *s, struct error *(*attempt)(void *arg),
			    void *arg) MUST_CHECK;

#endif
