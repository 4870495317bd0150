/* The files of a patch: what apply and merge refuse, and the data scripts that merge copies. */
#ifndef RELEASE_PATCH_FILES_H
#define RELEASE_PATCH_FILES_H

#include "base/error.h"
#include "project/project.h"
#include "publish/commit.h"

/*
 * What is tested must be what is committed. Checks Patches/ID in the worktree; its branch must be
 * checked out. ERROR_NO if git ignores a file that would run, or would commit other bytes than
 * apply runs, because of a filter that libgit2 does not support. Succeeds if the directory does not
 * exist.
 */
struct error *patch_files_check(struct project *p, const char *id) MUST_CHECK;

/* ERROR_NO if the patch runs no file. TREE: a commit or tree that contains Patches/ID. */
struct error *patch_files_refuse_empty(struct project *p, const char *id,
				       const char *tree) MUST_CHECK;

/* Copies the data scripts that patch ID has in TREE to bootstrap/. */
struct error *patch_files_copy(struct edits *edits, void *ctx, struct project *p, const char *id,
			       const char *tree) MUST_CHECK;

#endif
