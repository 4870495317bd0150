/* Runs the parts of a build in a database: the model, then the files of patches. */
#include "build/build.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/branch.h"
#include "build/build_private.h"
#include "build/model.h"
#include "build/scratch.h"
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

struct error *play_model(struct dev_server *dev, struct db *db, const struct conf *conf,
			 const struct model *m)
{
	SCOPE(tmp, dev);
	struct model model = *m;
	struct error *err;
	char *database;

	if (!dev->can_create)
		model_split(&model.schema, &database, tmp, m);
	err = extensions_make(&model.schema, tmp, dev, db, conf);
	if (!err)
		err = db_exec_simple(db, "BEGIN");
	if (!err)
		err = model_load(db, &model);
	return err ? err : finish_base(dev, db);
}

struct error *play_base(struct dev_server *dev, struct db *db, const struct conf *conf,
			const struct build *b)
{
	SCOPE(tmp, dev);
	struct model *model;
	struct error *err;

	err = model_read(&model, tmp, dev->project->repo, b->commit);
	if (!err)
		err = play_model(dev, db, conf, model);
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
	char *version, *under_way, *base = version_print(ctx, &b->base);
	struct error *err;

	err = record_under_way(&under_way, ctx, db);
	if (!err && under_way)
		return error_hint(error_new(ERROR_NO,
					    "the dump is of a database in which release %s is "
					    "under way",
					    under_way),
				  "its schema is that of no version: use a dump from before or "
				  "after the upgrade");
	if (!err)
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

/* The patches from FROM up to, but not including, TO that run together. */
struct play {
	struct dev_server *dev;
	struct db *db;
	const struct build *build;
	struct run_session *session;
	size_t from, to;
};

static struct error *begin(void *arg, struct run_session **session, struct db **db)
{
	struct play *play = arg;
	const struct build_look *look = play->build->look;
	struct error *err = session_begin(&play->session, play->db, play->db,
					  "SET idle_in_transaction_session_timeout = 0;");

	if (!err && look)
		err = look->look(look->arg, play->db, false);
	if (!err)
		session_watch(play->session, look ? look->watch : NULL);
	*session = play->session;
	*db = play->db;
	return err;
}

/* Errors such as those of deferred constraints occur only here. */
static struct error *commit(void *arg, bool whole)
{
	const struct play *play = arg;
	const struct build_look *look = play->build->look;
	struct error *err = look ? look->look(look->arg, play->db, true) : NULL;

	if (!err)
		err = sql_error_judge(db_exec_simple(play->db, "COMMIT"));
	(void)whole;
	if (play->to - play->from == 1)
		return error_wrap(err, "Patches/%s: at the end of the patch",
				  play->build->patches[play->from].id);
	return error_wrap(err, "at the end of the patches");
}

static struct error *connect(struct db **db, void *ctx, void *arg)
{
	const struct play *play = arg;

	return dev_server_connect(db, ctx, play->dev, db_name(play->db));
}

static struct error *tell(void *arg, enum steps_event event, const char *name)
{
	(void)arg;
	if (event == STEPS_FILE)
		progress("%s", name);
	return NULL;
}

static struct error *play_together(struct play *play, struct processes *processes,
				   struct recipe *const *recipes)
{
	SCOPE(tmp, NULL);
	const struct build *b = play->build;
	size_t count = play->to - play->from;
	struct steps_patch *patches = mem_array(tmp, struct steps_patch, count);
	const struct steps_host host = {
		.begin = begin,
		.commit = commit,
		.connect = connect,
		.tell = tell,
		.arg = play,
		.processes = processes,
		.watch = b->look ? b->look->watch : NULL,
	};
	const struct steps_release release = {
		.version = version_print(tmp, &b->release),
		/* For a hotfix or rc, the metadata already contains the release. */
		.recorded = play->from > 0 || version_compare(&b->release, &b->base) == 0,
		.patches = patches,
		.count = count,
	};
	struct error *err;

	for (size_t i = play->from; i < play->to; i++)
		patches[i - play->from] = (struct steps_patch){
			.id = b->patches[i].id,
			.hash = b->patches[i].tree,
			.recipe = recipes[i],
			.position = (int)i + 1,
		};
	err = steps_run(&host, &release);
	return err ? err : fail_point("build.patch");
}

struct error *play_patches(struct scratch *s, const struct build *b, struct recipe *const *recipes,
			   size_t from, size_t to)
{
	SCOPE(tmp, NULL);
	size_t step = b->as_upgrade ? to - from : 1;
	struct processes processes = {
		.project = s->dev->project,
		.files = b->files ? b->files : b->commit,
		.root = b->root,
		.ctx = tmp,
	};
	struct play play = {.dev = s->dev, .db = s->db, .build = b};
	struct error *err = NULL;

	if (s->asked)
		session_assume(&play.session, s->db, s->db, s->plain);
	for (size_t i = from; !err && i < to; i += step) {
		play.from = i;
		play.to = i + step;
		err = play_together(&play, &processes, recipes);
	}
	talloc_free(play.session);
	progress("%s", "");
	return err;
}
