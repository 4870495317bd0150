/* The text of a release's files and what it means. */
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
 * .hop/releases/X.Y.Z-patches.toml: staged patches first, in the order in which they run, which is
 * that in which they were merged; then the candidates. So a release only grows at its end, and a
 * database that has a release candidate has the beginning of it.
 */
struct manifest {
	struct manifest_entry *entries; /* a talloc array under the manifest */
	size_t count;
};

/*
 * Reads "[patches]" then lines '"ID" = "candidate"' or "staged" (a bare key is TOML too and
 * accepted; comments and blank lines too). ERROR_FAIL names NAME:LINE for anything else: unknown
 * section, unknown state, ID given twice, bad ID. Staged ones among candidates are moved to the
 * front. LENGTH guards against NUL bytes.
 */
struct error *manifest_parse(struct manifest **out, void *ctx, const char *name, const char *text,
			     size_t length) MUST_CHECK;
/*
 * The canonical text: parse(print(m)) equals m, and print(parse(print(m))) is print(m) to the
 * byte.
 */
char *manifest_print(const void *ctx, const struct manifest *m);

struct manifest *manifest_new(void *ctx);
struct manifest *manifest_copy(void *ctx, const struct manifest *m);
/* NULL: not there. */
const struct manifest_entry *manifest_find(const struct manifest *m, const char *id);
/* Adds a candidate at the end; ERROR_NO when it is listed already. */
struct error *manifest_add(struct manifest *m, const char *id) MUST_CHECK;
/*
 * Makes the listed ID the last of the staged patches, or (BEFORE not NULL) puts it before the
 * staged patch BEFORE; ERROR_NO when that one is not staged.
 */
struct error *manifest_stage(struct manifest *m, const char *id, const char *before) MUST_CHECK;
/* Takes an entry out; false when it is not listed. */
bool manifest_remove(struct manifest *m, const char *id);
/* The IDs in that state, in order; NULL-terminated. */
char **manifest_ids(void *ctx, const struct manifest *m, enum patch_state state);
size_t manifest_count(const struct manifest *m, enum patch_state state);

/*
 * X.Y.Z.txt and its like: an ID a line, '#' comments and blank lines. IDs comes NULL-terminated,
 * in the order of the lines. ERROR_FAIL names NAME:LINE.
 */
struct error *idlist_parse(char ***ids, void *ctx, const char *name, const char *text,
			   size_t length) MUST_CHECK;
char *idlist_print(const void *ctx, const char *comment, char *const *ids);

#endif
