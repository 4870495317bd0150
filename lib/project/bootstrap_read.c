/* The data scripts of a commit. */
#include "project/bootstrap_read.h"

#include <stdlib.h>

#include "project/recipe_read.h"

static int by_name(const void *a, const void *b)
{
	const struct bootstrap_file *fa = a, *fb = b;

	return bootstrap_compare(fa->name, fb->name);
}

/* The recipe's bootstrap files, with their own names. */
static struct error *add_recipe(struct bootstrap_file **list, size_t *count, void *ctx,
				struct repo *repo, const struct recipe *recipe, const char *tree)
{
	*list = mem_resize(ctx, *list, struct bootstrap_file, *count + recipe->bootstrap_count + 1);
	for (size_t i = 0; i < recipe->bootstrap_count; i++) {
		const struct recipe_file *file = &recipe->bootstrap[i];
		struct bootstrap_file *out = &(*list)[*count];
		struct error *err = repo_entry(&out->hash, ctx, repo, tree, file->name);

		if (err)
			return err;
		out->name = mem_dup(ctx, file->name);
		out->script = file->script;
		++*count;
	}
	return NULL;
}

struct error *bootstrap_read(struct bootstrap_file **out, size_t *count, void *ctx,
			     struct repo *repo, const char *treeish)
{
	struct recipe *recipe;
	struct error *err;
	char *tree;

	*out = NULL;
	*count = 0;
	err = repo_entry(&tree, ctx, repo, treeish, PATH_BOOTSTRAP);
	if (err || !tree)
		return err;
	err = recipe_read_dir(&recipe, ctx, repo, PATH_BOOTSTRAP, tree);
	if (!err)
		err = recipe_check(&recipe, 1);
	if (!err)
		err = add_recipe(out, count, ctx, repo, recipe, tree);
	if (!err)
		qsort(*out, *count, sizeof(**out), by_name);
	return err;
}

struct error *bootstrap_read_patch(struct bootstrap_file **list, size_t *count, void *ctx,
				   struct repo *repo, const char *id, const char *tree)
{
	size_t had = *count;
	struct recipe *recipe;
	struct error *err;
	int last = 0;

	for (size_t i = 0; i < had; i++) {
		int number = bootstrap_number((*list)[i].name);

		last = number > last ? number : last;
	}
	err = recipe_read(&recipe, ctx, repo, id, tree);
	if (!err)
		err = add_recipe(list, count, ctx, repo, recipe, tree);
	for (size_t i = had; !err && i < *count; i++)
		(*list)[i].name = bootstrap_name(ctx, ++last, id, (*list)[i].name);
	return err;
}
