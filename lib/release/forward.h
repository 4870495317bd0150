/* Merges a new production version into the releases that are in preparation. */
#ifndef RELEASE_FORWARD_H
#define RELEASE_FORWARD_H

#include "base/error.h"
#include "project/catalog.h"
#include "publish/publish.h"
#include "build/dev_server.h"

struct forward {
	struct dev_server *dev;
	const struct catalog *catalog;
	const struct version *skip;    /* the release that was promoted */
	const struct version *version; /* what is new in production */
	const char *prod;              /* its commit, not published yet */
	/* Patches that open release TO lists as candidates from now on, at its end; NULL: none. */
	const struct version *to;
	char **ids;
};

/*
 * Merges production into every open release but SKIP, validates each result, and adds its branch to
 * PUB. A release that conflicts or fails its tests is added to BEHIND (a list of branches) and
 * reported; only its list changes.
 */
struct error *forward_releases(struct publication *pub, char ***behind, void *ctx,
			       const struct forward *forward) MUST_CHECK;

#endif
