/* Runs the releases of an upgrade, each in a session of its own. */
#include "deploy/upgrade.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/path.h"
#include "deploy/upgrade_private.h"
#include "run/database.h"

/* No two servers have started in the same microsecond, and a standby does not copy it. */
static struct error *server_of(const char **started, void *ctx, struct db *db)
{
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, ctx, db, "select pg_postmaster_start_time()", DB_NO_ARGS);
	if (!err)
		*started = rows_text(rows, 0, 0);
	return err;
}

/* The lock excludes nobody where another server has become the primary. */
static struct error *check_server(struct upgrade_run *run, const char *started)
{
	SCOPE(tmp, NULL);
	struct error *err;
	const char *here;

	err = server_of(&here, tmp, run->db);
	if (err || strcmp(here, started) == 0)
		return err;
	err = error_new(ERROR_AGAIN,
			"%s is not the server on which the upgrade has its lock: another one has "
			"taken over",
			db_describe(tmp, run->db));
	return error_hint(err, "git hop upgrade goes on there");
}

struct error *upgrade_connect(struct upgrade_run *run)
{
	struct upgrade *u = run->u;
	SCOPE(tmp, NULL);
	struct error *err;
	const char *started;

	err = server_of(&started, tmp, u->db);
	if (err)
		return error_wrap(err, "the session that holds the lock of the upgrade was lost");
	db_on_wait(u->db, NULL, NULL);
	if (run->db != u->db)
		TALLOC_FREE(run->db);
	err = db_connect(&run->db, u, u->conninfo, u->copy);
	if (!err)
		err = check_server(run, started);
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
	err = session_begin(&run->session, run->u, run->db, run->settings);
	if (!err)
		session_watch(run->session, run->look_on);
	return err;
}

struct error *upgrade_commit(struct upgrade_run *run)
{
	struct error *err;

	run->committing = true;
	err = session_commit(run->session);
	run->committing = err != NULL;
	return err;
}

static void tell_release(const struct pending_release *release, double began)
{
	note("release %s: %zu patch%s in %.2f s", release->version, release->count,
	     release->count == 1 ? "" : "es", log_clock() - began);
}

static struct error *apply_one(struct upgrade_run *run, struct pending_release *release)
{
	double began = log_clock();
	struct error *err;

	err = upgrade_release(run, release);
	if (!err && !run->u->copy)
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
	/* Nobody needs to know where that leaves a copy. */
	if (run->u->copy)
		return err;
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
	else if (run->steps)
		err = upgrade_add_progress(err, run);
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
