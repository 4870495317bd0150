/* Runs what a build is made of in a database: the production schema, then the files of patches. */
#include "build/build.h"

#include <config.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/branch.h"
#include "core/patch.h"
#include "build/build_private.h"
#include "build/model.h"
#include "run/record.h"
#include "run/sql_file.h"

#define MODE_LINK 0120000
#define MODE_FOLDER 0040000
#define MODE_SUBMODULE 0160000

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

static struct error *unsupported(const char *name, const char *what)
{
	return error_hint(error_new(ERROR_NO, "%s: %s", name, what),
			  "not supported yet by this version of git hop");
}

static struct error *play_sql(struct dev_server *dev, struct db *db, const struct repo_file *entry,
			      const char *name)
{
	SCOPE(tmp, dev);
	struct sql_file file = {.name = name};
	enum patch_mark mark;
	struct error *err;
	char *text;
	int stray;

	err = repo_blob(&text, &file.length, tmp, dev->project->repo, entry->oid);
	if (err)
		return error_wrap(err, "%s", name);
	err = patch_mark_parse(&mark, &stray, PATCH_SQL, text, file.length);
	if (err)
		return error_wrap(err, "%s", name);
	if (mark == MARK_NO_TRANSACTION)
		return unsupported(name, "a file that runs outside a transaction");
	if (mark == MARK_BOOTSTRAP)
		return unsupported(name, "a bootstrap file");
	if (stray)
		warn("%s:%d: @HOP: does nothing here, only on the first line", name, stray);
	file.text = text;
	return run_sql_file(db, &file);
}

static struct error *play_file(struct dev_server *dev, struct db *db, const struct repo_file *entry,
			       const char *name)
{
	if (entry->mode == MODE_LINK || entry->mode == MODE_FOLDER ||
	    entry->mode == MODE_SUBMODULE) {
		warn("%s: not a plain file, ignored", name);
		return NULL;
	}
	switch (patch_file_kind(entry->name)) {
	case PATCH_SQL:
		return play_sql(dev, db, entry, name);
	case PATCH_PSQL:
		return unsupported(name, "a psql script");
	case PATCH_PYTHON:
		return unsupported(name, "a Python script");
	case PATCH_README:
		return NULL;
	case PATCH_OTHER:
		break;
	}
	warn("%s: neither .sql, .py nor .psql, ignored", name);
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct repo_file *fa = a, *fb = b;

	return patch_file_order(&fa->name, &fb->name);
}

static struct error *play_files(struct dev_server *dev, struct db *db,
				const struct build_patch *patch)
{
	SCOPE(tmp, dev);
	char *dir = path_patch(tmp, patch->id);
	struct repo_file *files;
	struct error *err;
	size_t count;

	err = repo_list(&files, &count, tmp, dev->project->repo, patch->tree, "");
	if (err)
		return error_wrap(err, "%s", dir);
	qsort(files, count, sizeof(*files), by_name);
	for (size_t i = 0; !err && i < count; i++) {
		progress("%s/%s", dir, files[i].name);
		err = play_file(dev, db, &files[i], mem_printf(tmp, "%s/%s", dir, files[i].name));
	}
	return err;
}

static struct error *play_patch(struct dev_server *dev, struct db *db, const struct build *b,
				size_t i)
{
	SCOPE(tmp, dev);
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
	struct error *err = play_files(dev, db, patch);

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

struct error *play_patches(struct dev_server *dev, struct db *db, const struct build *b,
			   size_t from, size_t to)
{
	size_t step = b->as_upgrade ? to - from : 1;
	struct error *err = NULL;

	for (size_t i = from; !err && i < to; i += step) {
		err = db_exec_simple(db, "BEGIN");
		for (size_t j = i; !err && j < i + step; j++)
			err = play_patch(dev, db, b, j);
		if (!err)
			err = commit(db, b, i, i + step);
		if (!err)
			err = fail_point("build.patch");
	}
	progress("%s", "");
	return err;
}
