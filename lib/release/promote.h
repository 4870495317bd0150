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
	bool dry_run;         /* test it, and say which refs would move */
	bool carry;           /* PROMOTE_PROD: candidates that are left go to the next release */
	/* results, under the project */
	struct version version; /* that was made */
	char **patches;         /* IDs, NULL-terminated */
	char **behind; /* open releases that ho-prod must be merged into by hand; NULL-terminated */
	char **carried; /* candidates that went to release NEXT; NULL-terminated */
	struct version next;
	bool opened;     /* NEXT was made for them */
	char *overtaken; /* branch of the open hotfix, which now follows this version; NULL: none */
};

/*
 * The lowest release in preparation, or the hotfix in preparation, becomes production: validated
 * on exactly the tree that is tagged, merged into ho-prod, its branches gone, ho-prod merged into
 * the other open releases where their merged tree passes. Or (PROMOTE_RC) what is staged in the
 * lowest release becomes its next release candidate: validated and tagged, and the release goes
 * on. One push.
 */
struct error *promote_release(struct promote *promote, struct project *p) MUST_CHECK;

#endif
