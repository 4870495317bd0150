/* Merges a new production version into the releases that are in preparation. */
#include "release/forward.h"

#include "base/log.h"
#include "core/branch.h"
#include "build/prove.h"
#include "project/catalog.h"
#include "release/merge.h"
#include "publish/commit.h"

static struct error *prove(void *ctx, struct dev_server *dev, const struct open_release *release,
			   const char *commit)
{
	struct proof proof = {.dev = dev,
			      .commit = commit,
			      .branch = &release->version,
			      .again = true};
	struct error *err;

	err = prove_open(&proof, ctx);
	if (!err)
		err = prove_build(&proof, ctx);
	return err ? err : prove_tests(&proof, ctx);
}

/* The list of the release that receives carried candidates. */
static struct error *edit_list(struct edits *edits, void *ctx, const struct forward *f,
			       const struct open_release *release)
{
	struct manifest *list = manifest_copy(ctx, release->manifest);
	struct error *err = NULL;

	if (!f->to || version_compare(&release->version, f->to) != 0)
		return NULL;
	for (char **id = f->ids; !err && *id; id++)
		err = manifest_add(list, *id);
	if (err)
		return error_wrap(err, "release %s", version_print(ctx, f->to));
	return edits_file(edits, ctx, f->dev->project, path_manifest(ctx, f->to),
			  manifest_print(ctx, list));
}

/* *COMMIT is NULL, and the reason printed, if it has to be merged by hand. */
static struct error *merge_one(char **commit, void *ctx, const struct forward *f,
			       const struct open_release *release, const struct edits *edits)
{
	struct project *p = f->dev->project;
	char *tree, **conflicts;
	struct error *err;

	*commit = NULL;
	err = merge_forward(&tree, &conflicts, ctx, p, release, f->prod);
	if (err)
		return err;
	for (char **path = conflicts; path && *path; path++)
		warn("%s: conflict with production in %s", release->branch, *path);
	if (!tree)
		return NULL;
	err = commit_make(commit, ctx, p, tree, edits,
			  (const char *[]){release->tip, f->prod, NULL},
			  mem_printf(ctx, "Merge production %s into release %s\n",
				     version_print(ctx, f->version),
				     version_print(ctx, &release->version)));
	if (!err)
		err = prove(ctx, f->dev, release, *commit);
	if (err && err->code == ERROR_NO) {
		err = error_wrap(err, "%s does not pass with production %s", release->branch,
				 version_print(ctx, f->version));
		warn_error(err);
		error_free(err);
		err = NULL;
		*commit = NULL;
	}
	return err;
}

static struct error *forward_one(struct publication *pub, char ***behind, void *ctx,
				 const struct forward *f, const struct open_release *release)
{
	SCOPE(tmp, ctx);
	struct project *p = f->dev->project;
	struct edits edits = {NULL, 0};
	struct error *err;
	char *commit;

	err = edit_list(&edits, tmp, f, release);
	if (!err)
		err = merge_one(&commit, tmp, f, release, &edits);
	if (err)
		return err;
	if (!commit) {
		mem_list_add(behind, ctx, release->branch);
		if (edits.count == 0)
			return NULL;
		err = commit_make(&commit, tmp, p, release->tip, &edits,
				  (const char *[]){release->tip, NULL},
				  mem_printf(tmp, "Add patches carried over from release %s\n",
					     version_print(tmp, f->skip)));
		if (err)
			return err;
	}
	publication_add_branch(pub, ctx, release->branch, release->tip, commit);
	return NULL;
}

struct error *forward_releases(struct publication *pub, char ***behind, void *ctx,
			       const struct forward *f)
{
	struct error *err = NULL;

	*behind = mem_array(ctx, char *, 1);
	for (size_t i = 0; !err && i < f->catalog->open_count; i++) {
		if (version_compare(&f->catalog->open[i].version, f->skip) != 0)
			err = forward_one(pub, behind, ctx, f, &f->catalog->open[i]);
	}
	return err;
}
