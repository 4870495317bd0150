/* A new production version on its way into the releases that are still in preparation. */
#ifndef FLOW_FORWARD_H
#define FLOW_FORWARD_H

#include "base/error.h"
#include "flow/publish.h"
#include "flow/workshop.h"

/*
 * Merges PROD (a commit not published yet) into every open release but SKIP, validates each
 * result, and adds its branch to PUB. A release that does not merge or does not pass is added to
 * BEHIND (a list of branches) and said; it stays as it is.
 */
struct error *forward_releases(struct publication *pub, char ***behind, void *ctx,
			       struct workshop *w, const struct version *skip,
			       const struct version *version, const char *prod) MUST_CHECK;

/*
 * Branches of open releases that do not contain ho-prod: somebody has to merge it;
 * NULL-terminated.
 */
struct error *forward_behind(char ***branches, void *ctx, struct project *p) MUST_CHECK;

/* The commands that a person runs for one of them. */
char *forward_commands(void *ctx, const struct project *p, const char *branch);

#endif
