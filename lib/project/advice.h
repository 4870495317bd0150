/* Texts of commands for the user to run, as hints show them. */
#ifndef PROJECT_ADVICE_H
#define PROJECT_ADVICE_H

#include "project/project.h"

/* Merges production into the release branch BRANCH by hand, and pushes it. */
char *advice_merge_production(void *ctx, const struct project *p, const char *branch);

/* Merges the release branch BRANCH into the branch of patch ID, by hand. */
char *advice_merge_release(void *ctx, const struct project *p, const char *id, const char *branch);

/* Puts the commits of patch ID that come after BASE on the release branch BRANCH. */
char *advice_move_patch(void *ctx, const struct project *p, const char *id, const char *branch,
			const char *base);

/* Drops an open release: deletes its branch BRANCH, here and at the remote. */
char *advice_delete_release(void *ctx, const struct project *p, const char *branch);

#endif
