/* The release that a patch goes into. */
#ifndef PROJECT_RELEASE_CHOOSE_H
#define PROJECT_RELEASE_CHOOSE_H

#include "base/error.h"
#include "project/catalog.h"
#include "project/project.h"

struct release_wish {
	const struct version *named;          /* --release; NULL: not given */
	const struct open_release *otherwise; /* where the current branch is of none; may be NULL */
	const char *command;                  /* "git hop patch create", for hints */
	const char *id;                       /* of the patch */
};

/*
 * The release named, that of the current ho-release branch, OTHERWISE, or the only one open.
 * ERROR_NO, with what to run, if several are; what cannot be read counts as one.
 */
struct error *release_choose(const struct open_release **out, void *ctx, struct project *p,
			     const struct catalog *catalog,
			     const struct release_wish *wish) MUST_CHECK;

#endif
