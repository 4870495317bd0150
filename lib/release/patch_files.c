/* What apply and merge refuse about the files of a patch. */
#include "release/patch_files.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "core/bootstrap.h"
#include "core/branch.h"
#include "core/patch.h"
#include "port/git_work.h"
#include "project/recipe_read.h"

static bool runs(const char *name)
{
	enum patch_file_kind kind = patch_file_kind(name);

	return kind == PATCH_SQL || kind == PATCH_PSQL || kind == PATCH_PYTHON;
}

/* The names of what could run, also where it is no file. */
static struct error *list_names(char ***out, void *ctx, struct project *p, const char *dir)
{
	char **names;
	size_t count;
	struct error *err = file_list(&names, &count, ctx, path_join(ctx, p->root, dir));

	*out = mem_array(ctx, char *, 1);
	for (size_t i = 0; !err && i < count; i++) {
		if (runs(names[i]))
			mem_list_add(out, ctx, path_join(ctx, dir, names[i]));
	}
	return err;
}

/* What RULE says of any of the paths. */
static struct error *any(bool *out, struct project *p, char *const *paths,
			 struct error *(*rule)(bool *, struct repo *, const char *))
{
	struct error *err = NULL;

	*out = false;
	for (; !err && !*out && *paths; paths++)
		err = rule(out, p->repo, *paths);
	return err;
}

static struct error *refuse_ignored(struct project *p, const char *dir)
{
	SCOPE(tmp, p);
	char **paths, *list = NULL;
	struct error *err;

	err = git_ignored(&paths, tmp, p->repo, dir);
	if (err)
		return err;
	for (; *paths; paths++) {
		const char *name = *paths + strlen(dir) + 1;

		/* Files of folders below do not run. */
		if (!strchr(name, '/') && runs(name))
			mem_append(&list, tmp, "%s%s", list ? " " : "", path_quote(tmp, *paths));
	}
	if (!list)
		return NULL;
	err = error_new(ERROR_NO,
			"%s is ignored by git: it would run here, but never be "
			"committed",
			list);
	return error_hint(err, "git add -f %s", list);
}

/* The files that run, with the IDs of the blobs that apply runs. */
static struct error *list_files(char ***paths, char ***oids, void *ctx, struct project *p,
				const char *dir)
{
	struct repo_file *files;
	struct error *err;
	size_t count;
	char *tree;

	*paths = mem_array(ctx, char *, 1);
	*oids = mem_array(ctx, char *, 1);
	err = repo_tree_of_folder(&tree, ctx, p->repo, dir);
	if (!err)
		err = repo_list(&files, &count, ctx, p->repo, tree, "");
	for (size_t i = 0; !err && i < count; i++) {
		bool plain = files[i].mode == MODE_FILE || files[i].mode == MODE_EXECUTABLE;

		/* git reads the paths from lines. */
		if (!plain || !runs(files[i].name) || strchr(files[i].name, '\n'))
			continue;
		mem_list_add(paths, ctx, mem_printf(ctx, "%s/%s", dir, files[i].name));
		mem_list_add(oids, ctx, files[i].oid);
	}
	return err;
}

static struct error *refuse_filtered(struct project *p, const char *dir)
{
	SCOPE(tmp, p);
	char **paths, **here, **there;
	struct error *err;

	err = list_files(&paths, &here, tmp, p, dir);
	if (err || !*paths)
		return err;
	err = git_hash_files(&there, tmp, p->repo, paths);
	for (size_t i = 0; !err && paths[i] && there[i]; i++) {
		if (strcmp(here[i], there[i]) != 0)
			err = error_hint(
				error_new(ERROR_NO,
					  "git would commit '%s' with different content than git "
					  "hop patch apply runs",
					  paths[i]),
				"a filter in .gitattributes changes it; to commit patches as they "
				"are:\n"
				"echo '%s/** -text -filter -ident -working-tree-encoding' "
				">>.gitattributes\n"
				"git add --renormalize .gitattributes %s",
				PATH_PATCHES, dir);
	}
	return err;
}

struct error *patch_files_check(struct project *p, const char *id)
{
	SCOPE(tmp, p);
	char *dir = path_patch(tmp, id), **paths;
	bool ignored = false, converted = false;
	struct error *err;

	if (!p->root || !file_is_dir(path_join(tmp, p->root, dir)))
		return NULL;
	err = list_names(&paths, tmp, p, dir);
	/* git itself is asked only where a rule applies. */
	if (!err)
		err = any(&ignored, p, paths, repo_is_ignored);
	if (!err && ignored)
		err = refuse_ignored(p, dir);
	if (!err)
		err = any(&converted, p, paths, repo_is_converted);
	return err || !converted ? err : refuse_filtered(p, dir);
}

struct error *patch_files_refuse_empty(struct project *p, const char *id, const char *tree)
{
	SCOPE(tmp, p);
	struct recipe *recipe = NULL;
	struct error *err;
	char *patch;

	err = repo_entry(&patch, tmp, p->repo, tree, path_patch(tmp, id));
	if (!err && patch)
		err = recipe_read(&recipe, tmp, p->repo, id, patch);
	if (err || (recipe && recipe->count + recipe->bootstrap_count + recipe->refusal_count > 0))
		return err;
	err = error_new(ERROR_NO, "patch '%s' does not run any files", id);
	return error_hint(err,
			  "perhaps its SQL files have not been committed and pushed: git add %s\n"
			  "to merge a patch without any: git hop patch merge --allow-empty %s",
			  path_patch(tmp, id), id);
}

/* The name of the copy: that of an earlier copy, or one behind all that are there. */
static char *copy_name(void *ctx, const struct repo_file *files, size_t count, const char *id,
		       const char *name, int *last)
{
	for (size_t i = 0; i < count; i++) {
		if (bootstrap_is_copy(files[i].name, id, name))
			return mem_dup(ctx, files[i].name);
	}
	for (size_t i = 0; i < count; i++) {
		int number = bootstrap_number(files[i].name);

		*last = number > *last ? number : *last;
	}
	return bootstrap_name(ctx, ++*last, id, name);
}

struct error *patch_files_copy(struct edits *edits, void *ctx, struct project *p, const char *id,
			       const char *tree)
{
	char *dir = path_patch(ctx, id), *patch, *oid;
	struct repo_file *files;
	struct recipe *recipe;
	struct error *err;
	size_t count;
	int last = 0;

	err = repo_entry(&patch, ctx, p->repo, tree, dir);
	if (err || !patch)
		return err;
	err = recipe_read(&recipe, ctx, p->repo, id, patch);
	if (!err)
		err = repo_list(&files, &count, ctx, p->repo, tree, PATH_BOOTSTRAP);
	for (size_t i = 0; !err && i < recipe->bootstrap_count; i++) {
		const char *name = recipe->bootstrap[i].name;

		err = repo_entry(&oid, ctx, p->repo, patch, name);
		if (!err)
			edits_object(edits, ctx,
				     path_join(ctx, PATH_BOOTSTRAP,
					       copy_name(ctx, files, count, id, name, &last)),
				     oid, MODE_FILE);
	}
	return err;
}
