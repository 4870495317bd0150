/* git hop release promote prod */
#include "flow/promote.h"

#include <string.h>

#include "base/fail.h"
#include "base/path.h"
#include "core/branch.h"
#include "flow/build.h"
#include "flow/catalog.h"
#include "flow/forward.h"
#include "flow/litter.h"
#include "flow/merge.h"
#include "flow/objects.h"
#include "flow/publish.h"
#include "flow/record.h"
#include "flow/validate.h"
#include "port/pgtool.h"

struct job {
	struct project *project;
	struct workshop *workshop;
	struct promote *promote;
	bool again; /* others were faster: it is still the same release that is meant */
	struct open_release release;
	char *prod;   /* the commit that ho-prod is at */
	char *commit; /* the one it goes to */
	char *tag;    /* the tag object */
};

static struct error *choose(struct job *job, void *ctx)
{
	struct open_release *list;
	struct version production;
	struct error *err;
	char *left = NULL;
	size_t count;

	err = catalog_open(&list, &count, ctx, job->project);
	if (err)
		return err;
	if (count == 0)
		return error_hint(error_new(ERROR_NO, "no release is in preparation"),
				  "git hop release create patch|minor|major opens one");
	if (job->again && version_compare(&list[0].version, &job->promote->version) != 0) {
		err = error_new(ERROR_NO, "release %s is not the lowest in preparation any more",
				version_print(ctx, &job->promote->version));
		return error_hint(err, "git hop release list shows what others did meanwhile");
	}
	job->release = list[0];
	err = catalog_production(&production, &job->prod, ctx, job->project);
	if (err)
		return err;
	if (version_compare(&production, &list[0].version) >= 0)
		return error_hint(
			error_new(ERROR_NO, "release %s is lower than production, which is at %s",
				  version_print(ctx, &list[0].version),
				  version_print(ctx, &production)),
			"no database would ever get it: move its patches to a release above");
	for (size_t i = 0; i < list[0].manifest->count; i++) {
		const struct manifest_entry *e = &list[0].manifest->entries[i];

		if (e->state == PATCH_CANDIDATE)
			mem_append(&left, ctx, " %s", e->id);
	}
	if (!left)
		return NULL;
	err = error_new(ERROR_NO, "release %s still has candidates:%s",
			version_print(ctx, &list[0].version), left);
	return error_hint(err, "merge them first: git hop patch merge ID");
}

/* The tree of the release with production in it, which it has already unless a merge is owed. */
static struct error *release_tree(char **tree, void *ctx, struct job *job)
{
	struct project *p = job->project;
	char **conflicts = NULL;
	struct error *err;
	bool has;

	err = repo_is_ancestor(&has, p->repo, job->prod, job->release.tip);
	if (err)
		return err;
	if (has)
		return repo_tree(tree, ctx, p->repo, job->release.tip);
	err = merge_forward(tree, &conflicts, ctx, p, &job->release.version, job->release.tip,
			    job->prod);
	if (err || *tree)
		return err;
	err = error_new(ERROR_NO, "'%s' conflicts with production in %s", job->release.branch,
			*conflicts);
	return error_hint(err, "merge it first:\n%s",
			  forward_commands(ctx, p, job->release.branch));
}

/* Schema and rows of hop's own, as the files that ho-prod keeps. */
static struct error *dump(struct edits *edits, void *ctx, struct job *job, const char *dbname)
{
	const struct version *v = &job->release.version;
	struct project *p = job->project;
	struct error *err;
	struct db *db;
	char *text;

	err = pgtool_dump_schema(&text, ctx, job->workshop->db, dbname);
	if (!err)
		err = edits_file(edits, ctx, p, path_schema(ctx, v), text);
	if (!err)
		err = edits_link(edits, ctx, p, PATH_SCHEMA_LINK, path_base(path_schema(ctx, v)));
	if (!err)
		err = workshop_connect(&db, ctx, job->workshop, dbname);
	if (err)
		return err;
	err = record_dump(&text, ctx, db);
	talloc_free(db);
	return err ? err : edits_file(edits, ctx, p, path_metadata(ctx, v), text);
}

static struct error *make_tag(struct job *job, void *ctx, const char *message)
{
	SCOPE(tmp, ctx);
	struct litter *litter;
	struct error *err;
	char *shadow;

	err = litter_open(&litter, tmp, job->project);
	if (!err)
		err = litter_name(&shadow, tmp, "hop-tag");
	if (!err)
		err = litter_add(litter, "folder", shadow);
	if (!err)
		err = git_tag_object(&job->tag, ctx, NULL, shadow,
				     tag_of(tmp, &job->release.version), job->commit, message);
	return err ? err : fail_point("promote.tagged");
}

static struct error *make_commit(struct job *job, void *ctx, const char *tree, const char *dbname)
{
	const struct version *v = &job->release.version;
	const char *parents[] = {job->prod, job->release.tip, NULL};
	struct project *p = job->project;
	char *name = version_print(ctx, v);
	char *message = mem_printf(ctx, "Release %s\n%s", name, *job->promote->patches ? "\n" : "");
	struct edits edits = {NULL, 0};
	struct error *err;

	for (char **id = job->promote->patches; *id; id++)
		mem_append(&message, ctx, "- %s\n", *id);
	edits_remove(&edits, ctx, path_manifest(ctx, v));
	err = edits_file(&edits, ctx, p, path_release(ctx, v),
			 idlist_print(ctx, mem_printf(ctx, "Release %s", name),
				      job->promote->patches));
	if (!err)
		err = dump(&edits, ctx, job, dbname);
	if (!err)
		err = objects_commit(&job->commit, ctx, p, tree, &edits, parents, message);
	if (!err)
		err = make_tag(job, ctx, message);
	return err;
}

/* Builds the release, makes the commit from what came out, and runs the tests on that commit. */
static struct error *validate(struct job *job, void *ctx)
{
	struct project *p = job->project;
	struct validation v = {job->workshop, NULL, &job->release.version, NULL};
	struct scratch *scratch;
	struct build *build;
	struct error *err;
	char *tree;
	bool tests;

	err = release_tree(&tree, ctx, job);
	if (!err)
		err = build_of_release(&build, ctx, p, tree, &job->release.version);
	if (!err)
		build->as_upgrade = true;
	if (!err)
		err = build_run(&scratch, ctx, job->workshop, build, 0);
	if (!err)
		err = fail_point("promote.built");
	if (!err)
		err = make_commit(job, ctx, tree, scratch->name);
	if (!err)
		err = validate_has_tests(&tests, p, job->commit);
	if (err || !tests)
		return err;
	v.commit = job->commit;
	return validate_run(&v, scratch->name);
}

/* The branches of a release that is over: its own, and those of its patches as far as they are
 * there. */
static struct error *remove_branches(struct publication *pub, void *ctx, struct job *job)
{
	publication_add_branch(pub, ctx, job->release.branch, job->release.tip, NULL);
	for (char **id = job->promote->patches; *id; id++) {
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

/* ho-prod for one whose branch is about to go; else the checkout stays. */
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

static struct error *attempt(void *arg)
{
	struct job *job = arg;
	struct project *p = job->project;
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct promote *out = job->promote;
	const char *stand;
	struct error *err;

	err = choose(job, tmp);
	if (err)
		return err;
	out->version = job->release.version;
	job->again = true;
	out->patches = mem_array(p, char *, 1);
	for (size_t i = 0; i < job->release.manifest->count; i++)
		mem_list_add(&out->patches, p, job->release.manifest->entries[i].id);
	err = validate(job, tmp);
	if (!err)
		err = fail_point("promote.validated");
	if (err)
		return err;
	publication_add_branch(&pub, tmp, BRANCH_PROD, job->prod, job->commit);
	publication_add(&pub, tmp, mem_printf(tmp, "refs/tags/%s", tag_of(tmp, &out->version)),
			NULL, job->tag);
	err = remove_branches(&pub, tmp, job);
	if (!err)
		err = forward_releases(&pub, &out->behind, p, job->workshop, &out->version,
				       &out->version, job->commit);
	if (!err)
		err = choose_stand(&stand, tmp, p, &pub);
	if (!err)
		err = publish(p, &pub, stand,
			      mem_printf(tmp, "hop: release promote prod %s",
					 version_print(tmp, &out->version)));
	return err;
}

struct error *promote_prod(struct promote *promote, struct project *p)
{
	struct job job = {.project = p, .promote = promote};
	SCOPE(tmp, p);
	struct error *err;

	err = git_check_identity(tmp, NULL);
	if (!err)
		err = workshop_open(&job.workshop, tmp, p, promote->database);
	if (!err)
		err = publish_retry(p, attempt, &job);
	return err && !p->unsure ? error_add_hint(err, "nothing was promoted") : err;
}
