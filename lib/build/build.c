/* Describes builds, and hashes the content of each of their steps. */
#include "build/build.h"

#include <string.h>

#include "core/branch.h"
#include "core/manifest.h"
#include "build/build_private.h"
#include "build/model.h"
#include "project/catalog.h"
#include "project/tag.h"
#include "sql/sql.h"

void build_add(struct build *b, const char *id, const char *tree)
{
	b->patches = mem_resize(b, b->patches, struct build_patch, b->count + 1);
	b->patches[b->count++] = (struct build_patch){
		.id = mem_dup(b, id),
		.tree = mem_dup(b, tree),
	};
}

void build_add_loose(struct build *b, const char *id, const char *tree)
{
	build_add(b, id, tree);
	b->patches[b->count - 1].loose = true;
}

static struct build *build_new(void *ctx, const char *commit, const struct version *base)
{
	struct build *b = mem_new(ctx, struct build);

	b->commit = mem_dup(b, commit);
	b->base = *base;
	b->release = *base;
	b->patches = mem_array(b, struct build_patch, 0);
	return b;
}

static struct error *read_manifest(struct manifest **out, void *ctx, struct project *p,
				   const char *commit, const struct version *release)
{
	SCOPE(tmp, ctx);
	char *path = path_manifest(tmp, release);
	struct error *err;
	size_t length;
	char *text;

	err = repo_file(&text, &length, tmp, p->repo, commit, path);
	if (err)
		return err;
	if (!text)
		return error_new(ERROR_FAIL, "there is no %s in %s", path, commit);
	return manifest_parse(out, ctx, path, text, length);
}

static struct error *add_staged(struct build *b, struct project *p, const struct manifest *m)
{
	SCOPE(tmp, b);

	for (size_t i = 0; i < m->count; i++) {
		char *path = path_patch(tmp, m->entries[i].id);
		struct error *err;
		char *tree;

		if (m->entries[i].state != PATCH_STAGED)
			continue;
		err = repo_entry(&tree, tmp, p->repo, b->commit, path);
		if (!err && !tree)
			err = error_new(ERROR_FAIL,
					"patch '%s' is listed as staged, but there is no %s",
					m->entries[i].id, path);
		if (err)
			return err;
		build_add(b, m->entries[i].id, tree);
	}
	return NULL;
}

struct error *build_of_release(struct build **out, void *ctx, struct project *p, const char *commit,
			       const struct version *release)
{
	SCOPE(tmp, ctx);
	struct version *versions;
	struct manifest *manifest;
	struct error *err;
	struct build *b;
	size_t count;

	err = catalog_released(&versions, &count, tmp, p->repo, commit);
	if (!err && count == 0)
		err = error_new(ERROR_FAIL, "there is no release file in %s of %s", PATH_RELEASES,
				commit);
	if (!err)
		err = read_manifest(&manifest, tmp, p, commit, release);
	if (err)
		return err;
	b = build_new(tmp, commit, &versions[count - 1]);
	err = add_staged(b, p, manifest);
	if (err)
		return err;
	b->release = *release;
	if (version_compare(release, &b->base) <= 0)
		b->release = version_next_hotfix(&b->base);
	*out = talloc_steal(ctx, b);
	return NULL;
}

static struct error *unknown_version(const struct version *version, const struct version *known,
				     size_t count)
{
	SCOPE(tmp, NULL);
	char *list = NULL;

	for (size_t i = 0; i < count; i++)
		mem_append(&list, tmp, " %s", version_print(tmp, &known[i]));
	return error_hint(error_new(ERROR_NO, "there is no production version %s",
				    version_print(tmp, version)),
			  "production versions:%s; git fetch gets newer ones",
			  list ? list : " none");
}

/*
 * The build of a release candidate: the production version in the tree of its tag, and its patches.
 */
static struct error *build_of_rc(struct build **out, void *ctx, struct project *p,
				 const struct version *rc)
{
	SCOPE(tmp, ctx);
	char *tag = tag_of(tmp, p, rc), **ids, *commit, *tree;
	struct version *versions;
	struct error *err;
	struct build *b;
	size_t count;

	err = tag_commit(&commit, tmp, p, rc);
	if (!err && !commit)
		err = error_hint(error_new(ERROR_NO, "there is no tag '%s'", tag),
				 "git tag --list '%s*-rc*' shows the release candidates",
				 p->conf->tag_prefix);
	if (!err)
		err = catalog_released(&versions, &count, tmp, p->repo, commit);
	if (!err)
		err = catalog_patches(&ids, tmp, p->repo, commit, rc);
	if (!err && count == 0)
		err = error_new(ERROR_FAIL, "there is no release file in %s of %s", PATH_RELEASES,
				tag);
	if (err)
		return err;
	b = build_new(tmp, commit, &versions[count - 1]);
	b->release = *rc;
	for (; !err && *ids; ids++) {
		err = repo_entry(&tree, tmp, p->repo, commit, path_patch(tmp, *ids));
		if (!err && !tree)
			err = error_new(ERROR_FAIL, "there is no %s in %s", path_patch(tmp, *ids),
					tag);
		if (!err)
			build_add(b, *ids, tree);
	}
	if (!err)
		*out = talloc_steal(ctx, b);
	return err;
}

/* The model of an older version is only in the tree of its own tag. */
static struct error *build_of_older(struct build **out, void *ctx, struct project *p,
				    const struct version *version)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *commit;

	err = tag_commit(&commit, tmp, p, version);
	if (!err && !commit)
		err = tag_missing(p, version);
	if (!err)
		*out = build_new(ctx, commit, version);
	return err;
}

struct error *build_of_version(struct build **out, void *ctx, struct project *p, const char *commit,
			       const struct version *version)
{
	SCOPE(tmp, ctx);
	struct version *versions;
	struct error *err;
	size_t count;

	if (version->stage == VERSION_RC)
		return build_of_rc(out, ctx, p, version);
	err = catalog_released(&versions, &count, tmp, p->repo, commit);
	if (err)
		return err;
	for (size_t i = 0; i + 1 < count; i++) {
		if (version_compare(&versions[i], version) == 0)
			return build_of_older(out, ctx, p, version);
	}
	if (count == 0 || version_compare(&versions[count - 1], version) != 0)
		return unknown_version(version, versions, count);
	*out = build_new(ctx, commit, version);
	return NULL;
}

struct error *build_conf(const struct conf **out, void *ctx, struct dev_server *dev,
			 const struct build *b)
{
	struct error *err;
	struct conf *conf;

	*out = b->conf ? b->conf : dev->project->conf;
	if (b->conf)
		return NULL;
	err = project_conf(&conf, ctx, dev->project, b->commit);
	if (!err && conf)
		*out = conf;
	return err;
}

struct error *build_base_key(char **key, void *ctx, struct dev_server *dev, const struct conf *conf,
			     const char *model)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *hop, *text;

	err = repo_hash(&hop, tmp, sql_hop, strlen(sql_hop));
	if (err)
		return err;
	text = mem_printf(tmp, "hop base 2\nproject %s\nserver %d\nmodel %s\nhop.sql %s\n",
			  dev->project->conf->id, db_server_version(dev->db), model, hop);
	for (char **name = conf->extensions; dev->private_server && name && *name; name++)
		mem_append(&text, tmp, "extension %s\n", *name);
	return repo_hash(key, ctx, text, strlen(text));
}

static struct error *base_key(char **key, void *ctx, struct dev_server *dev,
			      const struct conf *conf, const struct build *b)
{
	SCOPE(tmp, ctx);
	char *model;
	struct error *err = model_names(&model, tmp, dev->project->repo, b->commit);

	return err ? err : build_base_key(key, ctx, dev, conf, model);
}

struct error *build_keys(char ***keys, void *ctx, struct dev_server *dev, const struct conf *conf,
			 const struct build *b)
{
	SCOPE(tmp, ctx);
	char *release = version_print(tmp, &b->release);
	char **list = mem_array(tmp, char *, b->count + 1);
	struct error *err = base_key(&list[0], list, dev, conf, b);

	/* hop's rows contain release and position of a patch, so these are part of the state. */
	for (size_t i = 0; !err && i < b->count; i++) {
		char *text = mem_printf(tmp, "%s\n%s %zu %s %s\n", list[i], release, i + 1,
					b->patches[i].id, b->patches[i].tree);

		err = repo_hash(&list[i + 1], list, text, strlen(text));
	}
	if (err)
		return err;
	*keys = talloc_steal(ctx, list);
	return NULL;
}
