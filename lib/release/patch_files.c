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

		if (!plain || !runs(files[i].name))
			continue;
		mem_list_add(paths, ctx, mem_printf(ctx, "%s/%s", dir, files[i].name));
		mem_list_add(oids, ctx, files[i].oid);
	}
	return err;
}

/* Does a rule apply to a file that would run? */
static struct error *may_be_ignored(bool *out, struct project *p, const char *dir)
{
	SCOPE(tmp, p);
	char **names;
	size_t count;
	struct error *err = file_list(&names, &count, tmp, path_join(tmp, p->root, dir));

	*out = false;
	for (size_t i = 0; !err && !*out && i < count; i++) {
		if (runs(names[i]))
			err = repo_is_ignored(out, p->repo, path_join(tmp, dir, names[i]));
	}
	return err;
}

static struct error *refuse_ignored(struct project *p, const char *dir)
{
	SCOPE(tmp, p);
	char **ignored, *list = NULL;
	bool may;
	struct error *err = may_be_ignored(&may, p, dir);

	if (err || !may)
		return err;
	err = git_ignored(&ignored, tmp, p->repo, dir);
	if (err)
		return err;
	for (; *ignored; ignored++) {
		const char *name = *ignored + strlen(dir) + 1;

		/* Files of folders below do not run. */
		if (!strchr(name, '/') && runs(name))
			mem_append(&list, tmp, "%s%s", list ? " " : "", path_quote(tmp, *ignored));
	}
	if (!list)
		return NULL;
	err = error_new(ERROR_NO,
			"%s is ignored by git: it would run here, but never be "
			"committed",
			list);
	return error_hint(err, "git add -f %s", list);
}

static struct error *filtered(const char *dir, const char *path)
{
	struct error *err = error_new(ERROR_NO,
				      "git would commit '%s' with different content than git "
				      "hop patch apply runs",
				      path);

	return error_hint(err,
			  "a filter in .gitattributes changes it; to commit patches as they are:\n"
			  "echo '%s/** -text -filter -ident -working-tree-encoding' "
			  ">>.gitattributes\n"
			  "git add --renormalize .gitattributes %s",
			  PATH_PATCHES, dir);
}

static struct error *refuse_filtered(struct project *p, const char *dir, char *const *paths,
				     char *const *oids)
{
	SCOPE(tmp, p);
	char **converted = mem_array(tmp, char *, 1), **here = mem_array(tmp, char *, 1), **there;
	struct error *err = NULL;

	for (size_t i = 0; !err && paths[i]; i++) {
		bool may = false;

		/* git reads the paths from lines. */
		if (!strchr(paths[i], '\n'))
			err = repo_is_converted(&may, p->repo, paths[i]);
		if (may) {
			mem_list_add(&converted, tmp, paths[i]);
			mem_list_add(&here, tmp, oids[i]);
		}
	}
	if (err || !*converted)
		return err;
	err = git_hash_files(&there, tmp, p->repo, converted);
	for (size_t i = 0; !err && converted[i] && there[i]; i++) {
		if (strcmp(here[i], there[i]) != 0)
			err = filtered(dir, converted[i]);
	}
	return err;
}

struct error *patch_files_check(struct project *p, const char *id)
{
	SCOPE(tmp, p);
	char *dir = path_patch(tmp, id), **paths, **oids;
	struct error *err;

	if (!p->root || !file_is_dir(path_join(tmp, p->root, dir)))
		return NULL;
	err = refuse_ignored(p, dir);
	if (!err)
		err = list_files(&paths, &oids, tmp, p, dir);
	return err ? err : refuse_filtered(p, dir, paths, oids);
}

/* NULL if there is no directory of the patch. */
static struct error *read_patch(struct recipe **out, void *ctx, struct project *p, const char *id,
				const char *tree)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *patch;

	*out = NULL;
	err = repo_entry(&patch, tmp, p->repo, tree, path_patch(tmp, id));
	return err || !patch ? err : recipe_read(out, ctx, p->repo, id, patch);
}

static bool runs_nothing(const struct recipe *recipe)
{
	return !recipe || recipe->count + recipe->bootstrap_count + recipe->refusal_count == 0;
}

struct error *patch_files_refuse(struct project *p, const char *id, const char *tree,
				 bool allow_empty)
{
	SCOPE(tmp, p);
	struct recipe *recipe;
	struct error *err = read_patch(&recipe, tmp, p, id, tree);

	if (err)
		return err;
	if (!allow_empty && runs_nothing(recipe)) {
		err = error_new(ERROR_NO, "patch '%s' does not run any files", id);
		return error_hint(
			err,
			"perhaps its SQL files have not been committed and pushed: git add %s\n"
			"to merge a patch without any: git hop patch merge --allow-empty %s",
			path_patch(tmp, id), id);
	}
	return NULL;
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
