/* What apply and merge refuse about the files of a patch. */
#ifndef RELEASE_PATCH_FILES_H
#define RELEASE_PATCH_FILES_H

#include "base/error.h"
#include "project/project.h"

/*
 * What is tried must be what is committed. Looks at Patches/ID in the work tree, whose branch is
 * checked out. ERROR_NO: git ignores a file that would run, or commits different bytes than apply
 * runs, because of a filter that libgit2 does not know. A missing folder is fine.
 */
struct error *patch_files_check(struct project *p, const char *id) MUST_CHECK;

/* ERROR_NO: no file of the patch runs. TREE: a commit or tree that has Patches/ID. */
struct error *patch_files_refuse_empty(struct project *p, const char *id,
				       const char *tree) MUST_CHECK;

#endif
