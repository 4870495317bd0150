/* A temporary worktree of one commit. */
#include "project/worktree.h"

#include <sys/stat.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "port/git.h"

static int worktree_destroy(struct worktree *w)
{
	int signal = signals_suspend();
	struct error *err;

	err = git_worktree_remove(w, w->repo, w->tree);
	error_free(err);
	err = file_remove_tree(w->dir);
	if (err)
		warn("%s", err->message);
	error_free(err);
	signals_resume(signal);
	return 0;
}

static struct error *open_it(struct worktree **out, void *ctx, struct project *p,
			     const char *commit, bool files)
{
	struct worktree *w = mem_new(ctx, struct worktree);
	struct error *err;

	/* A child of W, so that the list is removed after the files that it lists. */
	err = leftovers_open(&w->leftovers, w, p);
	if (!err)
		err = leftovers_name(&w->dir, w, "hop-test");
	if (err)
		return err;
	w->repo = p->repo;
	w->tree = path_join(w, w->dir, p->conf->name);
	talloc_set_destructor(w, worktree_destroy);
	err = leftovers_add(w->leftovers, "worktree", w->tree);
	if (!err)
		err = leftovers_add(w->leftovers, "folder", w->dir);
	if (!err)
		err = fail_point("worktree.noted");
	if (!err && mkdir(w->dir, 0700) < 0)
		err = error_errno("cannot create directory '%s'", w->dir);
	if (!err)
		err = git_worktree_add(w, w->repo, w->tree, commit, files);
	*out = w;
	return error_wrap(err, "cannot create a temporary worktree");
}

struct error *worktree_open(struct worktree **out, void *ctx, struct project *p, const char *commit)
{
	return open_it(out, ctx, p, commit, true);
}

struct error *worktree_open_empty(struct worktree **out, void *ctx, struct project *p,
				  const char *commit)
{
	SCOPE(tmp, ctx);
	struct error *err = open_it(out, ctx, p, commit, false);
	struct repo *there;

	if (!err)
		err = repo_open(&there, tmp, (*out)->tree);
	return err ? err : git_run(NULL, tmp, there, "read-tree", commit, NULL);
}
