/*
 * Reads the catalogue of releases: those in preparation from their branches, released ones from
 * ho-prod.
 */
#ifndef PROJECT_CATALOG_H
#define PROJECT_CATALOG_H

#include <stddef.h>

#include "base/error.h"
#include "core/catalog.h"
#include "core/version.h"
#include "project/project.h"

/*
 * Reads it from the authoritative branches (project_ref). Read it once per attempt: two readings
 * may be inconsistent. Skips releases that cannot be read, with a warning once per command; to use
 * one by name, call catalog_refuse_unreadable.
 */
struct error *catalog_read(const struct catalog **out, void *ctx, struct project *p) MUST_CHECK;
/*
 * The same for what can be read: SKIP is called for the other releases, and frees their errors.
 * Without a production version .prod is NULL.
 */
struct error *catalog_read_readable(const struct catalog **out, void *ctx, struct project *p,
				    void (*skip)(void *arg, const char *branch, struct error *err),
				    void *arg) MUST_CHECK;

/*
 * Versions with a file X.Y.Z.txt or X.Y.Z-hotfixN.txt in the commit, lowest first (rc files are
 * left out).
 */
struct error *catalog_released(struct version **out, size_t *count, void *ctx, struct repo *repo,
			       const char *commit) MUST_CHECK;
/* The same, and every release candidate that has a tag here. */
struct error *catalog_with_rcs(struct version **out, size_t *count, void *ctx, struct project *p,
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
