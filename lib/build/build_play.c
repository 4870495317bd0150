/* Runs what a build is made of in a database: the production schema, then the files of patches. */
#include "build/build.h"

#include <config.h>
#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/branch.h"
#include "build/build_private.h"
#include "build/model.h"
#include "project/recipe_read.h"
#include "run/record.h"
#include "run/sql_file.h"

static struct error *finish_base(struct dev_server *dev, struct db *db)
{
	struct error *err;

	err = dev_server_mark(dev, db, dev->can_create ? RECORD_SCRATCH : RECORD_DEVELOPMENT);
	return err ? err : db_exec_simple(db, "COMMIT");
}

struct error *play_base(struct dev_server *dev, struct db *db, const struct build *b)
{
	SCOPE(tmp, dev);
	struct model *model;
	struct error *err;

	err = model_read(&model, tmp, dev->project->repo, b->commit);
	if (!err)
		err = db_exec_simple(db, "BEGIN");
	if (!err)
		err = model_load(db, model);
	if (!err)
		err = finish_base(dev, db);
	return err ? err : fail_point("build.base");
}

/* hop's tables and their rows at the production version, in a transaction of the caller. */
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

/* Patches fit on one version only. */
static struct error *check_dump(void *ctx, struct db *db, const struct build *b)
{
	char *version, *base = version_print(ctx, &b->base);
	struct error *err;

	err = record_version(&version, ctx, db);
	if (err || (version && strcmp(version, base) == 0))
		return err;
	return error_hint(error_new(ERROR_NO, "the dump is of version %s, production is at %s",
				    version ? version : "none", base),
			  "take a newer one, or one without schema hop of a database at %s", base);
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

static struct error *play_files(struct db *db, const struct recipe *recipe)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < recipe->count; i++) {
		const struct sql_file file = {.script = recipe->files[i].script};

		progress("%s", recipe->files[i].path);
		err = run_sql_file(db, &file);
	}
	return err;
}

static struct error *play_patch(struct db *db, const struct build *b, const struct recipe *recipe,
				size_t i)
{
	SCOPE(tmp, NULL);
	const struct build_patch *patch = &b->patches[i];
	struct record_patch row = {.version = version_print(tmp, &b->release),
				   .id = patch->id,
				   .hash = patch->tree,
				   .position = (int)i + 1};
	const struct record_release release = {.version = row.version,
					       .hop_version = PACKAGE_VERSION};
	/* A hotfix's or rc's metadata has brought the release. */
	bool first = i == 0 && version_compare(&b->release, &b->base) != 0;
	double began = log_clock();
	struct error *err = play_files(db, recipe);

	row.duration_ms = (long long)((log_clock() - began) * 1000);
	return err ? err : record_add(db, first ? &release : NULL, &row, 1);
}

/* A deferred constraint speaks up here: that is the patch's fault. */
static struct error *commit(struct db *db, const struct build *b, size_t from, size_t to)
{
	struct error *err = db_exec_simple(db, "COMMIT");

	if (err && err->code == ERROR_FAIL && *err->sqlstate)
		err = error_recode(err, ERROR_NO);
	if (to - from == 1)
		return error_wrap(err, "Patches/%s: at its end", b->patches[from].id);
	return error_wrap(err, "at the end of the patches");
}

struct error *play_patches(struct db *db, const struct build *b, struct recipe *const *recipes,
			   size_t from, size_t to)
{
	size_t step = b->as_upgrade ? to - from : 1;
	struct error *err = NULL;

	for (size_t i = from; !err && i < to; i += step) {
		err = db_exec_simple(db, "BEGIN");
		for (size_t j = i; !err && j < i + step; j++)
			err = play_patch(db, b, recipes[j], j);
		if (!err)
			err = commit(db, b, i, i + step);
		if (!err)
			err = fail_point("build.patch");
	}
	progress("%s", "");
	return err;
}
