/* git hop patch create */
#include "release/patch_create.h"

#include "base/path.h"
#include "core/branch.h"
#include "core/manifest.h"
#include "core/patch.h"
#include "project/catalog.h"
#include "project/release_choose.h"
#include "publish/commit.h"
#include "publish/publish.h"

struct job {
	struct project *project;
	struct session *session;
	struct patch_create *create;
	struct patch_id id;
	char *reserve; /* the ref that reserves the number */
};

/* What has the number: a patch that an open release lists, or an earlier one. */
static struct error *number_taken(struct job *job, const struct catalog *catalog, const char *oid)
{
	struct project *p = job->project;
	SCOPE(tmp, p);
	struct repo_commit_info info;
	struct error *err;
	char *commit;

	err = catalog_number_taken(catalog, job->id.number, NULL);
	if (!err)
		err = repo_commit(&commit, tmp, p->repo, job->reserve);
	if (err)
		return err;
	if (!commit)
		return error_hint(error_new(ERROR_NO,
					    "the number %d is reserved by '%s', which names no "
					    "commit",
					    job->id.number, job->reserve),
				  "use another number; git hop check shows how to free this one");
	err = repo_commit_info(&info, tmp, p->repo, oid);
	if (err)
		return err;
	return error_new(ERROR_NO, "the number %d is already taken by %s", job->id.number,
			 info.author);
}

static struct error *make_commits(char **listed, char **started, void *ctx, struct job *job,
				  const struct open_release *release)
{
	struct project *p = job->project;
	struct manifest *manifest = manifest_copy(ctx, release->manifest);
	struct edits list = {NULL, 0}, readme = {NULL, 0};
	const char *text = job->create->text;
	struct error *err;

	err = manifest_add(manifest, job->id.id);
	if (!err)
		err = edits_file(&list, ctx, p, path_manifest(ctx, &release->version),
				 manifest_print(ctx, manifest));
	if (!err)
		err = commit_make(listed, ctx, p, release->tip, &list,
				  (const char *[]){release->tip, NULL},
				  mem_printf(ctx, "Add patch '%s' to release %s\n", job->id.id,
					     version_print(ctx, &release->becomes)));
	if (!err)
		err = edits_file(&readme, ctx, p,
				 path_join(ctx, path_patch(ctx, job->id.id), "README.md"),
				 mem_printf(ctx, "# %s\n%s%s%s", job->id.id, text ? "\n" : "",
					    text ? text : "", text ? "\n" : ""));
	if (!err)
		err = commit_make(started, ctx, p, *listed, &readme,
				  (const char *[]){*listed, NULL},
				  mem_printf(ctx, "Start patch '%s'\n", job->id.id));
	return err;
}

static struct error *attempt(void *arg)
{
	struct job *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	const struct release_wish wish = {
		.named = job->create->release,
		.command = "git hop patch create",
		.id = job->id.id,
	};
	struct publication pub = {NULL, 0};
	const struct open_release *release;
	const struct catalog *catalog;
	char *taken, *listed, *started, *branch;
	struct error *err;

	err = catalog_read(&catalog, tmp, p);
	if (!err)
		err = release_choose(&release, tmp, p, catalog, &wish);
	if (!err)
		err = repo_ref(&taken, tmp, p->repo, job->reserve);
	if (err)
		return err;
	if (taken)
		return number_taken(job, catalog, taken);
	err = make_commits(&listed, &started, tmp, job, release);
	if (err)
		return err;
	job->create->version = release->becomes;
	branch = branch_patch(tmp, job->id.id);
	publication_add_branch(&pub, tmp, release->branch, release->tip, listed);
	publication_add_branch(&pub, tmp, branch, NULL, started);
	publication_add(&pub, tmp, job->reserve, NULL, listed);
	return publish(job->session, &pub, branch,
		       mem_printf(tmp, "hop: patch create %s", job->id.id));
}

struct error *patch_create(struct patch_create *create, struct project *p)
{
	struct job job = {.project = p, .create = create};
	struct error *err;

	err = patch_id_parse(&job.id, p, create->id);
	if (!err)
		err = git_check_identity(p, p->repo);
	if (err)
		return err;
	create->id = job.id.id;
	job.reserve = ref_number(p, job.id.number);
	job.session = session_new(p, p, create->dry_run);
	return publish_retry(job.session, attempt, &job);
}
