/* What a database has of a release that is under way. */
#include "deploy/pending.h"

#include <string.h>

static bool is_step(const struct recipe_file *file)
{
	return file->step != STEP_TRANSACTION;
}

bool pending_has_steps(const struct pending_release *release)
{
	for (size_t i = 0; i < release->count; i++) {
		const struct recipe *recipe = release->patches[i].recipe;

		for (size_t k = 0; !release->patches[i].skip && k < recipe->count; k++) {
			if (is_step(&recipe->files[k]))
				return true;
		}
	}
	return false;
}

const struct pending_release *pending_under_way(const struct pending *pending)
{
	for (size_t i = 0; i < pending->count; i++) {
		if (pending->releases[i].begun.count > 0)
			return &pending->releases[i];
	}
	return NULL;
}

static void add_file(struct pending_step *out, const struct steps_begun *begun,
		     const struct recipe_file *file)
{
	int statement;

	out->files++;
	if (!steps_left(&statement, begun, file)) {
		out->done++;
		return;
	}
	if (out->file)
		return;
	out->file = file;
	out->statement = statement;
	out->known = steps_find(begun, file->path, statement);
}

void pending_step(struct pending_step *out, const struct pending_release *release)
{
	*out = (struct pending_step){0};
	for (size_t i = 0; i < release->count; i++) {
		const struct recipe *recipe = release->patches[i].recipe;

		for (size_t k = 0; !release->patches[i].skip && k < recipe->count; k++)
			add_file(out, &release->begun, &recipe->files[k]);
	}
}

static const struct pending_patch *find_patch(const struct pending_release *release, const char *id)
{
	for (size_t i = 0; i < release->count; i++) {
		if (strcmp(release->patches[i].id, id) == 0)
			return &release->patches[i];
	}
	return NULL;
}

/* The release of the step, in which all must be as it was when the step was started. */
static struct error *place(struct pending_release **out, const struct pending *pending,
			   const struct record_step *step)
{
	for (size_t i = 0; i < pending->count; i++) {
		struct pending_release *release = &pending->releases[i];
		const struct pending_patch *patch = find_patch(release, step->patch);
		bool same = patch && !patch->skip && strcmp(patch->hash, step->hash) == 0;

		*out = release;
		if (strcmp(release->version, step->version) == 0 && same)
			return NULL;
		if (!patch && strcmp(release->version, step->version) != 0)
			continue;
		return error_hint(error_new(ERROR_NO,
					    "release %s is under way, with other contents of patch "
					    "%s than those of release %s here",
					    step->version, step->patch, release->version),
				  "its tag was moved, or the patch is part of another release in "
				  "the meantime: go back to the backup with git hop rollback");
	}
	return error_hint(error_new(ERROR_NO,
				    "release %s is under way, and is not among those to apply",
				    step->version),
			  "complete it first: git hop upgrade --to-release %s", step->version);
}

/* Steps are sorted by version. */
static void add_step(struct pending_release *release, const struct record_step *step)
{
	if (release->begun.count++ == 0)
		release->begun.list = step;
}

struct error *pending_read_begun(struct pending *pending, struct db *db)
{
	struct record_step *steps;
	size_t count;
	struct error *err = record_steps(&steps, &count, pending, db);

	for (size_t i = 0; !err && i < count; i++) {
		struct pending_release *release = NULL;

		err = place(&release, pending, &steps[i]);
		if (!err)
			add_step(release, &steps[i]);
	}
	return err;
}

struct error *pending_reload(struct pending_release *release, void *ctx, struct db *db)
{
	struct steps_begun *begun = &release->begun;
	struct record_step *steps;
	size_t count;
	struct error *err = record_steps(&steps, &count, ctx, db);

	if (err)
		return err;
	*begun = (struct steps_begun){.redo = begun->redo, .done = begun->done};
	for (size_t i = 0; i < count; i++) {
		if (strcmp(steps[i].version, release->version) == 0)
			add_step(release, &steps[i]);
	}
	return NULL;
}

struct error *pending_decide(struct pending *pending, const char *redo, const char *done)
{
	const char *path = redo ? redo : done;
	struct pending_step open;

	if (!path)
		return NULL;
	for (size_t i = 0; i < pending->count; i++) {
		struct pending_release *release = &pending->releases[i];

		pending_step(&open, release);
		if (!open.known || strcmp(open.file->path, path) != 0)
			continue;
		release->begun.redo = redo;
		release->begun.done = done;
		return NULL;
	}
	return error_hint(error_new(ERROR_NO, "'%s' has no step that was started and is not done",
				    path),
			  "git hop update shows the release that is under way, and its open step");
}
