/* Runs the parts of a build in a database: the model, then the files of patches. */
#include "build/build.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/branch.h"
#include "build/build_private.h"
#include "build/model.h"
#include "project/recipe_read.h"
#include "run/record.h"
#include "run/sql_file.h"
#include "run/steps.h"

static struct error *finish_base(struct dev_server *dev, struct db *db)
{
	struct error *err;

	err = dev_server_mark(dev, db, dev->can_create ? RECORD_SCRATCH : RECORD_DEVELOPMENT);
	return err ? err : db_exec_simple(db, "COMMIT");
}

struct error *play_model(struct dev_server *dev, struct db *db, const struct model *m)
{
	SCOPE(tmp, dev);
	struct model model = *m;
	struct error *err = db_exec_simple(db, "BEGIN");
	char *database;

	if (!dev->can_create)
		model_split(&model.schema, &database, tmp, m);
	if (!err)
		err = model_load(db, &model);
	return err ? err : finish_base(dev, db);
}

struct error *play_base(struct dev_server *dev, struct db *db, const struct build *b)
{
	SCOPE(tmp, dev);
	struct model *model;
	struct error *err;

	err = model_read(&model, tmp, dev->project->repo, b->commit);
	if (!err)
		err = play_model(dev, db, model);
	return err ? err : fail_point("build.base");
}

/* Adds hop's tables and their rows at the production version, in the caller's transaction. */
static struct error *play_rows(struct dev_server *dev, struct db *db, const struct build *b)
{
	SCOPE(tmp, dev);
	struct model *model;
	struct error *err;

	err = model_read(&model, tmp, dev->project->repo, b->commit);
	if (!err)
		err = record_install(db);
	if (!err)
		err = record_load(db, PATH_METADATA, model->metadata, strlen(model->metadata));
	return err;
}

/* The patches can only be applied to the production version. */
static struct error *check_dump(void *ctx, struct db *db, const struct build *b)
{
	char *version, *base = version_print(ctx, &b->base);
	struct error *err;

	err = record_version(&version, ctx, db);
	if (err || (version && strcmp(version, base) == 0))
		return err;
	return error_hint(error_new(ERROR_NO,
				    "the dump is of version %s, but production is at "
				    "%s",
				    version ? version : "none", base),
			  "use a newer dump, or a dump without schema hop of a database at %s",
			  base);
}

struct error *play_dump(struct dev_server *dev, struct db *db, const struct build *b)
{
	SCOPE(tmp, dev);
	struct record_state state;
	struct error *err;

	err = record_state(&state, tmp, db);
	if (!err && state.present && strcmp(state.identity.id, dev->project->conf->id) != 0)
		err = error_new(ERROR_NO, "the dump is of another project, '%s'",
				state.identity.name);
	if (!err && state.present)
		err = check_dump(tmp, db, b);
	if (!err)
		err = db_exec_simple(db, "BEGIN");
	if (!err && !state.present)
		err = play_rows(dev, db, b);
	return err ? err : finish_base(dev, db);
}

struct error *play_read(struct recipe ***out, void *ctx, struct dev_server *dev,
			const struct build *b, size_t from)
{
	struct recipe **recipes = mem_array(ctx, struct recipe *, b->count);

	for (size_t i = from; i < b->count; i++) {
		struct error *err = recipe_read(&recipes[i], recipes, dev->project->repo,
						b->patches[i].id, b->patches[i].tree);

		if (err)
			return err;
		for (char **text = recipes[i]->warnings; text && *text; text++)
			warn("%s", *text);
	}
	*out = recipes;
	return recipe_check(recipes, b->count);
}

static struct error *tell(void *arg, enum steps_event event, const char *name)
{
	(void)arg;
	if (event == STEPS_FILE)
		progress("%s", name);
	return NULL;
}

/* Commits; errors such as those of deferred constraints occur only here. */
static struct error *commit(struct db *db, const struct build *b, size_t from, size_t to)
{
	struct error *err = sql_error_judge(db_exec_simple(db, "COMMIT"));

	if (to - from == 1)
		return error_wrap(err, "Patches/%s: at the end of the patch", b->patches[from].id);
	return error_wrap(err, "at the end of the patches");
}

/* Runs the patches from FROM up to, but not including, TO in one transaction. */
static struct error *play_together(struct run_session **session, struct db *db,
				   const struct build *b, struct recipe *const *recipes,
				   size_t from, size_t to)
{
	SCOPE(tmp, NULL);
	struct steps_patch *patches = mem_array(tmp, struct steps_patch, to - from);
	const struct steps_watch watch = {.tell = tell};
	struct steps_release release = {
		.version = version_print(tmp, &b->release),
		/* For a hotfix or rc, the metadata already contains the release. */
		.recorded = from > 0 || version_compare(&b->release, &b->base) == 0,
		.patches = patches,
		.count = to - from,
	};
	struct error *err;

	for (size_t i = from; i < to; i++)
		patches[i - from] = (struct steps_patch){
			.id = b->patches[i].id,
			.hash = b->patches[i].tree,
			.recipe = recipes[i],
			.position = (int)i + 1,
		};
	err = session_begin(session, db, db, NULL);
	if (!err)
		err = steps_run(*session, db, &release, &watch);
	if (!err)
		err = commit(db, b, from, to);
	return err ? err : fail_point("build.patch");
}

struct error *play_patches(struct db *db, const struct build *b, struct recipe *const *recipes,
			   size_t from, size_t to)
{
	size_t step = b->as_upgrade ? to - from : 1;
	struct run_session *session = NULL;
	struct error *err = NULL;

	for (size_t i = from; !err && i < to; i += step)
		err = play_together(&session, db, b, recipes, i, i + step);
	talloc_free(session);
	progress("%s", "");
	return err;
}
