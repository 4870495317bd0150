/* A new production version on its way into the releases that are still in preparation. */
#ifndef RELEASE_FORWARD_H
#define RELEASE_FORWARD_H

#include "base/error.h"
#include "project/catalog.h"
#include "publish/publish.h"
#include "build/dev_server.h"

struct forward {
	struct dev_server *dev;
	const struct catalog *catalog;
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

#endif
