/* git hop release create */
#include "flow/release_create.h"

#include "core/branch.h"
#include "core/manifest.h"
#include "flow/catalog.h"
#include "flow/objects.h"
#include "flow/publish.h"

struct job {
	struct project *project;
	enum version_level level;
	struct version version;
};

static struct error *refuse_taken(struct job *job)
{
	struct project *p = job->project;
	SCOPE(tmp, p);
	char *branch = branch_release(tmp, &job->version);
	char *tag = tag_of(tmp, &job->version);
	struct error *err;
	char *oid;

	err = project_tip(&oid, tmp, p, branch);
	if (err)
		return err;
	if (oid)
		return error_hint(error_new(ERROR_NO, "release %s is open already",
					    version_print(tmp, &job->version)),
				  "git switch %s", branch);
	err = repo_ref(&oid, tmp, p->repo, mem_printf(tmp, "refs/tags/%s", tag));
	if (err)
		return err;
	if (oid)
		return error_hint(error_new(ERROR_NO,
					    "there is a tag '%s' that no release here made", tag),
				  "a release needs that name: delete or rename the tag, or choose "
				  "another level");
	return NULL;
}

static struct error *attempt(void *arg)
{
	struct job *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct edits edits = {NULL, 0};
	struct version newest;
	char *prod, *commit, *name, *branch;
	struct error *err;

	err = catalog_production(&newest, &prod, tmp, p);
	if (!err)
		err = version_next(&job->version, &newest, job->level);
	if (!err)
		err = refuse_taken(job);
	if (err)
		return err;
	name = version_print(tmp, &job->version);
	branch = branch_release(tmp, &job->version);
	err = edits_file(&edits, tmp, p, path_manifest(tmp, &job->version),
			 manifest_print(tmp, manifest_new(tmp)));
	if (!err)
		err = objects_commit(&commit, tmp, p, prod, &edits, (const char *[]){prod, NULL},
				     mem_printf(tmp, "Open release %s\n", name));
	if (err)
		return err;
	publication_add_branch(&pub, tmp, branch, NULL, commit);
	/* A version that comes after a production version must not come to lie below the next. */
	publication_guard(&pub, tmp, BRANCH_PROD, prod);
	return publish(p, &pub, branch, mem_printf(tmp, "hop: release create %s", name));
}

struct error *release_create(struct version *out, struct project *p, enum version_level level)
{
	struct job job = {.project = p, .level = level};
	struct error *err;

	err = git_check_identity(p, NULL);
	if (!err)
		err = publish_retry(p, attempt, &job);
	*out = job.version;
	return err;
}
