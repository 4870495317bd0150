/* git hop release promote prod */
#ifndef FLOW_PROMOTE_H
#define FLOW_PROMOTE_H

#include "base/error.h"
#include "core/version.h"
#include "flow/project.h"

struct promote {
	const char *database; /* --database, NULL: none given */
	/* results, under the project */
	struct version version;
	char **patches; /* IDs, NULL-terminated */
	char **behind;  /* open releases that a person must merge ho-prod into; NULL-terminated */
};

/*
 * The lowest release in preparation becomes production: validated on exactly the tree that is
 * tagged, merged into ho-prod, its branches gone, ho-prod merged into the other open releases
 * where their merged tree passes. One push.
 */
struct error *promote_prod(struct promote *promote, struct project *p) MUST_CHECK;

#endif
