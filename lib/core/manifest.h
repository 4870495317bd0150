/* The lists of a release. */
#ifndef CORE_MANIFEST_H
#define CORE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum patch_state { PATCH_CANDIDATE, PATCH_STAGED };

struct manifest_entry {
	char *id; /* canonical */
	enum patch_state state;
};

/*
 * .hop/releases/X.Y.Z-patches.toml: first the staged patches, in the order in which they run, then
 * the candidates. Patches are usually staged at the end, so the patches of a release candidate are
 * the first ones of its release.
 */
struct manifest {
	struct manifest_entry *entries; /* a talloc array under the manifest */
	size_t count;
};

/*
 * Parses "[patches]" and lines '"ID" = "candidate"' or '"ID" = "staged"'. Accepts unquoted keys,
 * comments and blank lines. ERROR_FAIL with NAME:LINE for anything else, such as an unknown state
 * or a repeated ID. Moves staged patches before the candidates. TEXT has LENGTH bytes; NUL bytes
 * are errors.
 */
struct error *manifest_parse(struct manifest **out, void *ctx, const char *name, const char *text,
			     size_t length) MUST_CHECK;
/* The canonical text: parse(print(m)) equals m. */
char *manifest_print(const void *ctx, const struct manifest *m);

struct manifest *manifest_new(void *ctx);
struct manifest *manifest_copy(void *ctx, const struct manifest *m);
/* NULL if ID is not listed. */
const struct manifest_entry *manifest_find(const struct manifest *m, const char *id);
/* Appends a candidate; ERROR_NO if it is already listed. */
struct error *manifest_add(struct manifest *m, const char *id) MUST_CHECK;
/*
 * Makes ID, which must be listed, the last staged patch or, if BEFORE is not NULL, puts it before
 * the staged patch BEFORE. ERROR_NO if BEFORE is not staged.
 */
struct error *manifest_stage(struct manifest *m, const char *id, const char *before) MUST_CHECK;
/* Removes an entry; false if it is not listed. */
bool manifest_remove(struct manifest *m, const char *id);
/* The IDs in this state, in order; NULL-terminated. */
char **manifest_ids(void *ctx, const struct manifest *m, enum patch_state state);
size_t manifest_count(const struct manifest *m, enum patch_state state);

/*
 * Parses X.Y.Z.txt and the like: an ID per line, '#' comments and blank lines. *IDS is
 * NULL-terminated and in the order of the lines. ERROR_FAIL with NAME:LINE.
 */
struct error *idlist_parse(char ***ids, void *ctx, const char *name, const char *text,
			   size_t length) MUST_CHECK;
char *idlist_print(const void *ctx, const char *comment, char *const *ids);

#endif
