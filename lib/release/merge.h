/* Merges of trees with the project's rules: who owns what below .hop. */
#ifndef RELEASE_MERGE_H
#define RELEASE_MERGE_H

#include "base/error.h"
#include "core/version.h"
#include "project/project.h"

/*
 * The commit RELEASE of the open release VERSION with the patch's commit PATCH merged in.
 * .hop/releases and .hop/model are the release's; the rest is a three-way merge, renames
 * followed. ERROR_NO: a conflict (files, and the commands that resolve it on the patch branch),
 * the patch changes the directory of another patch, or would bring what another release has.
 */
struct error *merge_patch(char **tree, void *ctx, struct project *p, const char *id,
			  const struct version *version, const char *release,
			  const char *patch) MUST_CHECK;

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
			    const struct version *version, const char *release,
			    const char *patch) MUST_CHECK;
/* What a person runs to mend that. */
char *merge_foreign_commands(void *ctx, const struct project *p,
			     const struct merge_foreign *foreign, const char *id,
			     const struct version *version);

/*
 * The open release VERSION at commit RELEASE with production (PROD) merged in: .hop/releases and
 * .hop/model are production's, but for the files of the release itself. *TREE is NULL and
 * CONFLICTS is set when a person must resolve it.
 */
struct error *merge_forward(char **tree, char ***conflicts, void *ctx, struct project *p,
			    const struct version *version, const char *release,
			    const char *prod) MUST_CHECK;

#endif
