/* Upgrades a production database. */
#include "deploy/upgrade.h"

#include "base/log.h"
#include "core/branch.h"
#include "deploy/drift.h"
#include "deploy/hold.h"
#include "deploy/rollback_left.h"
#include "deploy/upgrade_private.h"
#include "run/database_lock.h"
#include "run/major.h"
#include "run/pooler.h"
#include "run/target.h"
#include "run/record.h"
#include "run/requirements.h"
#include "project/audit.h"
#include "project/remote.h"

#define DDL_LOCK_TIMEOUT 5
#define RETRIES 5

static struct error *connect_to(struct upgrade *u, const struct upgrade_request *request)
{
	struct project *p = u->project;
	struct error *err;
	int timeout;

	err = target_conninfo(&u->conninfo, u, p, request->database);
	if (!err)
		err = hold_timeout(&timeout, p);
	if (!err)
		err = request->look ? rollback_closed(db_connect(&u->db, u, u->conninfo, NULL))
				    : hold_connect(&u->db, u, p, u->conninfo);
	if (err)
		return err;
	major_compare(p->conf, u->db);
	if (request->look)
		return NULL;
	err = pooler_check(u->db, u->conninfo);
	if (!err)
		err = upgrade_check_server(u->db);
	if (err)
		return err;
	return database_lock_take(u->db, p->conf->id, timeout);
}

/* Release candidates are for databases that are not production, and those take nothing else by
 * default. */
static struct error *check_kind(struct upgrade *u, enum target_kind kind,
				const struct upgrade_request *request)
{
	const struct version *to = request->to;
	SCOPE(tmp, NULL);
	bool rc = to && to->stage == VERSION_RC;

	u->test = kind == TARGET_TEST || (kind == TARGET_EMPTY && rc);
	if (kind == TARGET_TEST && !to && !request->scripts)
		return error_add_hint(target_refuse(u->db, RECORD_DEVELOPMENT),
				      "to upgrade it anyway: --to-release=VERSION");
	if (kind == TARGET_OURS && rc)
		return error_hint(
			error_new(ERROR_NO,
				  "%s is a release candidate, and '%s' is a "
				  "production database",
				  version_print(tmp, to), db_name(u->db)),
			"a production database can only be upgraded to production versions and "
			"hotfixes");
	return NULL;
}

static struct error *identify(struct upgrade *u, const struct upgrade_request *request)
{
	enum target_kind kind;
	struct error *err;

	err = target_kind(&kind, u->project, u->db);
	if (err)
		return err;
	if (kind == TARGET_FOREIGN)
		return error_hint(
			error_new(ERROR_NO,
				  "database '%s' has objects, but no version recorded by git hop",
				  db_name(u->db)),
			"to adopt it at the version that it equals: git hop clone --production "
			"--database=CONNINFO URL");
	u->fresh = kind == TARGET_EMPTY;
	return check_kind(u, kind, request);
}

static struct error *open_all(struct upgrade *u, const struct upgrade_request *request)
{
	struct error *err = NULL;

	if (request->fetch) {
		progress("fetching");
		err = project_fetch(u->project);
		progress("%s", "");
		err = error_add_hint(err, "to continue with the releases that are known locally: "
					  "--no-fetch");
	}
	if (!err)
		err = audit_production(u->project);
	if (!err)
		err = connect_to(u, request);
	if (!err)
		err = identify(u, request);
	if (err)
		return err;
	if (request->scripts && u->fresh)
		return error_new(ERROR_NO, "database '%s' has no version", db_name(u->db));
	if (request->scripts)
		return pending_read_scripts(&u->pending, u, u->project, u->db);
	err = pending_read(&u->pending, u, u->project, u->db, u->fresh, request->to);
	if (!err)
		err = pending_decide(u->pending, request->redo, request->done);
	return err;
}

struct error *upgrade_open(struct upgrade **out, void *ctx, struct project *p,
			   const struct upgrade_request *request)
{
	struct upgrade *u = mem_new(ctx, struct upgrade);
	struct error *err;

	u->project = p;
	err = open_all(u, request);
	if (err)
		talloc_free(u);
	else
		*out = u;
	return err;
}

/* The configuration of the target release, whose requirements include those of all before it. */
static struct error *read_conf(struct conf **out, void *ctx, const struct upgrade *u)
{
	const struct pending *pending = u->pending;
	struct error *err;
	struct conf *conf;

	*out = u->project->conf;
	if (pending->count == 0)
		return NULL;
	err = project_conf(&conf, ctx, u->project, pending->releases[pending->count - 1].commit);
	if (!err && conf)
		*out = conf;
	return err;
}

static struct error *check_requirements(struct upgrade *u)
{
	SCOPE(tmp, u);
	char **texts = mem_array(tmp, char *, 1);
	struct conf *conf;
	struct error *err = read_conf(&conf, tmp, u);

	if (err)
		return err;

	for (size_t i = 0; i < u->pending->count; i++) {
		const struct pending_release *release = &u->pending->releases[i];

		for (size_t k = 0; k < release->count; k++) {
			const struct recipe *recipe = release->patches[k].recipe;

			for (size_t n = 0; recipe && n < recipe->count; n++) {
				const struct script *script = recipe->files[n].script;

				if (script)
					mem_list_add(&texts, tmp,
						     mem_dup_n(tmp, script->text, script->length));
			}
		}
	}
	return requirements_check(u->db, conf, (const char *const *)texts);
}

/* The releases of the database must still be what they were when they were applied. */
static struct error *check_patches(struct upgrade *u, bool accept)
{
	SCOPE(tmp, u);
	struct error *err;
	char **ids;

	err = drift_patches(&ids, tmp, u->project, u->db);
	if (err || !*ids || accept)
		return err;
	return error_hint(error_new(ERROR_NO,
				    "patch '%s' was not applied to database '%s' as its release "
				    "has it now",
				    *ids, db_name(u->db)),
			  "either the tag of that release was moved, or the tables of schema hop "
			  "were changed; to see all such patches: git hop check; to upgrade "
			  "anyway: --accept-drift; nothing was changed");
}

static struct error *check_drift(struct upgrade *u, bool accept)
{
	SCOPE(tmp, u);
	const char *from = u->pending->from;
	struct drift drift;
	struct error *err;
	bool check;

	err = repo_config_bool(&check, u->project->repo, "hop.driftCheck", true);
	if (!err && from)
		err = check_patches(u, accept);
	if (!err && from && check)
		err = drift_find(&drift, tmp, u->project, u->db, u->conninfo, from);
	if (err || !from || !check)
		return err;
	drift_show(&drift);
	if (drift.blocking == 0 || accept)
		return NULL;
	return error_hint(
		error_new(ERROR_NO, "the schema of database '%s' is not that of %s: %zu object%s",
			  db_name(u->db), from, drift.blocking,
			  drift.blocking == 1 ? " differs" : "s differ"),
		"to upgrade it anyway: --accept-drift; objects that may differ can be listed "
		"in " PATH_CONFIG ", see [drift] in hop-project(5); nothing was changed");
}

static struct error *read_settings(struct upgrade_run *run, void *ctx)
{
	struct upgrade *u = run->u;
	struct error *err;
	int timeout;

	err = repo_config_number(&timeout, u->project->repo, "hop.ddlLockTimeout",
				 DDL_LOCK_TIMEOUT);
	if (!err)
		err = repo_config_number(&run->retries, u->project->repo, "hop.retries", RETRIES);
	if (!err)
		run->settings = upgrade_settings(ctx, u->db, timeout);
	return err;
}

struct error *upgrade_apply(struct upgrade *u, const struct upgrade_mode *mode)
{
	SCOPE(tmp, u);
	struct upgrade_run run = {.u = u, .atomic = mode->atomic};
	bool under_way = pending_under_way(u->pending);
	struct error *err;

	if (u->pending->count == 0 && u->pending->scripts.count == 0)
		return NULL;
	err = pending_check(u->pending, mode->atomic);
	if (!err)
		err = check_requirements(u);
	if (!err)
		err = read_settings(&run, tmp);
	/* Before a release that is under way, both were done, and the backup is to go back to. */
	if (!err && !under_way)
		err = check_drift(u, mode->accept_drift);
	if (!err && mode->backup && !under_way)
		err = upgrade_back_up(&run, tmp, mode->disconnect);
	return err ? err : upgrade_run(&run);
}

struct error *upgrade_copy(struct upgrade *u, bool atomic, const struct run_watch *watch)
{
	SCOPE(tmp, u);
	struct upgrade_run run = {.u = u, .atomic = atomic, .look_on = watch};
	struct error *err = read_settings(&run, tmp);

	return err ? err : upgrade_run(&run);
}
