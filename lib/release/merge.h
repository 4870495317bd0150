/* Merges trees according to the project's rules. */
#ifndef RELEASE_MERGE_H
#define RELEASE_MERGE_H

#include "base/error.h"
#include "core/catalog.h"
#include "project/project.h"

/* A patch to be merged into a release. */
struct merge {
	const struct catalog *catalog; /* for the contents of other releases */
	const struct open_release *release;
	const char *id;
	const char *patch; /* commit */
};

/*
 * Merges the patch into the tree of the release. .hop/releases and .hop/model are those of the
 * release; the rest is a three-way merge that follows renames. ERROR_NO: there is a conflict (with
 * the files and the commands that resolve it on the patch branch), the patch changes the directory
 * of another patch, or it would bring commits of another release.
 */
struct error *merge_patch(char **tree, void *ctx, struct project *p,
			  const struct merge *merge) MUST_CHECK;

/*
 * The branch whose commits a patch would bring into a release that lacks them, because it was
 * started on another release or a newer production version. BASE is the commit where it left that
 * branch. All NULL if there is none.
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
