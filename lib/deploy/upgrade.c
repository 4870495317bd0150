/* Brings a production database to a newer release. */
#include "deploy/upgrade.h"

#include "base/fail.h"
#include "base/log.h"
#include "base/path.h"
#include "core/branch.h"
#include "deploy/backup.h"
#include "run/database.h"
#include "run/database_lock.h"
#include "run/major.h"
#include "run/target.h"
#include "run/record.h"
#include "run/requirements.h"
#include "run/steps.h"
#include "project/audit.h"
#include "project/remote.h"

#define LOCK_TIMEOUT 60
#define DDL_LOCK_TIMEOUT 5

static struct error *connect_to(struct upgrade *u, const struct upgrade_request *request)
{
	SCOPE(tmp, u);
	struct project *p = u->project;
	struct error *err;
	char *conninfo;
	int timeout;

	err = target_conninfo(&conninfo, tmp, p, request->database);
	if (!err)
		err = repo_config_number(&timeout, p->repo, "hop.lockTimeout", LOCK_TIMEOUT);
	if (!err)
		err = db_connect(&u->db, u, conninfo, NULL);
	if (err)
		return err;
	major_compare(p->conf, u->db);
	if (request->look)
		return NULL;
	/* The session waits for a person and for pg_dump. */
	if (db_server_version(u->db) >= 140000)
		err = db_exec_simple(u->db, "SET idle_session_timeout = 0");
	if (err)
		return err;
	return database_lock_take(u->db, p->conf->id, timeout);
}

/* Release candidates are for databases that are not production, and those take nothing else by
 * default. */
static struct error *check_kind(struct upgrade *u, enum target_kind kind, const struct version *to)
{
	SCOPE(tmp, NULL);
	bool rc = to && to->stage == VERSION_RC;

	u->test = kind == TARGET_TEST || (kind == TARGET_EMPTY && rc);
	if (kind == TARGET_TEST && !to)
		return error_add_hint(target_refuse(u->db, RECORD_DEVELOPMENT),
				      "to upgrade it anyway: --to-release=VERSION");
	if (kind == TARGET_OURS && rc)
		return error_hint(
			error_new(ERROR_NO, "%s is a release candidate, and '%s' is production",
				  version_print(tmp, to), db_name(u->db)),
			"a production database is upgraded to what was promoted to production");
	return NULL;
}

static struct error *identify(struct upgrade *u, const struct version *to)
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
			"git hop clone --production --database=CONNINFO takes a "
			"database over at the version that it equals");
	u->fresh = kind == TARGET_EMPTY;
	return check_kind(u, kind, to);
}

static struct error *open_all(struct upgrade *u, const struct upgrade_request *request)
{
	struct error *err = NULL;

	if (request->fetch) {
		progress("fetching");
		err = project_fetch(u->project);
		progress("%s", "");
		err = error_add_hint(err,
				     "--no-fetch continues with the releases that are known here");
	}
	if (!err)
		err = audit_production(u->project);
	if (!err)
		err = connect_to(u, request);
	if (!err)
		err = identify(u, request->to);
	if (err)
		return err;
	return pending_read(&u->pending, u, u->project, u->db, u->fresh, request->to);
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

/* The state of one upgrade_apply. */
struct run {
	struct upgrade *u;
	void *tmp;
	char *settings;     /* that files run under */
	char *backup;       /* where it is, or NULL */
	const char *at;     /* version that is committed, NULL: none */
	const char *inside; /* release that is under way, NULL: between two */
	size_t number;      /* of the release, from 1 */
	bool committing;
	struct run_session *session;
};

static struct error *begin(struct run *run)
{
	struct error *err;

	err = session_begin(&run->session, run->tmp, run->u->db, run->settings);
	if (!err && run->u->fresh)
		err = target_mark(run->u->project, run->u->db,
				  run->u->test ? RECORD_DEVELOPMENT : RECORD_PRODUCTION);
	if (!err && run->u->fresh)
		err = session_look(run->session);
	return err ? err : fail_point("upgrade.begin");
}

static struct error *commit(struct run *run)
{
	struct error *err = fail_point("upgrade.before-commit");

	if (err)
		return err;
	run->committing = true;
	err = db_exec_simple(run->u->db, "COMMIT");
	run->committing = err != NULL;
	if (err)
		return err;
	run->u->fresh = false;
	run->at = run->inside;
	run->inside = NULL;
	return fail_point("upgrade.after-commit");
}

static struct error *tell(void *arg, enum steps_event event, const char *name)
{
	const struct run *run = arg;

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

static struct error *apply_release(struct run *run, const struct pending_release *release)
{
	SCOPE(tmp, run->tmp);
	struct steps_patch *patches = mem_array(tmp, struct steps_patch, release->count);
	const struct steps_watch watch = {.tell = tell, .arg = run};
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
			note("release %s: patch %s was applied before, skipped", run->inside,
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
	err = steps_run(run->session, run->u->db, &steps, &watch);
	/* What passed every validation and fails here is no answer but a breakdown. */
	return err && err->code == ERROR_NO ? error_recode(err, ERROR_FAIL) : err;
}

static void tell_release(const struct pending_release *release, double began)
{
	note("release %s: %zu patch%s in %.2f s", release->version, release->count,
	     release->count == 1 ? "" : "es", log_clock() - began);
}

static struct error *apply_each(struct run *run)
{
	const struct pending *pending = run->u->pending;

	for (size_t i = 0; i < pending->count; i++) {
		double began = log_clock();
		struct error *err;

		run->number = i + 1;
		run->inside = pending->releases[i].version;
		err = begin(run);
		if (!err)
			err = apply_release(run, &pending->releases[i]);
		if (!err)
			err = commit(run);
		if (err)
			return err;
		tell_release(&pending->releases[i], began);
	}
	return NULL;
}

static struct error *apply_atomic(struct run *run)
{
	const struct pending *pending = run->u->pending;
	struct error *err;

	run->inside = pending->releases[0].version;
	err = begin(run);
	for (size_t i = 0; i < pending->count && !err; i++) {
		double began = log_clock();

		run->number = i + 1;
		/* What the release before wrote into hop's tables is hop's own doing. */
		if (i > 0)
			err = session_look(run->session);
		if (!err)
			err = apply_release(run, &pending->releases[i]);
		if (!err)
			tell_release(&pending->releases[i], began);
	}
	return err ? err : commit(run);
}

/* Rolls back and says in the hint of ERR where that leaves the database. */
static struct error *give_up(struct run *run, bool atomic, struct error *err)
{
	const char *name = db_name(run->u->db);

	database_rollback(run->u->db);
	if (db_error_is(err, "55P03"))
		err = error_add_hint(err,
				     "another session holds a lock; try again when it is released "
				     "(hop.ddlLockTimeout: how long to wait)");
	if (run->committing && !*err->sqlstate)
		err = error_add_hint(
			err,
			"it is not known whether release %s was committed: git hop update shows "
			"the version of the database",
			run->inside);
	else if (run->inside && atomic)
		err = error_add_hint(err,
				     "everything was rolled back, to before the first release");
	else if (run->inside)
		err = error_add_hint(err, "release %s was rolled back", run->inside);
	if (run->at)
		err = error_add_hint(err, "database '%s' is at %s", name, run->at);
	else
		err = error_add_hint(err, "database '%s' is at no version", name);
	if (run->backup)
		err = error_add_hint(err, "the backup is in %s", path_quote(run->tmp, run->backup));
	return err;
}

/* What the release that the upgrade ends at needs, and so all before it. */
static struct error *read_conf(struct conf **out, void *ctx, const struct upgrade *u)
{
	const struct pending *pending = u->pending;
	const char *commit = pending->releases[pending->count - 1].commit;
	struct error *err;
	size_t length;
	char *text;

	*out = u->project->conf;
	err = repo_file(&text, &length, ctx, u->project->repo, commit, PATH_CONFIG);
	return err || !text ? err : conf_parse(out, ctx, PATH_CONFIG, text, length);
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

struct error *upgrade_apply(struct upgrade *u, const struct upgrade_mode *mode)
{
	SCOPE(tmp, u);
	struct run run = {.u = u, .tmp = tmp, .at = u->pending->from};
	struct error *err;
	int timeout;

	if (u->pending->count == 0)
		return NULL;
	err = pending_check(u->pending);
	if (!err)
		err = check_requirements(u);
	if (!err)
		err = repo_config_number(&timeout, u->project->repo, "hop.ddlLockTimeout",
					 DDL_LOCK_TIMEOUT);
	if (!err && mode->backup)
		err = backup_make(&run.backup, tmp, u->project, u->db, u->pending->from);
	if (err)
		return err;
	run.settings = mem_printf(tmp, "SET lock_timeout = '%ds';", timeout);
	err = mode->atomic ? apply_atomic(&run) : apply_each(&run);
	progress("%s", "");
	return err ? give_up(&run, mode->atomic, err) : NULL;
}
