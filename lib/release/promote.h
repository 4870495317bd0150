/* git hop release promote */
#ifndef RELEASE_PROMOTE_H
#define RELEASE_PROMOTE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/choose.h"
#include "core/version.h"
#include "project/project.h"

struct promote {
	enum promote_to to;
	const char *database; /* --database, NULL: none given */
	bool dry_run;         /* test it, and print the refs that would change */
	bool carry;           /* PROMOTE_PROD: move candidates to the next release */
	/* results, under the project */
	struct version version; /* that was promoted */
	char **patches;         /* IDs, NULL-terminated */
	char **behind; /* open releases that ho-prod must be merged into by hand; NULL-terminated */
	char **carried; /* candidates moved to release NEXT; NULL-terminated */
	struct version next;
	bool opened;     /* NEXT was opened for them */
	char *overtaken; /* branch of the open hotfix, which now follows this version; NULL: none */
};

/*
 * Promotes the lowest release or the hotfix in preparation to production: tests exactly the tree
 * that is tagged, merges it into ho-prod, deletes its branches, and merges ho-prod into the other
 * open releases whose merged tree passes. PROMOTE_RC: tests and tags what is staged in the lowest
 * release, which remains in preparation. Publishes with one push.
 */
struct error *promote_release(struct promote *promote, struct project *p) MUST_CHECK;

#endif
