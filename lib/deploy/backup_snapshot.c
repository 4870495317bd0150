/* A backup that is a copy of the database, on the same server. */
#include "deploy/backup.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/quote.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "deploy/restore.h"
#include "run/database.h"
#include "sql/sql.h"

struct error *backup_snapshot_name(char **out, void *ctx, const struct project *p, const char *name)
{
	return database_name_for(out, ctx, p->conf->id, 's', name);
}

static struct error *read_next(long long *next, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_backup_own, DB_NO_ARGS);

	if (!err)
		*next = rows_number(rows, 0, 0);
	return err;
}

struct error *backup_run_own(struct backup_making *m, const char *sql)
{
	struct db *db = m->request->db;
	long long before, after;
	struct error *err;

	err = read_next(&before, db);
	if (!err)
		err = db_exec_simple(db, sql);
	if (!err)
		err = read_next(&after, db);
	/* One of them is this; if there are others, whose they are cannot be known. */
	if (!err && after == before + 1)
		mem_append(&m->own, m, "%s%lld", m->own ? " " : "", before);
	return err;
}

struct error *backup_snapshot_drop(struct backup_making *m, const char *name)
{
	SCOPE(tmp, NULL);
	struct db *db = m->request->db;
	struct rows *rows;
	struct error *err;
	char *copy;

	err = backup_snapshot_name(&copy, tmp, m->request->project, name);
	if (!err)
		err = db_query(&rows, tmp, db,
			       "select from pg_catalog.pg_database where datname = $1",
			       DB_ARGS(copy));
	if (err || rows_count(rows) == 0)
		return err;
	return backup_run_own(m, database_drop_sql(tmp, db, copy));
}

/* Where the server keeps the files of the database, if that can be known and is on this machine. */
static struct error *find_place(char **dir, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	const char *host = db_host(db);
	struct rows *rows;
	struct error *err;

	*dir = NULL;
	if (host && *host && *host != '/')
		return NULL;
	err = db_query(&rows, tmp, db,
		       "select coalesce(nullif(pg_catalog.pg_tablespace_location(dattablespace), "
		       "''), pg_catalog.current_setting('data_directory')) "
		       "from pg_catalog.pg_database where datname = pg_catalog.current_database()",
		       DB_NO_ARGS);
	if (!err)
		*dir = mem_dup(ctx, rows_text(rows, 0, 0));
	else if (!db_error_is(err, "42501")) /* not every role may ask */
		return err;
	error_free(err);
	return NULL;
}

struct error *backup_snapshot_space(struct db *db, long long size)
{
	SCOPE(tmp, NULL);
	struct statvfs fs;
	struct error *err;
	char *dir;

	err = find_place(&dir, tmp, db);
	if (err || !dir || statvfs(dir, &fs) < 0)
		return err;
	return backup_check_space(dir, db, size);
}

static struct error *list_sessions(struct rows **out, void *ctx, struct db *db)
{
	return db_query(out, ctx, db, sql_other_sessions, DB_NO_ARGS);
}

static struct error *in_use(const struct backup_request *r, struct rows *sessions)
{
	struct error *err;

	err = error_new(ERROR_NO,
			"database '%s' cannot be copied while other sessions are connected to it",
			db_name(r->db));
	for (int i = 0; i < rows_count(sessions); i++)
		err = error_add_hint(err, "connected: %s", rows_text(sessions, i, 1));
	return error_add_hint(err, "to end them, and let new ones wait until it is copied: "
				   "--disconnect");
}

/* A session that begins while the copy is made waits for its end. */
struct closing {
	const char *name;
	struct db *server;
	int own; /* process of the session that copies */
};

static void end_sessions(void *arg)
{
	SCOPE(tmp, NULL);
	const struct closing *c = arg;
	char *own = mem_printf(tmp, "%d", c->own);

	/* Whom we may not end stays, and the copy is refused because of that. */
	error_free(db_exec(c->server,
			   "select pg_catalog.pg_terminate_backend(pid) "
			   "from pg_catalog.pg_stat_activity where datname = $1 "
			   "and pid <> $2::integer and backend_type = 'client backend'",
			   DB_ARGS(c->name, own)));
}

static struct error *copy(struct backup_making *m, const char *name)
{
	SCOPE(tmp, NULL);
	const struct backup_request *r = m->request;
	struct closing closing = {.name = db_name(r->db), .own = db_backend_pid(r->db)};
	struct rows *sessions;
	struct error *err, *reset;
	char *sql = database_copy_sql(tmp, r->db, name, db_name(r->db), false);

	/* Nobody is to change it. */
	mem_append(&sql, tmp, " ALLOW_CONNECTIONS false");
	err = db_exec_simple(r->db, "SET statement_timeout = 0");
	if (!err && r->disconnect)
		err = restore_server(&closing.server, tmp, r->conninfo, db_name(r->db));
	if (err)
		return err;
	if (r->disconnect) {
		end_sessions(&closing);
		db_on_wait(r->db, end_sessions, &closing);
	}
	err = list_sessions(&sessions, tmp, r->db);
	if (!err && rows_count(sessions) > 0 && !r->disconnect)
		err = in_use(r, sessions);
	if (!err)
		err = backup_run_own(m, sql);
	db_on_wait(r->db, NULL, NULL);
	if (db_error_is(err, "55006") && !list_sessions(&sessions, tmp, r->db)) {
		error_free(err);
		err = in_use(r, sessions);
	}
	reset = db_exec_simple(r->db, "RESET statement_timeout");
	if (!err)
		return reset;
	error_free(reset);
	return err;
}

/* Lets only us in, and says what it is to whoever lists the databases of the server. */
static struct error *open_copy(struct backup_making *m, const char *copied, const char *backup)
{
	SCOPE(tmp, NULL);
	const struct backup_request *r = m->request;
	char *text = mem_printf(tmp, "git hop backup of project %s: %s", r->project->conf->id,
				backup);

	return backup_run_own(
		m, mem_printf(tmp, "BEGIN; %s; REVOKE ALL ON DATABASE %s FROM PUBLIC; %s; COMMIT",
			      database_comment_sql(tmp, r->db, copied, text),
			      db_ident(tmp, r->db, copied),
			      database_allow_sql(tmp, r->db, copied, true)));
}

/* The facts were read before it was copied, when others could still change it. */
static struct error *compare(const struct backup_request *r, const char *copied, const char *facts)
{
	SCOPE(tmp, NULL);
	struct error *err;
	struct db *db;
	char *counts;

	err = db_connect(&db, tmp, r->conninfo, copied);
	if (!err)
		err = backup_facts_counts(&counts, tmp, db);
	if (!err && !strstr(facts, counts))
		err = error_new(ERROR_AGAIN, "its objects were changed meanwhile");
	return err ? err : database_leave(r->db, &db, copied);
}

static struct error *read_copy(struct rows **out, void *ctx, struct db *db, const char *copied)
{
	return db_query(out, ctx, db,
			"select oid, pg_catalog.pg_database_size(oid), datallowconn "
			"from pg_catalog.pg_database where datname = $1",
			DB_ARGS(copied));
}

struct error *backup_snapshot(char **facts, void *ctx, struct backup_making *m, const char *name)
{
	SCOPE(tmp, NULL);
	struct db *db = m->request->db;
	struct rows *rows;
	struct error *err;
	char *copied;

	err = backup_facts_of(facts, ctx, m);
	if (!err)
		err = backup_snapshot_name(&copied, tmp, m->request->project, name);
	if (!err)
		err = copy(m, copied);
	if (!err)
		err = fail_point("backup.copied");
	if (!err)
		err = open_copy(m, copied, name);
	if (!err)
		err = compare(m->request, copied, *facts);
	if (!err)
		err = backup_run_own(m, database_allow_sql(tmp, db, copied, false));
	if (!err)
		err = read_copy(&rows, tmp, db, copied);
	if (err)
		return error_wrap(err, "cannot copy database '%s'", db_name(db));
	mem_append(facts, ctx, "kind snapshot\ncopy %s\ncopy-oid %s\nbytes %s\nfiles 0\n", copied,
		   rows_text(rows, 0, 0), rows_text(rows, 0, 1));
	return NULL;
}

struct error *backup_snapshot_check(const struct backup *backup, struct db *db)
{
	SCOPE(tmp, NULL);
	const char *copied = backup_fact(backup->facts, "copy");
	const char *oid = backup_fact(backup->facts, "copy-oid");
	struct rows *rows;
	struct error *err;

	if (!copied || !oid)
		return error_new(ERROR_FAIL, "the backup '%s' is damaged", backup->path);
	err = read_copy(&rows, tmp, db, copied);
	if (err)
		return err;
	if (rows_count(rows) == 0 || strcmp(rows_text(rows, 0, 0), oid) != 0)
		return error_new(ERROR_FAIL,
				 "the backup '%s' is lost: its copy, database '%s', does not exist "
				 "any more",
				 backup->path, copied);
	if (rows_true(rows, 0, 2))
		return error_new(ERROR_FAIL,
				 "the backup '%s' may have been changed: its copy, database '%s', "
				 "takes connections",
				 backup->path, copied);
	return NULL;
}
