/* Merges of trees with the project's rules: who owns what below .hop. */
#ifndef FLOW_MERGE_H
#define FLOW_MERGE_H

#include "base/error.h"
#include "core/version.h"
#include "flow/project.h"

/*
 * The commit RELEASE of the open release VERSION with the patch's commit PATCH merged in.
 * .hop/releases and .hop/model are the release's; the rest is a three-way merge, renames
 * followed. ERROR_NO: a conflict (files, and the commands that resolve it on the patch branch),
 * or the patch changes the directory of another patch.
 */
struct error *merge_patch(char **tree, void *ctx, struct project *p, const char *id,
			  const struct version *version, const char *release,
			  const char *patch) MUST_CHECK;

/*
 * The open release VERSION at commit RELEASE with production (PROD) merged in: .hop/releases and
 * .hop/model are production's, but for the files of the release itself. *TREE is NULL and
 * CONFLICTS is set when a person must resolve it.
 */
struct error *merge_forward(char **tree, char ***conflicts, void *ctx, struct project *p,
			    const struct version *version, const char *release,
			    const char *prod) MUST_CHECK;

#endif
