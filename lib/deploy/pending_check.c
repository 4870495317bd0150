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

static struct error *check_atomic(struct recipe *const *recipes, size_t count)
{
	return error_hint(recipe_check_atomic(recipes, count),
			  "--atomic is one transaction around all releases: upgrade without it");
}

/* Of a release under way, the step that nobody but the operator can decide. */
static struct error *check_open(const struct pending_release *release)
{
	const struct steps_begun *begun = &release->begun;
	struct pending_step open;

	pending_step(&open, release);
	if (!open.known || begun->redo || begun->done || !steps_unclear(open.file, open.statement))
		return NULL;
	return error_wrap(steps_undecided(open.file, open.known), "release %s is under way",
			  release->version);
}

static struct error *check_release(const struct pending_release *release,
				   struct recipe *const *recipes, size_t count, bool atomic)
{
	struct error *err = recipe_check(recipes, count);

	if (!err && atomic)
		err = check_atomic(recipes, count);
	if (err)
		return error_wrap(err, "release %s cannot be applied", release->version);
	return check_open(release);
}

struct error *pending_check(const struct pending *pending, bool atomic)
{
	SCOPE(tmp, NULL);
	struct recipe **recipes = NULL;
	size_t count = 0;
	struct error *err;

	for (size_t i = 0; i < pending->count; i++) {
		const struct pending_release *release = &pending->releases[i];

		count = 0;
		add_recipes(&recipes, &count, tmp, release);
		err = check_release(release, recipes, count, atomic);
		if (err)
			return error_add_hint(err, "nothing was changed");
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
