/* Updates shared refs. */
#ifndef PUBLISH_REFS_H
#define PUBLISH_REFS_H

#include "base/error.h"
#include "publish/publication.h"
#include "publish/session.h"

/*
 * All or nothing: with a remote one atomic push with a lease on every ref, without one a ref
 * transaction. ERROR_AGAIN and s->moved if a ref was elsewhere; s->unsure as git_push says. This
 * clone is not updated yet.
 */
struct error *refs_move(struct session *s, const struct publication *pub,
			const char *reason) MUST_CHECK;

/* The current value of REF at the remote; NULL if it does not exist. */
struct error *refs_ask(char **oid, void *ctx, struct project *p, const char *ref) MUST_CHECK;

/* With a remote: records what it accepted in tracking refs, tags and refs/hop. */
struct error *refs_mirror(struct project *p, const struct publication *pub,
			  const char *reason) MUST_CHECK;

/*
 * Checks that the remote accepts refs in the project's refNamespace and lists them, by creating one
 * that points to COMMIT and deleting it. ERROR_NO if it does not.
 */
struct error *refs_probe(struct project *p, const char *commit) MUST_CHECK;

#endif
