/* A new production version on its way into the releases that are still in preparation. */
#include "flow/forward.h"

#include "base/log.h"
#include "core/branch.h"
#include "flow/build.h"
#include "flow/catalog.h"
#include "flow/merge.h"
#include "flow/objects.h"
#include "flow/validate.h"

static struct error *try_tree(struct workshop *w, void *ctx, const struct open_release *release,
			      const char *commit)
{
	struct validation v = {w, commit, NULL, NULL};
	struct scratch *scratch;
	struct build *build;
	struct error *err;
	bool tests;

	err = validate_has_tests(&tests, w->project, commit);
	if (!err)
		err = build_of_release(&build, ctx, w->project, commit, &release->version);
	if (!err)
		build->as_upgrade = true;
	if (!err)
		err = build_run(&scratch, ctx, w, build, tests ? build->count : 0);
	if (err || !tests)
		return err;
	v.release = &build->release;
	return validate_run(&v, scratch->name);
}

/* The list of the release that is to have more candidates. */
static struct error *edit_list(struct edits *edits, void *ctx, const struct forward *f,
			       const struct open_release *release)
{
	struct error *err = NULL;

	if (!f->to || version_compare(&release->version, f->to) != 0)
		return NULL;
	for (char **id = f->ids; !err && *id; id++)
		err = manifest_add(release->manifest, *id, NULL);
	if (err)
		return error_wrap(err, "release %s", version_print(ctx, f->to));
	return edits_file(edits, ctx, f->workshop->project, path_manifest(ctx, f->to),
			  manifest_print(ctx, release->manifest));
}

/* *COMMIT is NULL, and the reason said, when a person must do it. */
static struct error *merge_one(char **commit, void *ctx, const struct forward *f,
			       const struct open_release *release, const struct edits *edits)
{
	struct project *p = f->workshop->project;
	char *tree, **conflicts;
	struct error *err;

	*commit = NULL;
	err = merge_forward(&tree, &conflicts, ctx, p, &release->version, release->tip, f->prod);
	if (err)
		return err;
	for (char **path = conflicts; path && *path; path++)
		warn("%s: conflict with production in %s", release->branch, *path);
	if (!tree)
		return NULL;
	err = objects_commit(commit, ctx, p, tree, edits,
			     (const char *[]){release->tip, f->prod, NULL},
			     mem_printf(ctx, "Merge production %s into release %s\n",
					version_print(ctx, f->version),
					version_print(ctx, &release->version)));
	if (!err)
		err = try_tree(f->workshop, ctx, release, *commit);
	if (err && err->code == ERROR_NO) {
		warn("%s does not pass with production %s: %s", release->branch,
		     version_print(ctx, f->version), err->message);
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
	struct project *p = f->workshop->project;
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
		err = objects_commit(&commit, tmp, p, release->tip, &edits,
				     (const char *[]){release->tip, NULL},
				     mem_printf(tmp, "List what release %s left\n",
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
	for (size_t i = 0; !err && i < f->open_count; i++) {
		if (version_compare(&f->open[i].version, f->skip) != 0)
			err = forward_one(pub, behind, ctx, f, &f->open[i]);
	}
	return err;
}

struct error *forward_behind(char ***branches, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	struct open_release *list;
	struct error *err;
	size_t count;
	char *prod;

	*branches = mem_array(ctx, char *, 1);
	err = project_tip(&prod, tmp, p, BRANCH_PROD);
	if (!err)
		err = catalog_open(&list, &count, tmp, p);
	for (size_t i = 0; !err && i < count; i++) {
		bool has;

		err = repo_is_ancestor(&has, p->repo, prod, list[i].tip);
		if (!err && !has)
			mem_list_add(branches, ctx, list[i].branch);
	}
	return err;
}

char *forward_commands(void *ctx, const struct project *p, const char *branch)
{
	const char *remote = p->remote ? p->remote : "";
	const char *slash = p->remote ? "/" : "";
	char *text = mem_printf(ctx,
				"  git switch %s\n"
				"  git merge %s%s" BRANCH_PROD
				"    # mend the files, git add, git commit",
				branch, remote, slash);

	if (p->remote)
		mem_append(&text, ctx, "\n  git push %s %s", p->remote, branch);
	return text;
}
