/* Makes commits from edits of trees. */
#include "publish/commit.h"

#include <string.h>

#include "base/fail.h"
#include "port/git.h"
#include "project/keep.h"

void edits_object(struct edits *e, void *ctx, const char *path, const char *oid, int mode)
{
	e->list = mem_resize(ctx, e->list, struct repo_edit, e->count + 1);
	e->list[e->count++] = (struct repo_edit){mem_dup(ctx, path), oid ? mem_dup(ctx, oid) : NULL,
						 mode};
}

void edits_remove(struct edits *e, void *ctx, const char *path)
{
	edits_object(e, ctx, path, NULL, 0);
}

static struct error *add_text(struct edits *e, void *ctx, struct project *p, const char *path,
			      const char *text, int mode)
{
	struct error *err;
	char *oid;

	err = repo_write_blob(&oid, ctx, p->repo, text, strlen(text));
	if (!err)
		edits_object(e, ctx, path, oid, mode);
	return err;
}

struct error *edits_file(struct edits *e, void *ctx, struct project *p, const char *path,
			 const char *text)
{
	return add_text(e, ctx, p, path, text, MODE_FILE);
}

struct error *edits_link(struct edits *e, void *ctx, struct project *p, const char *path,
			 const char *target)
{
	return add_text(e, ctx, p, path, target, MODE_LINK);
}

struct error *commit_make(char **oid, void *ctx, struct project *p, const char *treeish,
			  const struct edits *e, const char *const *parents, const char *message)
{
	SCOPE(tmp, ctx);
	struct error *err;
	size_t count = 0;
	char *tree;

	while (parents[count])
		count++;
	err = repo_edit_tree(&tree, tmp, p->repo, treeish, e->list, e->count);
	if (err)
		return err;
	err = git_commit_tree(oid, ctx, p->repo, tree, parents, count, message);
	if (!err)
		err = keep_object(p, *oid);
	return err ? err : fail_point("commit.made");
}
