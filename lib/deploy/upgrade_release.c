/* Applies one release. */
#include "deploy/upgrade.h"

#include "base/fail.h"
#include "base/log.h"
#include "deploy/upgrade_private.h"
#include "run/database_lock.h"
#include "run/record.h"
#include "run/steps.h"
#include "run/target.h"

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

/* WHOLE: with it, the release is complete. */
static struct error *commit_transaction(struct upgrade_run *run, bool whole)
{
	struct error *err = fail_point("upgrade.before-commit");

	if (!err)
		err = upgrade_commit(run);
	if (err)
		return err;
	run->u->fresh = false;
	if (whole) {
		run->at = run->inside;
		run->inside = NULL;
		run->steps = NULL;
	}
	return fail_point("upgrade.after-commit");
}

void upgrade_tell_file(const struct upgrade_run *run, const char *name)
{
	progress("release %s (%zu of %zu): %s", run->inside, run->number, run->u->pending->count,
		 name);
}

static struct error *tell(void *arg, enum steps_event event, const char *name)
{
	const struct upgrade_run *run = arg;

	switch (event) {
	case STEPS_FILE:
		upgrade_tell_file(run, name);
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
	return commit_transaction(run, whole);
}

static struct error *connect(struct db **db, void *ctx, void *arg)
{
	const struct upgrade_run *run = arg;
	struct error *err = db_connect(db, ctx, run->u->conninfo, run->u->copy);

	return err ? err : database_lock_share(*db, run->u->project->conf->id);
}

/* The patches that run. */
static size_t choose(struct steps_patch *out, const struct pending_release *release)
{
	size_t count = 0;

	for (size_t i = 0; i < release->count; i++) {
		const struct pending_patch *patch = &release->patches[i];

		if (patch->skip) {
			note("release %s: patch %s has already been applied, skipped",
			     release->version, patch->id);
			continue;
		}
		out[count++] = (struct steps_patch){
			.id = patch->id,
			.hash = patch->hash,
			.recipe = patch->recipe,
			.position = (int)i + 1,
		};
	}
	return count;
}

static struct error *look_at_steps(struct upgrade_run *run, struct pending_release *release)
{
	SCOPE(tmp, NULL);
	struct pending_step open;
	struct error *err;

	run->steps = pending_has_steps(release) ? release : NULL;
	if (!run->steps || run->u->fresh)
		return NULL;
	err = pending_reload(release, run->u, run->u->db);
	if (err || release->begun.count == 0)
		return err;
	pending_step(&open, release);
	if (open.file)
		note("release %s is under way: continuing with %s", release->version,
		     steps_place(tmp, open.file, open.statement));
	return NULL;
}

struct error *upgrade_release(struct upgrade_run *run, struct pending_release *release)
{
	SCOPE(tmp, NULL);
	struct steps_patch *patches = mem_array(tmp, struct steps_patch, release->count);
	bool undecided = false;
	struct processes processes = {
		.project = run->u->project,
		.files = release->commit,
		.ctx = tmp,
	};
	const struct steps_host host = {
		.begin = begin,
		.commit = commit,
		.connect = connect,
		.tell = tell,
		.arg = run,
		.settings = run->settings,
		.processes = &processes,
		.recorder = run->atomic ? NULL : run->u->db,
		.undecided = &undecided,
		.apart = run->apart ? NULL : &run->misjudged,
		.watch = run->look_on,
	};
	struct steps_release steps = {
		.version = release->version,
		.commit = release->commit,
		.schema = release->schema,
		.patches = patches,
	};
	struct error *err = look_at_steps(run, release);

	if (err)
		return err;
	run->inside = release->version;
	steps.count = choose(patches, release);
	steps.begun = release->begun;
	err = steps_run(&host, &steps);
	/* The operator has decided that step once. */
	release->begun.redo = release->begun.done = NULL;
	/* What passed every validation and fails here is no answer but a breakdown. */
	if (err && err->code == ERROR_NO && !undecided)
		err = error_add_hint(error_recode(err, ERROR_FAIL),
				     "a promoted release cannot be changed; for the ways on, see "
				     "\"Releases that a database refuses\" in git-hop-upgrade(1)");
	return err;
}

struct error *upgrade_add_progress(struct error *err, struct upgrade_run *run)
{
	SCOPE(tmp, NULL);
	struct pending_release *release = run->steps;
	struct pending_step open;
	struct error *blind = pending_reload(release, run->u, run->u->db);

	if (blind) {
		error_free(blind);
		return error_add_hint(err,
				      "release %s may be under way: git hop update shows how far "
				      "it got",
				      release->version);
	}
	if (release->begun.count == 0)
		return error_add_hint(err, "release %s was rolled back", release->version);
	pending_step(&open, release);
	err = error_add_hint(err, "release %s is under way, %zu of %zu files are done",
			     release->version, open.done, open.files);
	if (!open.file)
		return err;
	return error_add_hint(err, "git hop upgrade continues with %s",
			      steps_place(tmp, open.file, open.statement));
}
