/* A temporary worktree of one commit: what is tested is exactly what is committed. */
#ifndef PROJECT_WORKTREE_H
#define PROJECT_WORKTREE_H

#include "base/error.h"
#include "project/leftovers.h"
#include "project/project.h"

struct worktree {
	struct repo *repo;
	struct leftovers *leftovers; /* further leftovers that belong to it can be added */
	char *dir;                   /* a directory in TMPDIR, which is removed recursively */
	char *tree; /* the worktree: the directory in DIR named after the project */
};

/*
 * Creates a worktree with HEAD detached at COMMIT. Freeing it (talloc) removes it, also after an
 * error or a signal. Directory and worktree are recorded before they are created
 * (project/leftovers.h), so the next command removes what a killed one left.
 */
struct error *worktree_open(struct worktree **out, void *ctx, struct project *p,
			    const char *commit) MUST_CHECK;
/* The same without files: they are in its index alone. */
struct error *worktree_open_empty(struct worktree **out, void *ctx, struct project *p,
				  const char *commit) MUST_CHECK;

#endif
