/* A new production version on its way into the releases that are still in preparation. */
#ifndef FLOW_FORWARD_H
#define FLOW_FORWARD_H

#include "base/error.h"
#include "flow/catalog.h"
#include "flow/publish.h"
#include "flow/workshop.h"

struct forward {
	struct workshop *workshop;
	const struct open_release *open; /* all in preparation */
	size_t open_count;
	const struct version *skip;    /* the release that is over */
	const struct version *version; /* what is new in production */
	const char *prod;              /* its commit, not published yet */
	/* Patches that open release TO lists as candidates from now on, at its end; NULL: none. */
	const struct version *to;
	char **ids;
};

/*
 * Merges production into every open release but SKIP, validates each result, and adds its branch
 * to PUB. A release that does not merge or does not pass is added to BEHIND (a list of branches)
 * and said; it stays as it is, but for its list.
 */
struct error *forward_releases(struct publication *pub, char ***behind, void *ctx,
			       const struct forward *forward) MUST_CHECK;

/*
 * Branches of open releases that do not contain ho-prod: somebody has to merge it;
 * NULL-terminated.
 */
struct error *forward_behind(char ***branches, void *ctx, struct project *p) MUST_CHECK;

/* The commands that a person runs for one of them. */
char *forward_commands(void *ctx, const struct project *p, const char *branch);

#endif
