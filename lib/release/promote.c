/* git hop release promote */
#include "release/promote.h"

#include <string.h>

#include "base/fail.h"
#include "core/branch.h"
#include "project/catalog.h"
#include "project/tag.h"
#include "release/forward.h"
#include "publish/lock.h"
#include "publish/commit.h"
#include "release/promote_private.h"
#include "publish/publish.h"

/* The branches of a promoted release: its own, and those of its patches that exist. */
static struct error *remove_branches(struct publication *pub, void *ctx, struct promotion *job)
{
	publication_add_branch(pub, ctx, job->release.branch, job->release.tip, NULL);
	for (char **id = job->request->patches; *id; id++) {
		char *staged = branch_staged(ctx, *id);
		struct error *err;
		char *tip;

		err = project_tip(&tip, ctx, job->project, staged);
		if (err)
			return err;
		if (tip)
			publication_add_branch(pub, ctx, staged, tip, NULL);
	}
	return NULL;
}

/* ho-prod if the current branch is about to be deleted; otherwise the checkout stays. */
static struct error *choose_stand(const char **stand, void *ctx, struct project *p,
				  const struct publication *pub)
{
	char *branch, *head;
	struct error *err;

	*stand = NULL;
	err = repo_head(&branch, &head, ctx, p->repo);
	if (err || !branch)
		return err;
	for (size_t i = 0; i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];

		if (!c->new &&strcmp(c->ref, mem_printf(ctx, "refs/heads/%s", branch)) == 0)
			*stand = BRANCH_PROD;
	}
	return NULL;
}

/* The refs of a release candidate: the release gains a commit; production does not move. */
static void publish_rc(struct publication *pub, void *ctx, struct promotion *job)
{
	publication_add_branch(pub, ctx, job->release.branch, job->release.tip, job->commit);
	publication_guard(pub, ctx, BRANCH_PROD, job->prod);
}

/* Opens a release on the new production version for the remaining candidates. */
static struct error *open_next(struct publication *pub, void *ctx, struct promotion *job)
{
	struct promote *out = job->request;
	struct manifest *list = manifest_new(ctx);
	struct edits edits = {NULL, 0};
	struct error *err = NULL;
	char *commit;

	for (char **id = out->carried; !err && *id; id++)
		err = manifest_add(list, *id);
	if (!err)
		err = edits_file(&edits, ctx, job->project, path_manifest(ctx, &out->next),
				 manifest_print(ctx, list));
	if (!err)
		err = commit_make(&commit, ctx, job->project, job->commit, &edits,
				  (const char *[]){job->commit, NULL},
				  mem_printf(ctx, "Open release %s\n",
					     version_print(ctx, &out->next)));
	if (!err)
		publication_add_branch(pub, ctx, branch_release(ctx, &out->next), NULL, commit);
	return err;
}

static struct error *publish_prod(struct publication *pub, void *ctx, struct promotion *job)
{
	struct promote *out = job->request;
	struct forward forward = {
		.dev = job->dev,
		.catalog = job->catalog,
		.skip = &job->release.version,
		.version = &job->version,
		.prod = job->commit,
		.to = *out->carried && !out->opened ? &out->next : NULL,
		.ids = out->carried,
	};
	struct error *err;

	publication_add_branch(pub, ctx, BRANCH_PROD, job->prod, job->commit);
	err = remove_branches(pub, ctx, job);
	if (!err && *out->carried && out->opened)
		err = open_next(pub, ctx, job);
	return err ? err : forward_releases(pub, &out->behind, job->project, &forward);
}

/*
 * The branches that a promotion moves: ho-prod and all open releases, which receive the new
 * version; for a release candidate, only its release.
 */
static void list_moving(struct publication *guards, void *ctx, const struct promotion *job)
{
	if (job->request->to == PROMOTE_RC) {
		publication_guard(guards, ctx, job->release.branch, job->release.tip);
		return;
	}
	publication_guard(guards, ctx, BRANCH_PROD, job->prod);
	for (size_t i = 0; i < job->catalog->open_count; i++)
		publication_guard(guards, ctx, job->catalog->open[i].branch,
				  job->catalog->open[i].tip);
}

struct error *promote_lock(struct promotion *job, void *ctx, bool tests)
{
	struct publication guards = {NULL, 0};

	list_moving(&guards, ctx, job);
	return lock_take(job->session,
			 mem_printf(ctx, "release promote %s", version_print(ctx, &job->version)),
			 &guards, tests);
}

static struct error *attempt(void *arg)
{
	struct promotion *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct promote *out = job->request;
	const char *stand;
	struct error *err;

	err = promote_choose(job, tmp);
	if (err)
		return err;
	out->version = job->version;
	out->behind = mem_array(p, char *, 1);
	out->patches = manifest_ids(p, job->release.manifest, PATCH_STAGED);
	err = promote_commit(job, tmp);
	if (!err)
		err = fail_point("promote.validated");
	if (err)
		return err;
	publication_add(&pub, tmp, tag_ref(tmp, p, &out->version), NULL, job->tag);
	if (out->to == PROMOTE_RC)
		publish_rc(&pub, tmp, job);
	else
		err = publish_prod(&pub, tmp, job);
	if (!err)
		err = choose_stand(&stand, tmp, p, &pub);
	if (!err)
		err = publish(job->session, &pub, stand,
			      mem_printf(tmp, "hop: release promote %s",
					 version_print(tmp, &out->version)));
	return err;
}

struct error *promote_release(struct promote *promote, struct project *p)
{
	struct promotion job = {.project = p, .request = promote};
	SCOPE(tmp, p);
	struct error *err;

	job.session = session_new(tmp, p, promote->dry_run);
	err = git_check_identity(tmp, p->repo);
	if (!err)
		err = dev_server_open(&job.dev, tmp, p, promote->database, promote->dry_run);
	if (!err)
		err = publish_retry(job.session, attempt, &job);
	return err && !job.session->unsure ? error_add_hint(err, "nothing was promoted") : err;
}
