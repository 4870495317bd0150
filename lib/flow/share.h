/* The refs that all share: how they are moved. */
#ifndef FLOW_SHARE_H
#define FLOW_SHARE_H

#include "base/error.h"
#include "flow/project.h"
#include "flow/publication.h"

/*
 * All or nothing: with a remote one atomic push with a lease on every ref, without one a ref
 * transaction. ERROR_AGAIN and p->moved when a ref was elsewhere; p->unsure as git_push says.
 * What is here does not follow yet.
 */
struct error *share_refs(struct project *p, const struct publication *pub,
			 const char *reason) MUST_CHECK;

/* Where REF is now, asked of the remote; NULL when it is not there. */
struct error *share_ask(char **oid, void *ctx, struct project *p, const char *ref) MUST_CHECK;

/* With a remote: what it has taken is known here, in tracking refs, tags and refs/hop. */
struct error *share_mirror(struct project *p, const struct publication *pub,
			   const char *reason) MUST_CHECK;

#endif
