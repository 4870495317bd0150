/* The recipe of a patch, read from its tree. */
#include "project/recipe_read.h"

#include "core/branch.h"

static enum entry_kind kind_of(int mode)
{
	switch (mode) {
	case MODE_FOLDER:
		return ENTRY_FOLDER;
	case MODE_LINK:
		return ENTRY_LINK;
	case MODE_SUBMODULE:
		return ENTRY_SUBMODULE;
	default:
		return ENTRY_FILE;
	}
}

static struct error *read_entry(struct recipe_entry *entry, void *ctx, struct repo *repo,
				const struct repo_file *file)
{
	struct error *err;
	char *text;

	*entry = (struct recipe_entry){.name = file->name, .kind = kind_of(file->mode)};
	if (!recipe_wants(entry))
		return NULL;
	err = repo_blob(&text, &entry->length, ctx, repo, file->oid);
	entry->text = text;
	return err;
}

struct error *recipe_read(struct recipe **out, void *ctx, struct repo *repo, const char *id,
			  const char *tree)
{
	SCOPE(tmp, ctx);

	return recipe_read_dir(out, ctx, repo, path_patch(tmp, id), tree);
}

struct error *recipe_read_dir(struct recipe **out, void *ctx, struct repo *repo, const char *dir,
			      const char *tree)
{
	SCOPE(tmp, ctx);
	void *texts = mem_scope(tmp);
	struct recipe_entry *entries;
	struct repo_file *files;
	struct error *err;
	size_t count;

	err = repo_list(&files, &count, tmp, repo, tree, "");
	if (err)
		return error_wrap(err, "cannot read %s", dir);
	entries = mem_array(tmp, struct recipe_entry, count);
	for (size_t i = 0; i < count; i++) {
		err = read_entry(&entries[i], texts, repo, &files[i]);
		if (err)
			return error_wrap(err, "cannot read %s/%s", dir, files[i].name);
	}
	*out = recipe_make(ctx, dir, entries, count);
	talloc_steal(*out, texts);
	return NULL;
}
