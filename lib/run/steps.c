/* Runs the files of releases. */
#include "run/steps.h"

#include <config.h>

#include "base/log.h"
#include "run/record.h"

static long long since(double began)
{
	return (long long)((log_clock() - began) * 1000);
}

static struct error *run_file(struct run_session *session, const struct script *script, bool last,
			      const struct steps_watch *watch)
{
	struct error *err = watch->tell(watch->arg, STEPS_FILE, script->name);

	if (!err)
		err = session_file(session, script, last);
	return err ? err : watch->tell(watch->arg, STEPS_FILE_DONE, script->name);
}

static struct error *run_patch(struct run_session *session, const struct steps_patch *patch,
			       const struct steps_watch *watch)
{
	const struct recipe *recipe = patch->recipe;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < recipe->count; i++) {
		if (recipe->files[i].step != STEP_TRANSACTION || !recipe->files[i].script)
			return error_new(ERROR_FAIL, "%s: cannot run", recipe->files[i].path);
		err = run_file(session, recipe->files[i].script, i + 1 == recipe->count, watch);
	}
	return err ? err : watch->tell(watch->arg, STEPS_PATCH_DONE, patch->id);
}

struct error *steps_run(struct run_session *session, struct db *db,
			const struct steps_release *release, const struct steps_watch *watch)
{
	SCOPE(tmp, NULL);
	struct record_patch *rows = mem_array(tmp, struct record_patch, release->count);
	struct record_release row = {
		.version = release->version,
		.commit = release->commit,
		.hop_version = PACKAGE_VERSION,
	};
	double began = log_clock();
	struct error *err = NULL;

	if (release->schema)
		err = run_file(session, release->schema, true, watch);
	for (size_t i = 0; !err && i < release->count; i++) {
		const struct steps_patch *patch = &release->patches[i];
		double start = log_clock();

		err = run_patch(session, patch, watch);
		rows[i] = (struct record_patch){
			.version = release->version,
			.id = patch->id,
			.hash = patch->hash,
			.position = patch->position,
			.duration_ms = since(start),
		};
	}
	row.duration_ms = since(began);
	if (err || (release->recorded && release->count == 0))
		return err;
	return record_add(db, release->recorded ? NULL : &row, rows, release->count);
}
