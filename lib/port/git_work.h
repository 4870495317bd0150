/*
 * The work tree as the git program sees it: libgit2 calls files changed that a clean filter makes
 * equal, and does not run filters.
 */
#ifndef PORT_GIT_WORK_H
#define PORT_GIT_WORK_H

#include <stdbool.h>

#include "base/error.h"
#include "port/repo.h"

/* REPO has a work tree. Paths are those of the tree; lists are NULL-terminated. */

/* Paths with changes against HEAD, in the index or the work tree; UNTRACKED ones too when asked.
 * UNDER: of this folder or file only; NULL: all. */
struct error *git_changes(char ***paths, void *ctx, const struct repo *repo, const char *under,
			  bool untracked) MUST_CHECK;
/* Files below UNDER that are not tracked and that git add would pass over. */
struct error *git_ignored(char ***paths, void *ctx, const struct repo *repo,
			  const char *under) MUST_CHECK;
/* For each file the name of the blob that git add would store: after filters and conversions of
 * line ends. No path has a newline in it. */
struct error *git_hash_files(char ***oids, void *ctx, const struct repo *repo,
			     char *const *paths) MUST_CHECK;

#endif
