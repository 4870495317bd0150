/* git hop release create, git hop release hotfix */
#include "release/release_create.h"

#include "core/branch.h"
#include "core/choose.h"
#include "core/manifest.h"
#include "project/catalog.h"
#include "project/tag.h"
#include "publish/commit.h"
#include "publish/publish.h"

struct job {
	struct project *project;
	struct session *session;
	struct release_create *request;
};

/* Otherwise git would check this branch out instead of the new one. */
static struct error *refuse_local(struct job *job, const char *prod)
{
	struct project *p = job->project;
	SCOPE(tmp, p);
	char *branch = branch_release(tmp, &job->request->version);
	struct error *err;
	bool old = true;
	char *oid;

	if (!p->remote)
		return NULL;
	err = repo_ref(&oid, tmp, p->repo, mem_printf(tmp, "refs/heads/%s", branch));
	if (!err && oid)
		err = repo_is_ancestor(&old, p->repo, oid, prod);
	if (err || old)
		return err;
	err = error_new(ERROR_NO, "there is a local branch '%s' that '%s' does not have", branch,
			p->remote);
	return error_hint(err, "rename it, or delete it: git branch -D %s", branch);
}

static struct error *refuse_taken(struct job *job, const struct catalog *catalog)
{
	struct project *p = job->project;
	SCOPE(tmp, p);
	const struct version *v = &job->request->version;
	struct error *err;
	char *oid;

	err = repo_ref(&oid, tmp, p->repo, tag_ref(tmp, p, v));
	if (err)
		return err;
	if (!oid)
		return NULL;
	err = tag_refuse_ahead(p, v);
	if (err)
		return err;
	err = error_new(ERROR_NO, "there is a tag '%s' that belongs to no release",
			tag_of(tmp, p, v));
	err = error_hint(err, "a release needs that name: delete or rename the tag%s",
			 job->request->hotfix ? "" : ", or choose another level");
	if (version_is_zero(&catalog->production))
		err = error_add_hint(err, "or, before the first release, commit another tagPrefix "
					  "to " PATH_CONFIG " on ho-prod, see hop-project(5)");
	return err;
}

/* Chooses the version, and checks that its names are free. */
static struct error *choose(struct job *job, void *ctx, const struct catalog *catalog)
{
	struct release_create *request = job->request;
	struct opening_choice choice;
	struct error *err;

	err = choose_opening(&choice, catalog, request->hotfix, request->level);
	if (err)
		return err;
	request->version = choice.version;
	if (choice.refusal == REFUSE_UNRELEASED)
		return error_hint(error_new(ERROR_NO, "there is no production release to fix yet"),
				  "git hop release create patch|minor|major opens a release");
	if (choice.refusal == REFUSE_OPEN)
		return error_hint(error_new(ERROR_NO, "release %s is already open",
					    version_print(ctx, &choice.other->becomes)),
				  "git switch %s", choice.other->branch);
	err = refuse_local(job, catalog->prod);
	return err ? err : refuse_taken(job, catalog);
}

static struct error *attempt(void *arg)
{
	struct job *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct edits edits = {NULL, 0};
	const struct catalog *catalog;
	const char *prod;
	char *commit, *name, *branch;
	struct error *err;

	err = catalog_read(&catalog, tmp, p);
	if (!err)
		err = choose(job, tmp, catalog);
	if (err)
		return err;
	prod = catalog->prod;
	name = version_print(tmp, &job->request->version);
	branch = branch_release(tmp, &job->request->version);
	err = edits_file(&edits, tmp, p, path_manifest(tmp, &job->request->version),
			 manifest_print(tmp, manifest_new(tmp)));
	if (!err)
		err = commit_make(&commit, tmp, p, prod, &edits, (const char *[]){prod, NULL},
				  mem_printf(tmp, "Open release %s\n", name));
	if (err)
		return err;
	publication_add_branch(&pub, tmp, branch, NULL, commit);
	/* The new release must not become lower than production in the meantime. */
	publication_guard(&pub, tmp, BRANCH_PROD, prod);
	return publish(job->session, &pub, branch,
		       mem_printf(tmp, "hop: release %s %s",
				  job->request->hotfix ? "hotfix" : "create", name));
}

struct error *release_create(struct release_create *request, struct project *p)
{
	struct job job = {.project = p, .request = request};
	SCOPE(tmp, p);
	struct error *err;

	job.session = session_new(tmp, p, request->dry_run);
	err = git_check_identity(tmp, p->repo);
	if (!err)
		err = publish_retry(job.session, attempt, &job);
	return err;
}
