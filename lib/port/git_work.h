/*
 * The working tree as git sees it. libgit2 does not run filters, so it reports files as changed
 * that a clean filter would make equal.
 */
#ifndef PORT_GIT_WORK_H
#define PORT_GIT_WORK_H

#include <stdbool.h>

#include "base/error.h"
#include "port/repo.h"

/* REPO must have a working tree. Paths are relative to its top; lists are NULL-terminated. */

/*
 * Paths that differ from HEAD in the index or the working tree, with UNTRACKED also untracked
 * files. UNDER: only this directory or file; NULL: all.
 */
struct error *git_changes(char ***paths, void *ctx, const struct repo *repo, const char *under,
			  bool untracked) MUST_CHECK;
/*
 * For tracked files that differ from HEAD in the index or the working tree: "XY PATH" as in
 * git-status(1), in byte order of the paths.
 */
struct error *git_status(char ***entries, void *ctx, const struct repo *repo) MUST_CHECK;
/* Paths at which the index differs from COMMIT. */
struct error *git_index_changes(char ***paths, void *ctx, const struct repo *repo,
				const char *commit) MUST_CHECK;
/* Writes files of the index that are missing in the working tree; the index stays as it is. */
struct error *git_write_files(const struct repo *repo, char *const *paths) MUST_CHECK;
/* Untracked files below UNDER that git ignores. */
struct error *git_ignored(char ***paths, void *ctx, const struct repo *repo,
			  const char *under) MUST_CHECK;
/*
 * For each file, the ID of the blob that git add would store, after filters and conversion of line
 * endings. Paths must not contain newlines.
 */
struct error *git_hash_files(char ***oids, void *ctx, const struct repo *repo,
			     char *const *paths) MUST_CHECK;

#endif
