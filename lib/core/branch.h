/* Names of branches and files, and their meanings. */
#ifndef CORE_BRANCH_H
#define CORE_BRANCH_H

#include "base/error.h"
#include "core/version.h"

#define BRANCH_PROD "ho-prod"

enum branch_kind { BRANCH_OTHER, BRANCH_IS_PROD, BRANCH_RELEASE, BRANCH_PATCH, BRANCH_STAGED };

struct branch {
	enum branch_kind kind;
	struct version version; /* of BRANCH_RELEASE */
	char *id;               /* of BRANCH_PATCH and BRANCH_STAGED, under ctx */
};

/* NAME is a short name such as "ho-release/1.2.0". A malformed ho-* name is BRANCH_OTHER. */
struct branch branch_parse(void *ctx, const char *name);
/* ho-release/1.2.0 (base version) */
char *branch_release(const void *ctx, const struct version *v);
char *branch_patch(const void *ctx, const char *id);  /* ho-patch/12-users */
char *branch_staged(const void *ctx, const char *id); /* ho-staged/12-users */
/* The ref that reserves the number of a patch: refs/hop/patch/12 */
char *ref_number(const void *ctx, int number);

/* Paths in the tree. */
#define PATH_CONFIG ".hop/config"
#define PATH_RELEASES ".hop/releases"
#define PATH_MODEL ".hop/model"
/*
 * The model of the production version of a tree; those of older versions are at their tags
 * (project/tag.h).
 */
#define PATH_SCHEMA ".hop/model/schema.sql"
#define PATH_DATA ".hop/model/data.sql"
#define PATH_METADATA ".hop/model/metadata.sql"
#define PATH_PATCHES "Patches"

/* .hop/releases/1.2.0-patches.toml */
char *path_manifest(const void *ctx, const struct version *v);
char *path_release(const void *ctx, const struct version *v); /* .hop/releases/1.2.0-rc1.txt */
/*
 * Symbolic links to PATH_SCHEMA and PATH_METADATA, named after their version:
 * .hop/model/schema-1.2.0.sql, .hop/model/metadata-1.2.0.sql
 */
char *path_schema_link(const void *ctx, const struct version *v);
char *path_metadata_link(const void *ctx, const struct version *v);
char *path_patch(const void *ctx, const char *id); /* Patches/12-users */

/*
 * Parses the name of a list in .hop/releases, such as "1.2.0-hotfix1.txt"; false if it is not one.
 */
bool release_file_parse(struct version *out, const char *name);

#endif
