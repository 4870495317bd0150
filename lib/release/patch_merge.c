/* git hop patch merge: a candidate becomes staged. */
#include "release/patch_merge.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/quote.h"
#include "core/branch.h"
#include "core/choose.h"
#include "core/patch.h"
#include "build/prove.h"
#include "publish/lock.h"
#include "release/merge.h"
#include "publish/commit.h"
#include "port/git_work.h"
#include "project/patch_find.h"
#include "rehearse/merge_look.h"
#include "release/patch_files.h"
#include "publish/publish.h"
#include "build/dev_server.h"

struct job {
	struct project *project;
	struct session *session;
	struct dev_server *dev;
	struct patch_merge *request;
	const struct catalog *catalog; /* of this attempt */
	struct open_release release;
	struct patch_tip tip;
	bool staged;  /* it was merged before */
	char *commit; /* the merge */
	struct proof proof;
};

/* Uncommitted or ignored work would not be merged: refuse. */
static struct error *refuse_uncommitted(void *ctx, struct project *p, const char *id)
{
	char **changed, *branch, *head, *list = NULL;
	bool untracked = false;
	struct error *err;

	if (!p->root)
		return NULL;
	err = repo_head(&branch, &head, ctx, p->repo);
	if (err || !branch || strcmp(branch, branch_patch(ctx, id)) != 0)
		return err;
	err = git_changes(&changed, ctx, p->repo, NULL, false);
	if (!err && !*changed)
		err = repo_has_untracked(&untracked, p->repo, path_patch(ctx, id));
	if (!err && untracked)
		err = git_changes(&changed, ctx, p->repo, path_patch(ctx, id), true);
	if (!err && !*changed)
		return patch_files_check(p, id);
	if (err)
		return err;
	for (char **path = changed; *path; path++)
		mem_append(&list, ctx, "%s\n", quote_name(ctx, *path));
	err = error_new(ERROR_NO, "patch '%s' has uncommitted changes", id);
	err = error_detail(err, "%s", list);
	return error_hint(err,
			  "git add and git commit what belongs to it, git stash what does not");
}

static struct error *refuse_lower(struct job *job, void *ctx)
{
	const struct open_release *lower = choose_lower(job->catalog, &job->release);
	struct error *err;

	if (!lower)
		return catalog_refuse_unreadable(job->catalog, &job->release.version,
						 !job->release.hotfix);
	err = error_new(ERROR_NO, "release %s comes first: it is lower than %s and has patches",
			version_print(ctx, &lower->version),
			version_print(ctx, &job->release.version));
	return error_hint(err, "git hop release show %s", version_print(ctx, &lower->version));
}

/* Most forges close an issue that a commit on the main branch fixes. */
static char *commit_message(const struct job *job, void *ctx, int number)
{
	static const char *const words[] =
		{[CONF_ISSUES_CLOSE] = "Fixes", [CONF_ISSUES_REFERENCE] = "Refs"};
	enum conf_issues issues = job->project->conf->issues;
	char *text = mem_printf(ctx, "Merge patch '%s' into release %s\n", job->request->id,
				version_print(ctx, &job->release.becomes));

	if (issues != CONF_ISSUES_NONE)
		mem_append(&text, ctx, "\n%s #%d\n", words[issues], number);
	if (job->proof.removed)
		mem_append(&text, ctx, "\nThe test command '%s' is removed.\n", job->proof.removed);
	if (job->proof.old)
		mem_append(&text, ctx, "\nThe test command was '%s' and is now '%s'.\n",
			   job->proof.old, job->proof.command);
	return text;
}

/* The commit message names the test commands, so they are determined first. */
static struct error *open_proof(struct job *job, void *ctx, const char *tree)
{
	struct error *err;

	job->proof = (struct proof){.dev = job->dev,
				    .commit = tree,
				    .before = job->release.tip,
				    .branch = &job->release.version,
				    .release = &job->release.becomes,
				    .patch = job->request->id,
				    .again = true};
	err = prove_open(&job->proof, ctx);
	if (!err && job->proof.removed)
		warn("patch '%s' removes the test command '%s'", job->request->id,
		     job->proof.removed);
	return err;
}

/* A database with the release candidate would still run the patch after BEFORE. */
static struct error *refuse_candidate(struct job *job, void *ctx)
{
	const struct open_release *release = &job->release;
	struct error *err;
	char **ids;

	if (!job->request->before || release->rc.number == 0)
		return NULL;
	err = catalog_patches(&ids, ctx, job->project->repo, release->tip, &release->rc);
	for (; !err && *ids; ids++) {
		if (strcmp(*ids, job->request->before) == 0)
			err = error_hint(error_new(ERROR_NO,
						   "patch '%s' is in release candidate %s", *ids,
						   version_print(ctx, &release->rc)),
					 "databases may already have it: what is merged now "
					 "has to run after it");
	}
	return err;
}

/* The list with the patch staged, in its place. */
static struct error *stage(struct edits *edits, void *ctx, struct job *job)
{
	struct manifest *list = manifest_copy(ctx, job->release.manifest);
	struct error *err = refuse_candidate(job, ctx);

	if (!err)
		err = manifest_stage(list, job->request->id, job->request->before);
	if (err)
		return error_wrap(err, "--before");
	return edits_file(edits, ctx, job->project, path_manifest(ctx, &job->release.version),
			  manifest_print(ctx, list));
}

/* The merge commit, with the patch staged in its list. */
static struct error *make_commit(struct job *job, void *ctx)
{
	struct project *p = job->project;
	const char *id = job->request->id;
	const struct merge merge = {job->catalog, &job->release, id, job->tip.tip};
	const char *parents[] = {job->release.tip, job->tip.tip, NULL};
	struct edits edits = {NULL, 0};
	struct patch_id number;
	struct error *err;
	char *tree;

	err = merge_patch(&tree, ctx, p, &merge);
	if (!err && !job->request->allow_empty)
		err = patch_files_refuse_empty(p, id, tree);
	if (!err)
		err = open_proof(job, ctx, tree);
	if (!err)
		err = patch_id_parse(&number, ctx, id);
	if (!err)
		err = stage(&edits, ctx, job);
	if (!err)
		err = patch_files_copy(&edits, ctx, p, id, tree);
	if (err)
		return err;
	return commit_make(&job->commit, ctx, p, tree, &edits, parents,
			   commit_message(job, ctx, number.number));
}

/* Other merges wait while the tests of this one run. */
static struct error *take_lock(struct job *job, void *ctx)
{
	struct publication guards = {NULL, 0};

	publication_guard(&guards, ctx, job->release.branch, job->release.tip);
	return lock_take(job->session, mem_printf(ctx, "patch merge %s", job->request->id), &guards,
			 job->proof.tests);
}

/* Builds the release as the merge commit has it, and runs the tests there. */
static struct error *prove(struct job *job, void *ctx)
{
	struct merge_look *look;
	struct error *err;

	job->proof.commit = job->commit;
	err = take_lock(job, ctx);
	if (!err)
		err = merge_look_open(&look, ctx, &job->proof);
	if (!err)
		err = prove_build(&job->proof, ctx);
	if (!err)
		err = merge_look_end(look);
	if (!err)
		err = prove_tests(&job->proof, ctx);
	return err ? err : fail_point("merge.validated");
}

static struct error *publish_merge(struct job *job, void *ctx)
{
	struct project *p = job->project;
	struct publication pub = {NULL, 0};
	const char *id = job->request->id;
	char *patch = branch_patch(ctx, id);
	char *branch, *head;
	struct error *err;
	bool standing;

	err = repo_head(&branch, &head, ctx, p->repo);
	if (err)
		return err;
	standing = branch && strcmp(branch, patch) == 0;
	publication_add_branch(&pub, ctx, job->release.branch, job->release.tip, job->commit);
	publication_add_branch(&pub, ctx, patch, job->tip.shared, NULL);
	publication_add_branch(&pub, ctx, branch_staged(ctx, id), NULL, job->tip.tip);
	return publish(job->session, &pub, standing ? job->release.branch : NULL,
		       mem_printf(ctx, "hop: patch merge %s", id));
}

static struct error *attempt(void *arg)
{
	struct job *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	const struct open_release *release;
	struct error *err;

	err = catalog_read(&job->catalog, tmp, p);
	if (err)
		return err;
	err = patch_find_candidate(&release, job->catalog, job->request->id);
	job->staged = err && catalog_release_of(job->catalog, job->request->id);
	if (!err)
		job->release = *release;
	if (!err)
		err = patch_find_tip(&job->tip, tmp, p, job->request->id);
	if (!err)
		err = refuse_lower(job, tmp);
	if (!err)
		err = make_commit(job, tmp);
	if (!err)
		err = prove(job, tmp);
	if (!err)
		err = publish_merge(job, tmp);
	if (err)
		return err;
	error_free(fail_point("merge.published"));
	job->request->version = job->release.becomes;
	job->request->commit = mem_dup(p, job->commit);
	if (!job->proof.tests) {
		err = scratch_to_template(job->proof.scratch);
		if (err)
			warn("%s", err->message);
		error_free(err);
	}
	build_prepare_spare(job->dev, job->proof.build, job->proof.build->count);
	return NULL;
}

struct error *patch_merge(struct patch_merge *request, struct project *p)
{
	struct job job = {.project = p, .request = request};
	SCOPE(tmp, p);
	struct patch_id before;
	struct error *err;

	job.session = session_new(tmp, p, request->dry_run);
	err = git_check_identity(tmp, p->repo);
	if (!err && request->before) {
		err = patch_id_parse(&before, p, request->before);
		request->before = before.id;
	}
	if (!err)
		err = refuse_uncommitted(tmp, p, request->id);
	if (!err)
		err = dev_server_open(&job.dev, tmp, p, request->database, request->dry_run);
	if (!err)
		err = publish_retry(job.session, attempt, &job);
	if (!err || job.session->unsure || job.staged)
		return err;
	return error_add_hint(err, "patch '%s' was not merged; nothing was changed", request->id);
}
