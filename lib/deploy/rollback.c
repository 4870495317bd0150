/* Takes a database back to the backup that was made before an upgrade. */
#include "deploy/rollback.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/version.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "deploy/restore.h"
#include "deploy/rollback_left.h"
#include "deploy/rollback_private.h"
#include "run/database.h"
#include "run/database_lock.h"
#include "run/record.h"

/* BACKUP_NO_VERSION is lower than any version. */
static bool is_lower(const char *a, const char *b)
{
	struct version va, vb;
	struct error *err = version_parse(&vb, b ? b : "");
	bool lower;

	if (err) {
		error_free(err);
		return false;
	}
	err = version_parse(&va, a);
	lower = err || version_compare(&va, &vb) < 0;
	error_free(err);
	return lower;
}

/* The backup before a release that is under way is at the version that the database still has. */
static bool is_before(const char *backup, const char *version, bool under_way)
{
	return is_lower(backup, version) ||
	       (under_way && strcmp(backup, version ? version : BACKUP_NO_VERSION) == 0);
}

static struct error *choose(struct rollback *r, const struct rollback_request *request)
{
	struct project *p = r->hold->project;
	const char *version = r->hold->version;
	struct backup *list;
	struct error *err;
	char *under_way;
	size_t count = 0;

	if (request->backup)
		return backup_find(&r->backup, r, p, request->backup);
	err = backup_list_of(&list, &count, r, p, r->hold->db);
	if (!err)
		err = record_under_way(&under_way, r, r->hold->db);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		if (request->to_release ? strcmp(list[i].version, request->to_release) == 0
					: is_before(list[i].version, version, under_way)) {
			r->backup = list[i];
			return NULL;
		}
	}
	err = request->to_release ? error_new(ERROR_NO, "there is no backup of database '%s' at %s",
					      db_name(r->hold->db), request->to_release)
				  : error_new(ERROR_NO,
					      "there is no backup of database '%s' at a version "
					      "before %s",
					      db_name(r->hold->db), version ? version : "this one");
	return error_hint(err, "git hop backup list shows the backups; --backup names any of them");
}

static void lose(struct rollback *r, const char *line)
{
	mem_list_add(&r->lost, r, line);
}

/* A role that cannot create a database restores in place. */
static struct error *find_server(struct rollback *r)
{
	struct hold *hold = r->hold;
	SCOPE(tmp, r);
	struct error *err;
	bool may;

	err = database_may_create(&may, hold->db);
	if (err)
		return err;
	if (!may) {
		lose(r, mem_printf(tmp,
				   "role '%s' cannot create databases, so it is restored in "
				   "place: sessions are ended, and nobody can write until it is "
				   "done",
				   db_user(hold->db)));
		lose(r, "what the database has now is backed up first");
		return rollback_check_in_place(r);
	}
	err = restore_server(&r->server, r, hold->conninfo, db_name(hold->db));
	return err ? err
		   : database_lock_name(r->server, hold->project->conf->id, db_name(hold->db),
					hold->timeout);
}

/* By the server's statistics, which count readers too. */
static struct error *lose_work(struct rollback *r)
{
	SCOPE(tmp, r);
	long long then = backup_fact_number(r->backup.facts, "commits");
	const char *wal = backup_fact(r->backup.facts, "wal");
	struct rows *rows;
	char when[32] = "";
	struct error *err;
	struct tm tm;

	err = db_query(&rows, tmp, r->hold->db,
		       "select s.xact_commit, pg_catalog.pg_wal_lsn_diff("
		       "pg_catalog.pg_current_wal_lsn(), $1::pg_catalog.pg_lsn) "
		       "from pg_catalog.pg_stat_database s "
		       "where s.datname = pg_catalog.current_database()",
		       DB_ARGS(wal));
	if (err)
		return error_wrap(err, "cannot see what was done since the backup");
	if (localtime_r(&r->backup.time, &tm))
		strftime(when, sizeof(when), "%F %T", &tm);
	lose(r, mem_printf(tmp, "everything written since %s is lost", when));
	if (then >= 0 && rows_number(rows, 0, 0) >= then)
		lose(r, mem_printf(tmp,
				   "transactions of the database since then: %lld, readers "
				   "included",
				   rows_number(rows, 0, 0) - then));
	if (wal && rows_text(rows, 0, 1) && atof(rows_text(rows, 0, 1)) >= 0)
		lose(r, mem_printf(tmp, "written by the whole server since then: %s",
				   backup_size_text(tmp, atof(rows_text(rows, 0, 1)))));
	return NULL;
}

static struct error *lose_releases(struct rollback *r)
{
	SCOPE(tmp, r);
	struct record_release *list;
	struct error *err;
	char *text = NULL;
	size_t count;

	err = record_releases(&list, &count, tmp, r->hold->db);
	for (size_t i = 0; !err && i < count; i++) {
		if (is_lower(r->backup.version, list[i].version))
			mem_append(&text, tmp, "%s%s", text ? ", " : "", list[i].version);
	}
	if (text)
		lose(r, mem_printf(tmp, "releases that are taken back: %s", text));
	return err;
}

/* Whatever made it has to restore it. */
static struct error *made_by_command(const struct backup *backup)
{
	struct error *err;

	err = error_new(ERROR_NO, "%s was made by a command, and cannot be restored by git hop",
			backup->name);
	err = error_hint(err, "the command: %s", backup_fact(backup->facts, "command"));
	return error_add_hint(err,
			      "what it kept for hop is in %s; when the database is back at "
			      "%s, git hop upgrade goes on from there",
			      backup->path, backup->version);
}

struct error *rollback_open(struct rollback **out, void *ctx, struct project *p,
			    const struct rollback_request *request)
{
	struct rollback *r = mem_new(ctx, struct rollback);
	struct error *err;

	r->lost = mem_array(r, char *, 1);
	err = hold_database(&r->hold, r, p, request->database);
	if (!err)
		err = choose(r, request);
	if (!err && backup_is(&r->backup, BACKUP_COMMAND))
		err = made_by_command(&r->backup);
	if (!err)
		err = find_server(r);
	if (!err)
		err = lose_releases(r);
	if (!err)
		err = lose_work(r);
	if (err)
		talloc_free(r);
	else
		*out = r;
	return err;
}

static struct error *aside(char **kept, void *ctx, struct rollback *r)
{
	SCOPE(tmp, ctx);
	struct error *err;
	int suspended;
	char *new;

	err = rollback_new_name(&new, tmp, r->hold->project, db_name(r->hold->db));
	if (!err)
		err = rollback_restore_aside(new, r);
	if (err)
		return err;
	err = fail_point("rollback.ready");
	if (!err)
		err = rollback_swap(kept, ctx, r, new);
	if (err && !*kept) {
		suspended = signals_suspend();
		error_free(database_drop(r->server, new));
		signals_resume(suspended);
	}
	return err;
}

struct error *rollback_run(char **kept, void *ctx, struct rollback *r)
{
	const struct backup_request on = {
		.project = r->hold->project,
		.db = r->hold->db,
		.conninfo = r->hold->conninfo,
	};
	struct error *err;

	*kept = NULL;
	progress("reading %s", r->backup.name);
	err = backup_verify(&r->backup, backup_is(&r->backup, BACKUP_SNAPSHOT) ? &on : NULL, false);
	progress("%s", "");
	if (err)
		return error_add_hint(err, "nothing was changed");
	err = r->server ? aside(kept, ctx, r) : rollback_in_place(kept, ctx, r);
	return err && !*kept ? error_add_hint(err, "nothing was changed in the database") : err;
}
