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

/* *COMMIT is NULL, and the reason said, when a person must do it. */
static struct error *forward_one(char **commit, void *ctx, struct workshop *w,
				 const struct open_release *release, const struct version *version,
				 const char *prod)
{
	struct project *p = w->project;
	struct edits none = {NULL, 0};
	char *tree, **conflicts;
	struct error *err;

	*commit = NULL;
	err = merge_forward(&tree, &conflicts, ctx, p, &release->version, release->tip, prod);
	if (err)
		return err;
	for (char **path = conflicts; path && *path; path++)
		warn("%s: conflict with production in %s", release->branch, *path);
	if (!tree)
		return NULL;
	err = objects_commit(commit, ctx, p, tree, &none,
			     (const char *[]){release->tip, prod, NULL},
			     mem_printf(ctx, "Merge production %s into release %s\n",
					version_print(ctx, version),
					version_print(ctx, &release->version)));
	if (!err)
		err = try_tree(w, ctx, release, *commit);
	if (err && err->code == ERROR_NO) {
		warn("%s does not pass with production %s: %s", release->branch,
		     version_print(ctx, version), err->message);
		error_free(err);
		err = NULL;
		*commit = NULL;
	}
	return err;
}

struct error *forward_releases(struct publication *pub, char ***behind, void *ctx,
			       struct workshop *w, const struct version *skip,
			       const struct version *version, const char *prod)
{
	SCOPE(tmp, ctx);
	struct open_release *list;
	struct error *err;
	size_t count;
	char *commit;

	err = catalog_open(&list, &count, tmp, w->project);
	if (err)
		return err;
	*behind = mem_array(ctx, char *, 1);
	for (size_t i = 0; i < count; i++) {
		if (version_compare(&list[i].version, skip) == 0)
			continue;
		err = forward_one(&commit, tmp, w, &list[i], version, prod);
		if (err)
			return err;
		if (commit)
			publication_add_branch(pub, ctx, list[i].branch, list[i].tip, commit);
		else
			mem_list_add(behind, ctx, list[i].branch);
	}
	return NULL;
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
