/*
 * Checks that released versions have not been changed: finds changes that bypassed commands and
 * hooks.
 */
#ifndef PROJECT_AUDIT_H
#define PROJECT_AUDIT_H

#include <stddef.h>

#include "base/error.h"
#include "core/catalog.h"
#include "project/project.h"

struct audit_fault {
	const char *name; /* of the finding: see git-hop-check(1) */
	char *about;      /* a patch, list or tag */
	char *text;       /* what is wrong, without ABOUT */
	char *hint;       /* what to do */
};

/*
 * Compares TREE (a commit or tree: of ho-prod, or of the open release OPEN with all of production)
 * with the tags of the released versions of CATALOG: lists and Patches/ID must be those of the tag,
 * the tag must count (project/tag), and each Patches/ID must be in a list (OPEN's: staged). What
 * existed when the project started needs no list. Costs a few tree lookups per release.
 */
struct error *audit_read(struct audit_fault **faults, size_t *count, void *ctx, struct project *p,
			 const struct catalog *catalog, const struct open_release *open,
			 const char *tree) MUST_CHECK;

/* ERROR_NO with all findings, before anything is built on the tree. */
struct error *audit_refuse(struct project *p, const struct catalog *catalog,
			   const struct open_release *open, const char *tree) MUST_CHECK;

/*
 * For upgrades, which read files from the tags: ERROR_NO if released lists or patches were edited
 * on ho-prod. Does not check tags: an upgrade checks those that it needs, and older ones may be
 * missing.
 */
struct error *audit_production(struct project *p) MUST_CHECK;

#endif
