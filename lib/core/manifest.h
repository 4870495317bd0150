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

/* .hop/releases/X.Y.Z-patches.toml: the order of the entries is the order of application. */
struct manifest {
	struct manifest_entry *entries; /* a talloc array under the manifest */
	size_t count;
};

/*
 * Reads "[patches]" then lines '"ID" = "candidate"' or "staged" (a bare key is TOML too and
 * accepted; comments and blank lines too). ERROR_FAIL names NAME:LINE for anything else: unknown
 * section, unknown state, ID given twice, bad ID. LENGTH guards against NUL bytes.
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
/*
 * Adds a candidate at the end, or before the entry BEFORE (ERROR_NO when that one is not listed,
 * or ID is).
 */
struct error *manifest_add(struct manifest *m, const char *id, const char *before) MUST_CHECK;
/* A candidate becomes staged; false when ID is not listed. */
bool manifest_stage(struct manifest *m, const char *id);
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
