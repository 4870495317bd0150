/* Makes the commit and the tag of a promotion, and tests them. */
#include "release/promote.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/branch.h"
#include "build/model.h"
#include "build/prove.h"
#include "project/advice.h"
#include "project/keep.h"
#include "project/leftovers.h"
#include "project/audit.h"
#include "project/tag.h"
#include "release/merge.h"
#include "publish/commit.h"
#include "release/promote_private.h"
#include "release/rc_path.h"

/* The tree of the release, with production merged into it if it is missing there. */
static struct error *release_tree(char **tree, void *ctx, struct promotion *job)
{
	struct project *p = job->project;
	char **conflicts = NULL;
	struct error *err;
	bool has;

	err = repo_is_ancestor(&has, p->repo, job->prod, job->release.tip);
	if (err)
		return err;
	job->owed = !has;
	if (has)
		return repo_tree(tree, ctx, p->repo, job->release.tip);
	err = merge_forward(tree, &conflicts, ctx, p, &job->release, job->prod);
	if (!err && *tree)
		return keep_object(p, *tree);
	if (err)
		return err;
	err = error_new(ERROR_NO, "'%s' conflicts with production in %s", job->release.branch,
			*conflicts);
	err = error_hint(err, "merge it first:");
	return error_add_hint_lines(err, advice_merge_production(ctx, p, job->release.branch));
}

/* The configuration in the promoted commit: a patch may have added a role. */
static struct error *read_conf(struct conf **out, void *ctx, struct project *p, const char *tree)
{
	struct error *err = project_conf(out, ctx, p, tree);

	if (!err && !*out)
		err = error_new(ERROR_NO, "the release removes " PATH_CONFIG);
	return err;
}

static struct error *edit_model(struct edits *edits, void *ctx, struct promotion *job,
				const char *tree, struct scratch *scratch)
{
	struct model_request request = {.source = MODEL_BUILT};
	double began = log_clock();
	struct model *model;
	struct conf *conf;
	struct error *err = read_conf(&conf, ctx, job->project, tree);

	request.conf = conf;
	if (!err)
		err = model_prove(&model, ctx, scratch, &request);
	if (err)
		return err;
	debug("the model was verified in %.2f s", log_clock() - began);
	return model_write(edits, ctx, job->project, tree, &job->version, model);
}

static struct error *make_tag(struct promotion *job, void *ctx, const char *message)
{
	SCOPE(tmp, ctx);
	struct leftovers *leftovers;
	struct error *err;
	char *shadow;

	err = leftovers_open(&leftovers, tmp, job->project);
	if (!err)
		err = leftovers_name(&shadow, tmp, "hop-tag");
	if (!err)
		err = leftovers_add(leftovers, "folder", shadow);
	if (!err)
		err = git_tag_object(&job->tag, ctx, job->project->repo, shadow,
				     tag_of(tmp, job->project, &job->version), job->commit,
				     message);
	if (!err)
		err = keep_object(job->project, job->tag);
	return err ? err : fail_point("promote.tagged");
}

/*
 * Production merges the release and removes its list. A release candidate is a commit on the
 * release, which merges production if that is still missing.
 */
static struct error *make_commit(struct promotion *job, void *ctx, const char *tree,
				 struct scratch *scratch)
{
	bool rc = job->request->to == PROMOTE_RC;
	const char *tip = job->release.tip;
	const char *prod[] = {job->prod, tip, NULL};
	const char *candidate[] = {tip, job->owed ? job->prod : NULL, NULL};
	struct project *p = job->project;
	char **ids = job->request->patches;
	char *title = mem_printf(ctx, "Release %s%s", rc ? "candidate " : "",
				 version_print(ctx, &job->version));
	char *message = mem_printf(ctx, "%s\n%s", title, *ids ? "\n" : "");
	struct edits edits = {NULL, 0};
	struct error *err;

	err = edits_file(&edits, ctx, p, path_release(ctx, &job->version),
			 idlist_print(ctx, title, ids));
	for (; *ids; ids++)
		mem_append(&message, ctx, "- %s\n", *ids);
	if (!rc)
		edits_remove(&edits, ctx, path_manifest(ctx, &job->release.version));
	if (!err && !rc)
		err = edit_model(&edits, ctx, job, tree, scratch);
	if (!err)
		err = commit_make(&job->commit, ctx, p, tree, &edits, rc ? candidate : prod,
				  message);
	if (!err)
		err = make_tag(job, ctx, message);
	return err;
}

/* Refuses if, apart from lists, nothing has changed since the newest release candidate. */
static struct error *refuse_same(struct promotion *job, void *ctx, const char *tree)
{
	const struct repo_edit lists = {.path = PATH_RELEASES};
	struct repo *repo = job->project->repo;
	struct error *err;
	char *rc, *now, *then;

	if (job->request->to != PROMOTE_RC || job->release.rc.number == 0)
		return NULL;
	err = tag_commit(&rc, ctx, job->project, &job->release.rc);
	if (err || !rc)
		return err;
	err = repo_edit_tree(&now, ctx, repo, tree, &lists, 1);
	if (!err)
		err = repo_tree(&then, ctx, repo, rc);
	if (!err)
		err = repo_edit_tree(&then, ctx, repo, then, &lists, 1);
	if (err || strcmp(now, then) != 0)
		return err;
	err = error_new(ERROR_NO, "there is nothing new since %s",
			version_print(ctx, &job->release.rc));
	return error_hint(err, "to add a patch: git hop patch merge ID");
}

struct error *promote_commit(struct promotion *job, void *ctx)
{
	struct proof proof = {.dev = job->dev,
			      .branch = &job->release.version,
			      .release = &job->version};
	struct rc_paths_request request = {.dev = job->dev,
					   .catalog = job->catalog,
					   .release = &job->release};
	struct error *err, *late;
	struct rc_paths *paths;
	struct conf *conf;
	char *tree;

	err = release_tree(&tree, ctx, job);
	if (!err)
		err = audit_refuse(job->project, job->catalog, &job->release, tree);
	if (!err)
		err = refuse_same(job, ctx, tree);
	if (err)
		return err;
	proof.commit = tree;
	err = prove_open(&proof, ctx);
	if (!err)
		err = read_conf(&conf, ctx, job->project, tree);
	if (!err)
		err = promote_lock(job, ctx, proof.tests);
	if (err)
		return err;
	request.tree = tree;
	request.conf = conf;
	/* Before the other build: without CREATEDB, there is only one database to build in. */
	late = rc_paths_build(&paths, ctx, &request);
	err = prove_build(&proof, ctx);
	if (!err && !late)
		late = rc_paths_compare(paths, proof.scratch);
	if (err)
		error_free(late);
	else
		err = late;
	if (!err)
		err = make_commit(job, ctx, tree, proof.scratch);
	proof.commit = job->commit;
	return err ? err : prove_tests(&proof, ctx);
}
