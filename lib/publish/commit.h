/* Makes commits from edits of trees, without changing refs or the checkout. */
#ifndef PUBLISH_COMMIT_H
#define PUBLISH_COMMIT_H

#include <stddef.h>

#include "base/error.h"
#include "project/project.h"

/* Edits to a tree; initialize with zeros. */
struct edits {
	struct repo_edit *list;
	size_t count;
};

/*
 * PATH holds TEXT / is a symbolic link to TARGET / is the object OID with MODE / is gone. Copies
 * what it is given.
 */
struct error *edits_file(struct edits *e, void *ctx, struct project *p, const char *path,
			 const char *text) MUST_CHECK;
struct error *edits_link(struct edits *e, void *ctx, struct project *p, const char *path,
			 const char *target) MUST_CHECK;
void edits_object(struct edits *e, void *ctx, const char *path, const char *oid, int mode);
void edits_remove(struct edits *e, void *ctx, const char *path);

/*
 * A commit with the tree of TREEISH ("" for none) under the edits, kept until keep_end. PARENTS is
 * NULL-terminated.
 */
struct error *commit_make(char **oid, void *ctx, struct project *p, const char *treeish,
			  const struct edits *e, const char *const *parents,
			  const char *message) MUST_CHECK;

#endif
