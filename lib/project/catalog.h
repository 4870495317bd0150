/* What releases there are: in preparation on their branches, released on ho-prod. */
#ifndef PROJECT_CATALOG_H
#define PROJECT_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/manifest.h"
#include "core/version.h"
#include "project/project.h"

/*
 * A release in preparation, as its branch says. One whose X.Y.Z is in production is a hotfix: it
 * stands beside the others, and none of them waits for it.
 */
struct open_release {
	struct version version; /* X.Y.Z, that the branch is named after */
	struct version becomes; /* X.Y.Z, or the hotfix that follows on what is in production */
	bool hotfix;
	struct version rc; /* its newest release candidate; number 0: none */
	char *branch;      /* ho-release/X.Y.Z */
	char *tip;         /* commit */
	struct manifest *manifest;
};

/* Those whose branch the project has (project_ref), lowest version first. */
struct error *catalog_open(struct open_release **out, size_t *count, void *ctx,
			   struct project *p) MUST_CHECK;
/* The same, of those that can be read: SKIP gets the others, and frees what is wrong with them. */
struct error *catalog_open_readable(struct open_release **out, size_t *count, void *ctx,
				    struct project *p,
				    void (*skip)(void *arg, const char *branch, struct error *err),
				    void *arg) MUST_CHECK;
/*
 * The one of VERSION (its base, or what it becomes); ERROR_NO with the open ones as hint when it is
 * not there.
 */
struct error *catalog_find(struct open_release *out, void *ctx, struct project *p,
			   const struct version *version) MUST_CHECK;
/* The open release that lists patch ID; .branch is NULL when none does. */
struct error *catalog_release_of(struct open_release *out, void *ctx, struct project *p,
				 const char *id) MUST_CHECK;

/*
 * Versions with a file X.Y.Z.txt or X.Y.Z-hotfixN.txt in the commit, lowest first (rc files are
 * left out).
 */
struct error *catalog_released(struct version **out, size_t *count, void *ctx, struct repo *repo,
			       const char *commit) MUST_CHECK;
/* The same, and every release candidate that has a tag here. */
struct error *catalog_candidates(struct version **out, size_t *count, void *ctx, struct repo *repo,
				 const char *commit) MUST_CHECK;
/* The patches of a released version in order, from the file in that commit; NULL-terminated. */
struct error *catalog_patches(char ***ids, void *ctx, struct repo *repo, const char *commit,
			      const struct version *version) MUST_CHECK;

/*
 * The newest production version on ho-prod (hotfixes included), and the commit that ho-prod is
 * at.
 */
struct error *catalog_production(struct version *version, char **commit, void *ctx,
				 struct project *p) MUST_CHECK;

#endif
