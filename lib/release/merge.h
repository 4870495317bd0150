/* Merges of trees with the project's rules: who owns what below .hop. */
#ifndef RELEASE_MERGE_H
#define RELEASE_MERGE_H

#include "base/error.h"
#include "core/catalog.h"
#include "project/project.h"

/* A patch to be merged into a release. */
struct merge {
	const struct catalog *catalog; /* for what the other releases have */
	const struct open_release *release;
	const char *id;
	const char *patch; /* commit */
};

/*
 * The tree of the release with the patch merged in. .hop/releases and .hop/model are the release's;
 * the rest is a three-way merge, renames followed. ERROR_NO: a conflict (files, and the commands
 * that resolve it on the patch branch), the patch changes the directory of another patch, or would
 * bring commits of another release.
 */
struct error *merge_patch(char **tree, void *ctx, struct project *p,
			  const struct merge *merge) MUST_CHECK;

/*
 * The branch whose work a patch would bring into a release that lacks it: it was started on
 * another release, or on a newer production. BASE is where it left that branch. All NULL when there
 * is none.
 */
struct merge_foreign {
	char *branch;
	char *base;
};
struct error *merge_foreign(struct merge_foreign *out, void *ctx, struct project *p,
			    const struct merge *merge) MUST_CHECK;
/* The commands that resolve it. */
char *merge_foreign_commands(void *ctx, const struct project *p, const struct merge *merge,
			     const struct merge_foreign *foreign);

/*
 * The open release with production (commit PROD) merged in: .hop/releases and .hop/model are
 * production's, but for the files of the release itself. On a conflict *TREE is NULL and CONFLICTS
 * is set.
 */
struct error *merge_forward(char **tree, char ***conflicts, void *ctx, struct project *p,
			    const struct open_release *release, const char *prod) MUST_CHECK;

#endif
