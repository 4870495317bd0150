/* Runs the releases of an upgrade, each in a transaction and a session of its own. */
#include "deploy/upgrade.h"

#include "base/fail.h"
#include "base/log.h"
#include "base/path.h"
#include "deploy/upgrade_private.h"
#include "run/database.h"
#include "run/record.h"
#include "run/steps.h"
#include "run/target.h"

struct error *upgrade_connect(struct upgrade_run *run)
{
	struct upgrade *u = run->u;
	struct error *err = db_exec_simple(u->db, "SELECT 1");

	if (err)
		return error_wrap(err, "the session that holds the lock of the upgrade was lost");
	db_on_wait(u->db, NULL, NULL);
	if (run->db != u->db)
		TALLOC_FREE(run->db);
	err = db_connect(&run->db, u, u->conninfo, NULL);
	if (!err)
		session_move(&run->session, run->db);
	return err;
}

struct error *upgrade_begin(struct upgrade_run *run)
{
	struct error *err = NULL;

	if (run->session && session_worn(run->session))
		err = upgrade_connect(run);
	if (err)
		return err;
	upgrade_watch(run);
	return session_begin(&run->session, run->u, run->db, run->settings);
}

struct error *upgrade_commit(struct upgrade_run *run)
{
	struct error *err;

	run->committing = true;
	err = db_exec_simple(run->db, "COMMIT");
	run->committing = err != NULL;
	return err;
}

static struct error *begin_transaction(struct upgrade_run *run)
{
	struct error *err = upgrade_begin(run);

	if (!err && run->u->fresh)
		err = target_mark(run->u->project, run->db,
				  run->u->test ? RECORD_DEVELOPMENT : RECORD_PRODUCTION);
	if (!err && run->u->fresh)
		err = session_look(run->session);
	return err ? err : fail_point("upgrade.begin");
}

static struct error *commit_transaction(struct upgrade_run *run)
{
	struct error *err = fail_point("upgrade.before-commit");

	if (!err)
		err = upgrade_commit(run);
	if (err)
		return err;
	run->u->fresh = false;
	run->at = run->inside;
	run->inside = NULL;
	return fail_point("upgrade.after-commit");
}

static struct error *tell(void *arg, enum steps_event event, const char *name)
{
	const struct upgrade_run *run = arg;

	switch (event) {
	case STEPS_FILE:
		progress("release %s (%zu of %zu): %s", run->inside, run->number,
			 run->u->pending->count, name);
		return NULL;
	case STEPS_FILE_DONE:
		return fail_point("upgrade.file");
	case STEPS_PATCH_DONE:
		return fail_point("upgrade.patch");
	}
	return NULL;
}

/* With --atomic, all releases are in the transaction of the first one. */
static struct error *begin(void *arg, struct run_session **session, struct db **db)
{
	struct upgrade_run *run = arg;
	struct error *err = NULL;

	/* What the release before wrote into hop's tables is hop's own doing. */
	if (run->atomic && run->number > 1)
		err = session_look(run->session);
	else
		err = begin_transaction(run);
	if (!err && run->atomic && run->number == 1 && run->u->pending->scripts.count > 0) {
		err = upgrade_scripts_inside(run, &run->u->pending->scripts);
		if (!err)
			err = session_look(run->session);
	}
	*session = run->session;
	*db = run->db;
	return err;
}

static struct error *commit(void *arg, bool whole)
{
	struct upgrade_run *run = arg;
	const struct pending *pending = run->u->pending;
	struct error *err = NULL;

	if (run->atomic && whole)
		err = upgrade_scripts_inside(run, &pending->releases[run->number - 1].scripts);
	if (err || (run->atomic && run->number < pending->count))
		return err;
	return commit_transaction(run);
}

static struct error *connect(struct db **db, void *ctx, void *arg)
{
	const struct upgrade_run *run = arg;

	return db_connect(db, ctx, run->u->conninfo, NULL);
}

static struct error *apply_release(struct upgrade_run *run, const struct pending_release *release)
{
	SCOPE(tmp, NULL);
	struct steps_patch *patches = mem_array(tmp, struct steps_patch, release->count);
	const struct steps_host host = {
		.begin = begin,
		.commit = commit,
		.connect = connect,
		.tell = tell,
		.arg = run,
		.settings = run->settings,
	};
	struct steps_release steps = {
		.version = release->version,
		.commit = release->commit,
		.schema = release->schema,
		.patches = patches,
	};
	struct error *err;

	run->inside = release->version;
	for (size_t i = 0; i < release->count; i++) {
		const struct pending_patch *patch = &release->patches[i];

		if (patch->skip) {
			note("release %s: patch %s has already been applied, skipped", run->inside,
			     patch->id);
			continue;
		}
		patches[steps.count++] = (struct steps_patch){
			.id = patch->id,
			.hash = patch->hash,
			.recipe = patch->recipe,
			.position = (int)i + 1,
		};
	}
	err = steps_run(&host, &steps);
	/* What passed every validation and fails here is no answer but a breakdown. */
	return err && err->code == ERROR_NO ? error_recode(err, ERROR_FAIL) : err;
}

static void tell_release(const struct pending_release *release, double began)
{
	note("release %s: %zu patch%s in %.2f s", release->version, release->count,
	     release->count == 1 ? "" : "es", log_clock() - began);
}

static struct error *apply_one(struct upgrade_run *run, const struct pending_release *release)
{
	double began = log_clock();
	struct error *err;

	err = apply_release(run, release);
	if (!err)
		tell_release(release, began);
	return err;
}

static struct error *apply_each(struct upgrade_run *run)
{
	const struct pending *pending = run->u->pending;
	struct error *err = upgrade_scripts(run, &pending->scripts);

	for (size_t i = 0; !err && i < pending->count; i++) {
		int attempt = 0;

		run->number = i + 1;
		do
			err = apply_one(run, &pending->releases[i]);
		while (err && upgrade_again(&err, run, attempt++));
		if (!err)
			err = upgrade_scripts(run, &pending->releases[i].scripts);
	}
	return err;
}

static struct error *apply_all(struct upgrade_run *run)
{
	const struct pending *pending = run->u->pending;
	struct error *err = NULL;

	for (size_t i = 0; i < pending->count && !err; i++) {
		run->number = i + 1;
		err = apply_one(run, &pending->releases[i]);
	}
	return err;
}

static struct error *apply_atomic(struct upgrade_run *run)
{
	struct error *err;
	int attempt = 0;

	do
		err = apply_all(run);
	while (err && upgrade_again(&err, run, attempt++));
	return err;
}

static struct error *add_script_hint(struct error *err, const struct upgrade_run *run)
{
	if (run->committing && !*err->sqlstate)
		return error_add_hint(err,
				      "it is not known whether the data script %s was committed: "
				      "git hop bootstrap --dry-run shows whether it has to run",
				      run->script);
	return error_add_hint(
		err, "the data script was rolled back; to run it again: git hop bootstrap");
}

/* Rolls back and says in the hint of ERR where that leaves the database. */
static struct error *give_up(struct upgrade_run *run, struct error *err)
{
	SCOPE(tmp, NULL);
	const char *name = db_name(run->u->db);

	if (run->db)
		database_rollback(run->db);
	err = upgrade_add_in_way(err, run);
	if (run->script)
		err = add_script_hint(err, run);
	else if (run->committing && !*err->sqlstate)
		err = error_add_hint(
			err,
			"it is not known whether release %s was committed: git hop update shows "
			"the version of the database",
			run->inside);
	else if (run->inside && run->atomic)
		err = error_add_hint(err, "all releases were rolled back");
	else if (run->inside)
		err = error_add_hint(err, "release %s was rolled back", run->inside);
	if (run->at)
		err = error_add_hint(err, "database '%s' is at %s", name, run->at);
	else
		err = error_add_hint(err, "database '%s' has no version", name);
	if (run->backup)
		err = error_add_hint(err, "the backup is in %s", path_quote(tmp, run->backup));
	return err;
}

struct error *upgrade_run(struct upgrade_run *run)
{
	struct error *err;

	run->db = run->u->db;
	run->at = run->u->pending->from;
	err = run->atomic && run->u->pending->count > 0 ? apply_atomic(run) : apply_each(run);
	progress("%s", "");
	if (err)
		err = give_up(run, err);
	TALLOC_FREE(run->session);
	db_on_wait(run->u->db, NULL, NULL);
	if (run->db != run->u->db)
		TALLOC_FREE(run->db);
	TALLOC_FREE(run->watch);
	return err;
}
