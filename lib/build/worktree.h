/* A temporary work tree of one commit: what is tested is exactly what is committed. */
#ifndef BUILD_WORKTREE_H
#define BUILD_WORKTREE_H

#include "base/error.h"
#include "project/leftovers.h"
#include "project/project.h"

struct worktree {
	struct repo *repo;
	struct leftovers *leftovers; /* takes what else is to go with it */
	char *dir;                   /* a folder in TMPDIR, removed with all that is in it */
	char *tree; /* the work tree: the folder in DIR that has the name of the project */
};

/*
 * Makes it, with HEAD detached at COMMIT. Freeing it (talloc) removes it, after an error or a
 * signal, too. Folder and work tree are recorded before they are made (project/leftovers), so the
 * next command removes what a killed one left.
 */
struct error *worktree_open(struct worktree **out, void *ctx, struct project *p,
			    const char *commit) MUST_CHECK;

#endif
