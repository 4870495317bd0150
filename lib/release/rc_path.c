/* Upgrades from a release candidate to its release if a hotfix was promoted in between. */
#include "release/rc_path.h"

#include <stdlib.h>
#include <string.h>

#include "build/build.h"
#include "build/scratch.h"
#include "core/branch.h"
#include "project/tag.h"

/* One release candidate, and what a database that has it runs in order. */
struct path {
	struct project *project;
	const struct open_release *release;
	const char *tree; /* of the release, with all of production */
	struct version rc;
	struct version base; /* production version that the release candidate was made on */
	char *base_commit;
	char **ids;
	bool differs; /* from the order in which production runs them */
};

static bool has_id(char *const *ids, const char *id)
{
	for (; *ids; ids++) {
		if (strcmp(*ids, id) == 0)
			return true;
	}
	return false;
}

static struct error *add_list(struct path *path, void *ctx, const char *treeish,
			      const struct version *version)
{
	struct error *err;
	char **ids;

	err = catalog_patches(&ids, ctx, path->project->repo, treeish, version);
	for (; !err && *ids; ids++) {
		if (!has_id(path->ids, *ids))
			mem_list_add(&path->ids, ctx, *ids);
	}
	return err;
}

/*
 * Then what was staged since; one that is staged before a patch of the release candidate runs
 * later, too.
 */
static void add_staged(struct path *path, void *ctx)
{
	const struct manifest *list = path->release->manifest;
	size_t n = mem_list_length(path->ids);

	for (size_t i = 0; i < list->count && list->entries[i].state == PATCH_STAGED; i++) {
		path->differs = path->differs ||
				(i < n && strcmp(path->ids[i], list->entries[i].id) != 0);
		if (!has_id(path->ids, list->entries[i].id))
			mem_list_add(&path->ids, ctx, list->entries[i].id);
	}
}

/* The release candidate's patches, the hotfixes since, the rest. */
static struct error *read_path(struct path *path, void *ctx, const char *commit)
{
	struct repo *repo = path->project->repo;
	struct version *versions;
	struct error *err;
	size_t count;

	err = catalog_released(&versions, &count, ctx, repo, commit);
	if (!err && count == 0)
		err = error_new(ERROR_FAIL, "'%s' has no production version in it",
				tag_of(ctx, path->project, &path->rc));
	if (err)
		return err;
	path->base = versions[count - 1];
	path->ids = mem_array(ctx, char *, 1);
	err = add_list(path, ctx, commit, &path->rc);
	if (!err)
		err = catalog_released(&versions, &count, ctx, repo, path->tree);
	for (size_t i = 0; !err && i < count; i++) {
		if (version_compare(&versions[i], &path->base) <= 0)
			continue;
		path->differs = true;
		err = add_list(path, ctx, path->tree, &versions[i]);
	}
	if (!err)
		add_staged(path, ctx);
	if (!err)
		err = tag_commit(&path->base_commit, ctx, path->project, &path->base);
	return err || path->base_commit ? err : tag_missing(path->project, &path->base);
}

static struct error *build_path(struct path *path, void *ctx, struct dev_server *dev)
{
	struct project *p = path->project;
	struct scratch *scratch;
	struct build *build;
	struct error *err;
	char *tree;

	err = build_of_version(&build, ctx, p, path->base_commit, &path->base);
	if (err)
		return err;
	build->release = path->release->version;
	for (char **id = path->ids; *id; id++) {
		err = repo_entry(&tree, ctx, p->repo, path->tree, path_patch(ctx, *id));
		if (!err && !tree)
			err = error_new(ERROR_FAIL, "there is no %s in '%s'", path_patch(ctx, *id),
					path->release->branch);
		if (err)
			return err;
		build_add(build, *id, tree);
	}
	return build_run(&scratch, ctx, dev, build, 0);
}

static struct error *explain(struct error *err, const struct path *path)
{
	SCOPE(tmp, NULL);
	const struct project *p = path->project;
	char *tag = tag_of(tmp, p, &path->rc);

	if (!err || err->code != ERROR_NO)
		return err;
	err = error_wrap(err, "a database at %s cannot become %s", version_print(tmp, &path->rc),
			 version_print(tmp, &path->release->version));
	err = error_add_hint(err, "it runs the patches of that release candidate, then the "
				  "hotfixes made since, then the rest");
	err = error_add_hint(err,
			     "change what was merged since, or give the release candidate up:");
	if (p->remote)
		err = error_add_hint(err, "git push --no-verify %s :refs/tags/%s", p->remote, tag);
	return error_add_hint(err, "git tag -d %s", tag);
}

static struct error *prove(struct dev_server *dev, const struct open_release *release,
			   const char *tree, const struct version *rc)
{
	struct project *p = dev->project;
	SCOPE(tmp, p);
	struct path path = {.project = p, .release = release, .tree = tree, .rc = *rc};
	struct error *err;
	char *commit;

	err = tag_commit(&commit, tmp, p, rc);
	/* Without its tag no database can reach it. */
	if (err || !commit)
		return err;
	err = read_path(&path, tmp, commit);
	if (!err && path.differs)
		err = explain(build_path(&path, tmp, dev), &path);
	return err;
}

struct error *rc_path_prove(struct dev_server *dev, const struct open_release *release,
			    const char *tree)
{
	SCOPE(tmp, dev->project);
	struct repo_file *files;
	struct version rc, base;
	struct error *err;
	size_t count;

	if (release->hotfix)
		return NULL;
	err = repo_list(&files, &count, tmp, dev->project->repo, tree, PATH_RELEASES);
	for (size_t i = 0; !err && i < count; i++) {
		if (!release_file_parse(&rc, files[i].name) || rc.stage != VERSION_RC)
			continue;
		base = version_base(&rc);
		if (version_compare(&base, &release->version) == 0)
			err = prove(dev, release, tree, &rc);
	}
	return err;
}
