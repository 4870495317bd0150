/* The files of a model: read, written, loaded. */
#include "build/model.h"

#include <string.h>

#include "base/path.h"
#include "core/branch.h"
#include "run/record.h"
#include "run/sql_file.h"
#include "port/pgtool.h"

static struct error *read_file(char **out, void *ctx, struct repo *repo, const char *treeish,
			       const char *path)
{
	struct error *err = repo_file(out, NULL, ctx, repo, treeish, path);

	if (!err && !*out)
		err = error_new(ERROR_FAIL, "there is no %s in %s", path, treeish);
	return err;
}

struct error *model_read(struct model **out, void *ctx, struct repo *repo, const char *treeish)
{
	SCOPE(tmp, ctx);
	struct model *m = mem_new(tmp, struct model);
	struct error *err;

	err = read_file(&m->schema, m, repo, treeish, PATH_SCHEMA);
	if (!err)
		err = read_file(&m->data, m, repo, treeish, PATH_DATA);
	if (!err)
		err = read_file(&m->metadata, m, repo, treeish, PATH_METADATA);
	if (!err)
		*out = talloc_steal(ctx, m);
	return err;
}

/* Links of other versions, and whatever else is there: databases are not built from it. */
static struct error *remove_others(struct edits *edits, void *ctx, struct project *p,
				   const char *treeish, char *const *keep)
{
	SCOPE(tmp, ctx);
	struct repo_file *files;
	struct error *err;
	size_t count;

	if (!*treeish)
		return NULL;
	err = repo_list(&files, &count, tmp, p->repo, treeish, PATH_MODEL);
	for (size_t i = 0; !err && i < count; i++) {
		char *path = mem_printf(tmp, PATH_MODEL "/%s", files[i].name);
		char *const *kept = keep;

		while (*kept && strcmp(*kept, path) != 0)
			kept++;
		if (!*kept)
			edits_remove(edits, ctx, path);
	}
	return err;
}

struct error *model_write(struct edits *edits, void *ctx, struct project *p, const char *treeish,
			  const struct version *version, const struct model *m)
{
	SCOPE(tmp, ctx);
	char *schema_link = path_schema_link(tmp, version);
	char *metadata_link = path_metadata_link(tmp, version);
	char *keep[] = {mem_dup(tmp, PATH_SCHEMA),
			mem_dup(tmp, PATH_DATA),
			mem_dup(tmp, PATH_METADATA),
			schema_link,
			metadata_link,
			NULL};
	struct error *err = remove_others(edits, ctx, p, treeish, keep);

	if (!err)
		err = edits_file(edits, ctx, p, PATH_SCHEMA, m->schema);
	if (!err)
		err = edits_file(edits, ctx, p, PATH_DATA, m->data);
	if (!err)
		err = edits_file(edits, ctx, p, PATH_METADATA, m->metadata);
	if (!err)
		err = edits_link(edits, ctx, p, schema_link, path_base(PATH_SCHEMA));
	return err ? err : edits_link(edits, ctx, p, metadata_link, path_base(PATH_METADATA));
}

struct error *model_names(char **out, void *ctx, struct repo *repo, const char *treeish)
{
	static const char *const paths[] = {PATH_SCHEMA, PATH_DATA, PATH_METADATA};
	SCOPE(tmp, ctx);
	char *text = NULL;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char *oid;
		struct error *err = repo_entry(&oid, tmp, repo, treeish, paths[i]);

		if (err)
			return err;
		mem_append(&text, tmp, "%s%s", i ? " " : "", oid ? oid : "-");
	}
	*out = talloc_steal(ctx, text);
	return NULL;
}

struct error *model_load(struct db *db, const struct model *m)
{
	struct error *err;

	err = run_sql_text(db, PATH_SCHEMA, m->schema, strlen(m->schema));
	if (!err)
		err = run_sql_text(db, PATH_DATA, m->data, strlen(m->data));
	if (!err)
		err = record_install(db);
	if (!err)
		err = record_load(db, PATH_METADATA, m->metadata, strlen(m->metadata));
	return err;
}

struct error *model_dump(struct model **out, void *ctx, struct dev_server *dev, const char *dbname)
{
	SCOPE(tmp, ctx);
	struct model *m = mem_new(tmp, struct model);
	struct error *err;
	struct db *db;

	err = pgtool_dump_schema(&m->schema, m, dev->db, dbname);
	if (!err)
		err = dev_server_connect(&db, tmp, dev, dbname);
	if (!err)
		err = record_dump(&m->metadata, m, db);
	if (err)
		return err;
	m->data = mem_dup(m, "");
	*out = talloc_steal(ctx, m);
	return NULL;
}
