/* git hop patch attach and detach */
#include "release/patch_move.h"

#include <string.h>

#include "core/branch.h"
#include "core/patch.h"
#include "project/catalog.h"
#include "release/merge.h"
#include "publish/commit.h"
#include "project/patch_find.h"
#include "project/release_choose.h"
#include "report/patch_info.h"
#include "publish/publish.h"

struct job {
	struct project *project;
	struct session *session;
	struct patch_move *move;
	struct patch_id id;
	const struct catalog *catalog;   /* of this attempt */
	const struct open_release *from; /* that lists it; NULL: none */
	const struct open_release *to;
};

static struct error *refuse_staged(void *ctx, const struct open_release *release, const char *id)
{
	struct error *err;

	err = error_new(ERROR_NO,
			"patch '%s' has already been merged: it is staged in release "
			"%s",
			id, version_print(ctx, &release->version));
	return error_hint(
		err, "a merged patch stays in its release; another patch can undo what it does");
}

/* The release that lists it as a candidate, if any does. */
static struct error *find_listed(struct job *job, void *ctx)
{
	const char *id = job->id.id;
	struct error *err;

	err = catalog_read(&job->catalog, ctx, job->project);
	if (err)
		return err;
	job->from = catalog_release_of(job->catalog, id);
	if (job->from && manifest_find(job->from->manifest, id)->state == PATCH_STAGED)
		return refuse_staged(ctx, job->from, id);
	return NULL;
}

/* A commit on RELEASE with LIST. */
static struct error *add_list(struct publication *pub, void *ctx, struct project *p,
			      const struct open_release *release, const struct manifest *list,
			      const char *message)
{
	struct edits edits = {NULL, 0};
	struct error *err;
	char *commit;

	err = edits_file(&edits, ctx, p, path_manifest(ctx, &release->version),
			 manifest_print(ctx, list));
	if (!err)
		err = commit_make(&commit, ctx, p, release->tip, &edits,
				  (const char *[]){release->tip, NULL}, message);
	if (!err)
		publication_add_branch(pub, ctx, release->branch, release->tip, commit);
	return err;
}

static struct error *take_out(struct publication *pub, void *ctx, struct job *job)
{
	struct manifest *list = manifest_copy(ctx, job->from->manifest);

	manifest_remove(list, job->id.id);
	return add_list(pub, ctx, job->project, job->from, list,
			mem_printf(ctx, "Remove patch '%s' from release %s\n", job->id.id,
				   version_print(ctx, &job->from->version)));
}

/* Here or at the remote. */
static struct error *has_branch(bool *out, struct project *p, const char *branch)
{
	SCOPE(tmp, p);
	char *here, *there;
	struct error *err;

	err = repo_ref(&here, tmp, p->repo, mem_printf(tmp, "refs/heads/%s", branch));
	if (!err)
		err = project_tip(&there, tmp, p, branch);
	*out = !err && (here || there);
	return err;
}

static struct error *attempt_detach(void *arg)
{
	struct job *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct error *err;

	err = find_listed(job, tmp);
	if (!err && !job->from)
		err = catalog_refuse_any_unreadable(job->catalog);
	if (!err && !job->from)
		err = error_hint(error_new(ERROR_NO, "no release in preparation lists patch '%s'",
					   job->id.id),
				 "git hop patch list shows those that are listed");
	if (!err)
		err = take_out(&pub, tmp, job);
	if (err)
		return err;
	job->move->version = job->from->version;
	err = has_branch(&job->move->kept, p, branch_patch(tmp, job->id.id));
	if (err)
		return err;
	return publish(job->session, &pub, NULL,
		       mem_printf(tmp, "hop: patch detach %s", job->id.id));
}

static struct error *move_patch(struct patch_move *move, struct project *p,
				struct error *(*attempt)(void *arg))
{
	struct job job = {.project = p, .move = move};
	struct error *err;

	err = patch_id_parse(&job.id, p, move->id);
	if (!err)
		err = git_check_identity(p, p->repo);
	job.session = session_new(p, p, move->dry_run);
	return err ? err : publish_retry(job.session, attempt, &job);
}

struct error *patch_detach(struct patch_move *move, struct project *p)
{
	return move_patch(move, p, attempt_detach);
}

/* The branch must exist, and the patch must not be in production. */
static struct error *check_patch(struct patch_tip *tip, void *ctx, struct job *job)
{
	const char *id = job->id.id;
	struct patch_info info;
	struct error *err;

	err = patch_info(&info, ctx, job->project, job->catalog, id);
	if (!err && info.state == PATCH_INFO_RELEASED)
		err = error_hint(error_new(ERROR_NO,
					   "patch '%s' has been in production since "
					   "release %s",
					   id, info.release),
				 "another patch can change what it did");
	if (!err)
		err = catalog_number_taken(job->catalog, job->id.number, id);
	if (!err)
		err = patch_find_tip(tip, ctx, job->project, id);
	return err;
}

/* Adds it to the one list and removes it from the other. */
static struct error *make_lists(struct publication *pub, void *ctx, struct job *job)
{
	const char *id = job->id.id;
	char *version = version_print(ctx, &job->to->version);
	struct project *p = job->project;
	struct manifest *list;
	struct error *err;
	bool same = job->from == job->to;

	if (same)
		return error_hint(error_new(ERROR_NO, "patch '%s' is a candidate of release %s", id,
					    version),
				  "--release moves it to another one");
	list = manifest_copy(ctx, job->to->manifest);
	err = manifest_add(list, id);
	if (err)
		return error_wrap(err, "release %s", version);
	job->move->moved = job->from != NULL;
	if (job->move->moved) {
		job->move->from = job->from->version;
		err = take_out(pub, ctx, job);
	}
	if (err)
		return err;
	return add_list(pub, ctx, p, job->to, list,
			mem_printf(ctx, "Add patch '%s' to release %s\n", id, version));
}

/* The number belongs to it from now on, if it was made by hand. */
static struct error *reserve(struct publication *pub, void *ctx, struct job *job,
			     const struct patch_tip *tip)
{
	char *ref = ref_number(ctx, job->id.number);
	struct error *err;
	char *taken;

	err = repo_ref(&taken, ctx, job->project->repo, ref);
	if (!err && !taken)
		publication_add(pub, ctx, ref, NULL, tip->shared);
	return err;
}

static struct error *note_foreign(struct job *job, void *ctx, const char *tip)
{
	const struct merge merge = {job->catalog, job->to, job->id.id, tip};
	struct merge_foreign foreign;
	struct error *err;

	job->move->foreign = NULL;
	err = merge_foreign(&foreign, ctx, job->project, &merge);
	if (err || !foreign.branch)
		return err;
	job->move->foreign = mem_dup(job->project, foreign.branch);
	job->move->commands = merge_foreign_commands(job->project, job->project, &merge, &foreign);
	return NULL;
}

static struct error *attempt_attach(void *arg)
{
	struct job *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	struct release_wish wish = {
		.named = job->move->release,
		.command = "git hop patch attach",
		.id = job->id.id,
	};
	struct publication pub = {NULL, 0};
	struct patch_tip tip;
	struct error *err;

	err = find_listed(job, tmp);
	if (!err)
		err = check_patch(&tip, tmp, job);
	wish.otherwise = job->from;
	if (!err)
		err = release_choose(&job->to, tmp, p, job->catalog, &wish);
	if (!err)
		err = make_lists(&pub, tmp, job);
	if (!err)
		err = reserve(&pub, tmp, job, &tip);
	if (!err)
		err = note_foreign(job, tmp, tip.tip);
	if (err)
		return err;
	job->move->version = job->to->version;
	return publish(job->session, &pub, NULL,
		       mem_printf(tmp, "hop: patch attach %s", job->id.id));
}

struct error *patch_attach(struct patch_move *move, struct project *p)
{
	return move_patch(move, p, attempt_attach);
}
