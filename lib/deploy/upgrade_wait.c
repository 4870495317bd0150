/* What an upgrade does about locks of others: names who is in the way, and tries again. */
#include "deploy/upgrade.h"

#include <string.h>
#include <time.h>

#include "base/log.h"
#include "deploy/backup.h"
#include "deploy/hold.h"
#include "deploy/upgrade_private.h"
#include "run/database.h"
#include "run/in_the_way.h"
#include "run/steps.h"

#define LOOK_SECONDS 1.0
#define MOST_SECONDS 10.0

/* A connection that answers while the files' own waits. */
static struct db *watch_of(struct upgrade_run *run)
{
	struct upgrade *u = run->u;
	struct error *err = NULL;

	if (run->db != u->db)
		return u->db;
	if (!run->watch && !run->blind)
		err = db_connect(&run->watch, u, u->conninfo, u->copy);
	run->blind = run->blind || err;
	error_free(err);
	return run->watch;
}

static bool same_list(char *const *a, char *const *b)
{
	for (; a && b && *a && *b && strcmp(*a, *b) == 0; a++, b++)
		;
	return a && b && !*a && !*b;
}

/* Several files may run in one message: the session has the name of the one that does. */
static void show_file(const struct upgrade_run *run, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	if (!run->inside || !log_progress())
		return;
	err = db_query(&rows, tmp, db,
		       "select substr(application_name, length($2) + 1) "
		       "from pg_catalog.pg_stat_activity "
		       "where pid = $1 and starts_with(application_name, $2)",
		       DB_ARGS(mem_printf(tmp, "%d", db_backend_pid(run->db)), STEPS_APPLICATION));
	if (!err && rows_count(rows) == 1)
		upgrade_tell_file(run, rows_text(rows, 0, 0));
	error_free(err);
}

/* What cannot be seen stops nothing. */
static void look(void *arg)
{
	struct upgrade_run *run = arg;
	struct error *err;
	char **list;
	struct db *db;

	if (log_clock() < run->next_look)
		return;
	db = watch_of(run);
	if (!db)
		return;
	show_file(run, db);
	err = in_the_way(&list, run->u, db, db_backend_pid(run->db));
	run->next_look = log_clock() + LOOK_SECONDS;
	if (err || !*list) {
		error_free(err);
		return;
	}
	if (!same_list(list, run->in_way)) {
		for (char **line = list; *line; line++)
			note("waiting for a lock of %s", *line);
	}
	run->in_way = list;
}

void upgrade_watch(struct upgrade_run *run)
{
	run->next_look = 0;
	db_on_wait(run->db, look, run);
}

static bool may_go_well(const struct error *err)
{
	return db_error_is(err, "55P03") || db_error_is(err, "40P01") || db_error_is(err, "40001");
}

static struct error *pause_for(double seconds)
{
	const struct timespec step = {.tv_nsec = 100 * 1000000L};
	double end = log_clock() + seconds;
	struct error *err = NULL;

	while (!err && log_clock() < end) {
		nanosleep(&step, NULL);
		err = signals_check();
	}
	return err;
}

/* Twice as long each time, and between half and one and a half of that. */
static double pause_before(int attempt)
{
	struct timespec now;
	double seconds = 0.5 * (1 << (attempt < 6 ? attempt : 6));

	clock_gettime(CLOCK_REALTIME, &now);
	seconds *= 0.5 + (double)(now.tv_nsec / 1000 % 1000) / 1000;
	return seconds < MOST_SECONDS ? seconds : MOST_SECONDS;
}

/* What was rolled back, such as settings, is not what the next attempt begins with. */
static bool start_anew(struct error **err, struct upgrade_run *run, double pause)
{
	struct error *stopped;

	TALLOC_FREE(run->session);
	stopped = pause_for(pause);
	if (!stopped)
		stopped = upgrade_connect(run);
	error_free(*err);
	*err = stopped;
	return !stopped;
}

bool upgrade_again(struct error **err, struct upgrade_run *run, int attempt)
{
	double seconds = pause_before(attempt);
	struct error *undone;

	if (run->misjudged) {
		debug("release %s: again, file by file", run->inside);
		run->misjudged = false;
		run->apart = true;
		database_rollback(run->db);
		undone = session_check_undone(run->session);
		if (!undone)
			return start_anew(err, run, 0);
		error_free(*err);
		*err = undone;
		return false;
	}
	if (!may_go_well(*err) || attempt >= run->retries)
		return false;
	database_rollback(run->db);
	if (run->steps)
		note("release %s: %s", run->inside, (*err)->message);
	else
		note("%s %s was rolled back: %s", run->script ? "data script" : "release",
		     run->script ? run->script : run->inside, (*err)->message);
	note("trying again in %.1f s (%d of %d)", seconds, attempt + 1, run->retries);
	return start_anew(err, run, seconds);
}

struct error *upgrade_add_in_way(struct error *err, struct upgrade_run *run)
{
	if (!db_error_is(err, "55P03"))
		return err;
	for (char **line = run->in_way; line && *line; line++)
		err = error_add_hint(err, "in the way: %s", *line);
	return error_add_hint(err, "try again when the lock is released (hop.ddlLockTimeout: how "
				   "long to wait, hop.retries: how often)");
}

struct error *upgrade_back_up(struct upgrade_run *run, void *ctx, bool disconnect)
{
	struct upgrade *u = run->u;
	struct backup_request request = {.project = u->project, .db = u->db};
	struct error *err;
	int timeout;
	double end;
	enum backup_kind kind;
	char *command;
	bool made;

	err = hold_timeout(&timeout, u->project);
	if (!err)
		err = backup_kind_read(&kind, &command, ctx, u->project);
	if (!err && kind == BACKUP_DUMP)
		err = hold_show_in_way(u->db, "the backup", timeout);
	if (err)
		return err;
	end = log_clock() + timeout;
	request.conninfo = u->conninfo;
	request.version = u->pending->from;
	request.lock_seconds = timeout;
	request.disconnect = disconnect;
	err = backup_make(&made, &run->backup, ctx, &request);
	if (!err && !made)
		note("nothing was committed on the server since the backup: %s", run->backup);
	return hold_add_in_way(error_wrap(err, "cannot upgrade without a backup"), u->db, end);
}
