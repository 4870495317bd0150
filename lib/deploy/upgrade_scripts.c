/* Runs the data scripts of an upgrade. */
#include "deploy/upgrade.h"

#include "base/fail.h"
#include "base/log.h"
#include "deploy/upgrade_private.h"

/* What passed every validation and fails here is not an answer but a failure. */
static struct error *judge(struct error *err)
{
	return err && err->code == ERROR_NO ? error_recode(err, ERROR_FAIL) : err;
}

static struct error *commit(struct upgrade_run *run)
{
	struct error *err = fail_point("upgrade.script");

	if (!err)
		err = upgrade_commit(run);
	return err ? err : fail_point("upgrade.script-committed");
}

static struct error *run_one(struct upgrade_run *run, const struct bootstrap_file *file)
{
	double began = log_clock();
	struct error *err;

	run->script = file->name;
	progress("%s/%s", PATH_BOOTSTRAP, file->name);
	err = upgrade_begin(run);
	if (!err)
		err = judge(bootstrap_run(run->session, run->db, file));
	if (!err)
		err = commit(run);
	if (err)
		return err;
	run->script = NULL;
	note("%s/%s in %.2f s", PATH_BOOTSTRAP, file->name, log_clock() - began);
	return NULL;
}

struct error *upgrade_scripts(struct upgrade_run *run, const struct pending_scripts *scripts)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < scripts->count; i++) {
		int attempt = 0;

		do
			err = run_one(run, &scripts->list[i]);
		while (err && upgrade_again(&err, run, attempt++));
	}
	return err;
}

struct error *upgrade_scripts_inside(struct upgrade_run *run, const struct pending_scripts *scripts)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < scripts->count; i++) {
		progress("%s/%s", PATH_BOOTSTRAP, scripts->list[i].name);
		err = session_look(run->session);
		if (!err)
			err = bootstrap_run(run->session, run->db, &scripts->list[i]);
	}
	return judge(err);
}
