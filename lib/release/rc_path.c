/* Databases at a release candidate that a hotfix was promoted after. */
#include "release/rc_path.h"

#include <string.h>

#include "build/build.h"
#include "core/branch.h"
#include "project/tag.h"
#include "release/rc_path_private.h"

/* One release candidate, and what a database that has it runs in order. */
struct path {
	const struct rc_paths_request *request;
	struct project *project;
	struct version rc;
	char *commit;        /* that is tagged */
	struct version base; /* production version that the release candidate was made on */
	char *base_commit;
	char **ids;
	char **trees; /* of Patches/ID of each */
	bool differs; /* from the order in which production runs them */
};

/* What the database at one release candidate has in it. */
struct found {
	struct version rc;
	char **lines;
};

struct rc_paths {
	const struct rc_paths_request *request;
	struct found *found; /* of a hotfix: none */
	size_t count;
};

static bool has_id(char *const *ids, const char *id)
{
	for (; *ids; ids++) {
		if (strcmp(*ids, id) == 0)
			return true;
	}
	return false;
}

static struct error *add(struct path *path, void *ctx, const char *treeish, const char *id)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *tree;

	if (has_id(path->ids, id))
		return NULL;
	err = repo_entry(&tree, tmp, path->project->repo, treeish, path_patch(tmp, id));
	if (!err && !tree)
		err = error_new(ERROR_FAIL, "there is no %s in '%s'", path_patch(tmp, id),
				path->request->release->branch);
	if (err)
		return err;
	mem_list_add(&path->ids, ctx, id);
	mem_list_add(&path->trees, ctx, tree);
	return NULL;
}

static struct error *add_list(struct path *path, void *ctx, const char *treeish,
			      const struct version *version)
{
	struct error *err;
	char **ids;

	err = catalog_patches(&ids, ctx, path->project->repo, treeish, version);
	for (; !err && *ids; ids++)
		err = add(path, ctx, treeish, *ids);
	return err;
}

/*
 * Then what was staged since; one that is staged before a patch of the release candidate runs
 * later, too.
 */
static struct error *add_staged(struct path *path, void *ctx)
{
	const struct manifest *list = path->request->release->manifest;
	size_t n = mem_list_length(path->ids);
	struct error *err = NULL;

	for (size_t i = 0; !err && i < list->count && list->entries[i].state == PATCH_STAGED; i++) {
		const char *id = list->entries[i].id;

		path->differs = path->differs || (i < n && strcmp(path->ids[i], id) != 0);
		err = add(path, ctx, path->request->tree, id);
	}
	return err;
}

/* The release candidate's patches, the hotfixes since, the rest. */
static struct error *read_path(struct path *path, void *ctx)
{
	const char *tree = path->request->tree;
	struct repo *repo = path->project->repo;
	struct version *versions;
	struct error *err;
	size_t count;

	err = catalog_released(&versions, &count, ctx, repo, path->commit);
	if (!err && count == 0)
		err = error_new(ERROR_FAIL, "'%s' does not contain a production version",
				tag_of(ctx, path->project, &path->rc));
	if (err)
		return err;
	path->base = versions[count - 1];
	path->ids = mem_array(ctx, char *, 1);
	path->trees = mem_array(ctx, char *, 1);
	err = add_list(path, ctx, path->commit, &path->rc);
	if (!err)
		err = catalog_released(&versions, &count, ctx, repo, tree);
	for (size_t i = 0; !err && i < count; i++) {
		if (version_compare(&versions[i], &path->base) <= 0)
			continue;
		path->differs = true;
		err = add_list(path, ctx, tree, &versions[i]);
	}
	if (!err)
		err = add_staged(path, ctx);
	if (!err)
		err = tag_commit(&path->base_commit, ctx, path->project, &path->base);
	return err || path->base_commit ? err : tag_missing(path->project, &path->base);
}

static struct error *build_path(struct scratch **out, struct path *path, void *ctx)
{
	const struct rc_paths_request *r = path->request;
	struct build *build;
	struct error *err;

	err = build_of_version(&build, ctx, path->project, path->base_commit, &path->base);
	if (err)
		return err;
	build->release = r->release->becomes;
	build->conf = r->conf;
	build->files = r->tree;
	for (size_t i = 0; path->ids[i]; i++)
		build_add_loose(build, path->ids[i], path->trees[i]);
	return build_run(out, ctx, r->dev, build, 0);
}

/* Explains ERR, from a build or comparison, to the user who promotes. */
static struct error *explain(struct error *err, const struct rc_paths_request *r,
			     const struct version *rc)
{
	SCOPE(tmp, NULL);
	const struct project *p = r->dev->project;
	char *tag = tag_of(tmp, p, rc);

	if (!err || err->code != ERROR_NO)
		return err;
	err = error_wrap(err, "a database at %s cannot become %s", version_print(tmp, rc),
			 version_print(tmp, &r->release->becomes));
	err = error_add_hint(err, "it runs the patches of that release candidate, then the "
				  "hotfixes made since, then the rest");
	err = error_add_hint(err, "change what was merged since, or delete the release candidate:");
	if (p->remote)
		err = error_add_hint(err, "git push --no-verify %s :refs/tags/%s", p->remote, tag);
	return error_add_hint(err, "git tag -d %s", tag);
}

static struct error *keep(struct rc_paths *paths, const struct version *rc,
			  const struct scratch *scratch)
{
	struct found *found = &paths->found[paths->count];
	struct error *err;

	if (paths->request->release->hotfix)
		return NULL;
	err = rc_lines(&found->lines, paths, scratch->db, paths->request->conf);
	found->rc = *rc;
	paths->count += !err;
	return err;
}

static struct error *prove(struct rc_paths *paths, const struct version *rc)
{
	const struct rc_paths_request *r = paths->request;
	SCOPE(tmp, paths);
	struct path path = {.request = r, .project = r->dev->project, .rc = *rc};
	struct scratch *scratch;
	struct error *err;

	err = tag_commit(&path.commit, tmp, path.project, rc);
	/* Without its tag no database can reach it. */
	if (err || !path.commit)
		return err;
	path.differs = r->release->hotfix;
	err = read_path(&path, tmp);
	if (err || !path.differs)
		return err;
	err = explain(build_path(&scratch, &path, tmp), r, rc);
	return err ? err : keep(paths, rc, scratch);
}

/* The release candidates of OF, in TREE. */
static struct error *prove_each(struct rc_paths *paths, const struct open_release *of,
				const char *tree)
{
	SCOPE(tmp, paths);
	struct repo_file *files;
	struct error *err;
	size_t count;

	err = repo_list(&files, &count, tmp, paths->request->dev->project->repo, tree,
			PATH_RELEASES);
	if (!err)
		paths->found = mem_resize(paths, paths->found, struct found, count + 1);
	for (size_t i = 0; !err && i < count; i++) {
		struct version rc, base;

		if (!release_file_parse(&rc, files[i].name) || rc.stage != VERSION_RC)
			continue;
		base = version_base(&rc);
		if (version_compare(&base, &of->version) == 0)
			err = prove(paths, &rc);
	}
	return err;
}

struct error *rc_paths_build(struct rc_paths **out, void *ctx, const struct rc_paths_request *r)
{
	struct rc_paths *paths = mem_new(ctx, struct rc_paths);
	const struct catalog *catalog = r->catalog;
	struct error *err = NULL;

	paths->request = r;
	paths->found = mem_array(paths, struct found, 1);
	if (!r->release->hotfix)
		err = prove_each(paths, r->release, r->tree);
	for (size_t i = 0; !err && r->release->hotfix && i < catalog->open_count; i++) {
		if (!catalog->open[i].hotfix)
			err = prove_each(paths, &catalog->open[i], catalog->open[i].tip);
	}
	*out = paths;
	return err;
}

struct error *rc_paths_compare(const struct rc_paths *paths, const struct scratch *built)
{
	const struct rc_paths_request *r = paths->request;
	SCOPE(tmp, NULL);
	struct error *err;
	char **lines;

	if (paths->count == 0)
		return NULL;
	err = rc_lines(&lines, tmp, built->db, r->conf);
	for (size_t i = 0; !err && i < paths->count; i++)
		err = explain(rc_lines_compare(lines, paths->found[i].lines), r,
			      &paths->found[i].rc);
	return err;
}
