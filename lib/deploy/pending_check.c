/* Checks and counts what is pending. */
#include "deploy/pending.h"

static void add_recipes(struct recipe ***list, size_t *count, void *ctx,
			const struct pending_release *release)
{
	*list = mem_resize(ctx, *list, struct recipe *, *count + release->count + 1);
	for (size_t i = 0; i < release->count; i++) {
		if (!release->patches[i].skip)
			(*list)[(*count)++] = release->patches[i].recipe;
	}
}

struct error *pending_check(const struct pending *pending)
{
	SCOPE(tmp, NULL);
	struct recipe **recipes = NULL;
	size_t count = 0;
	struct error *err;

	for (size_t i = 0; i < pending->count; i++) {
		const struct pending_release *release = &pending->releases[i];

		count = 0;
		add_recipes(&recipes, &count, tmp, release);
		err = recipe_check(recipes, count);
		if (!err)
			err = recipe_check_upgrade(recipes, count);
		if (err)
			return error_add_hint(error_wrap(err, "release %s cannot be applied",
							 release->version),
					      "nothing was changed");
	}
	return NULL;
}

void pending_total(size_t *files, size_t *statements, const struct pending_release *release)
{
	*files = release->schema ? 1 : 0;
	*statements = release->schema ? release->schema->count : 0;
	for (size_t i = 0; i < release->count; i++) {
		const struct pending_patch *patch = &release->patches[i];

		if (patch->skip)
			continue;
		*files += patch->recipe->count;
		*statements += recipe_statements(patch->recipe);
	}
}
