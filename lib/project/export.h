/* A copy of files of the repository in a private directory, for programs. */
#ifndef PROJECT_EXPORT_H
#define PROJECT_EXPORT_H

#include "base/error.h"
#include "project/leftovers.h"
#include "project/project.h"

struct export
{
	struct project *project;
	struct leftovers *leftovers; /* further leftovers that belong to it can be added */
	char *dir;                   /* in TMPDIR, for this user alone */
};

/*
 * Makes an empty directory. Freeing it (talloc) removes it with all that is in it, also after an
 * error or a signal; the next command removes what a killed one left.
 */
struct error *export_open(struct export **out, void *ctx, struct project *p) MUST_CHECK;

/*
 * Writes the files of TREEISH into the directory PATH of the export ("": the export itself),
 * replacing what is there. Contents are those of the repository: filters and line endings of
 * .gitattributes are not applied. Submodules become empty directories.
 */
struct error *export_write(struct export *e, const char *path, const char *treeish) MUST_CHECK;

#endif
