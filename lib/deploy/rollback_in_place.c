/* Restores a backup into the database itself, for roles that cannot create another one. */
#include "deploy/rollback.h"

#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "deploy/restore.h"
#include "deploy/rollback_private.h"
#include "port/psql.h"
#include "run/database_lock.h"
#include "run/in_the_way.h"
#include "run/record.h"
#include "sql/sql.h"

#define SHOWN "20"

static struct error *check_owners(struct rollback *r)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	char *list = NULL;
	struct error *err = db_query(&rows, tmp, r->hold->db, sql_others, DB_ARGS(SHOWN));

	if (err || rows_count(rows) == 0)
		return err;
	for (int i = 0; i < rows_count(rows); i++)
		mem_append(&list, tmp, "%s%s, of the role '%s'", i ? "\n" : "",
			   rows_text(rows, i, 0), rows_text(rows, i, 1));
	err = error_new(ERROR_NO,
			"database '%s' cannot be restored in place: other roles own objects in it",
			db_name(r->hold->db));
	return error_detail(err, "%s", list);
}

struct error *rollback_check_in_place(struct rollback *r)
{
	SCOPE(tmp, NULL);
	struct error *err = NULL;
	struct rows *rows;

	if (backup_is(&r->backup, BACKUP_SNAPSHOT))
		err = restore_may_create(r->hold->db, "a snapshot is restored by copying it");
	if (!err)
		err = check_owners(r);
	if (!err)
		err = db_query(&rows, tmp, r->hold->db,
			       "select pg_catalog.to_regnamespace('public') is null", DB_NO_ARGS);
	if (!err && rows_true(rows, 0, 0) && !backup_fact(r->backup.facts, "public"))
		err = error_hint(error_new(ERROR_NO, "database '%s' has no schema public",
					   db_name(r->hold->db)),
				 "the backup requires it: CREATE SCHEMA public");
	return error_add_hint(err, "use a role that has CREATEDB and owns the database");
}

struct naming {
	struct rollback *r;
	char *told;
};

/* Names whoever holds the locks that it waits for. What cannot be seen stops nothing. */
static void name_others(void *arg, int pid)
{
	struct naming *n = arg;
	SCOPE(tmp, NULL);
	struct error *err;
	char **list, *text = mem_dup(tmp, "");

	err = in_the_way(&list, tmp, n->r->hold->db, pid);
	for (char **line = list; !err && *line; line++)
		mem_append(&text, tmp, "%s\n", *line);
	if (!err && *text && (!n->told || strcmp(text, n->told) != 0)) {
		for (char **line = list; *line; line++)
			note("waiting for a lock of %s", *line);
		talloc_free(n->told);
		n->told = mem_dup(n->r, text);
	}
	error_free(err);
}

/* Only those of this role and its members; others keep their locks, and are named. */
static struct error *end_sessions(struct rollback *r)
{
	return db_exec_simple(r->hold->db,
			      "SELECT pg_catalog.pg_terminate_backend(a.pid) "
			      "FROM pg_catalog.pg_stat_activity a "
			      "JOIN pg_catalog.pg_roles u ON u.oid = a.usesysid "
			      "WHERE a.datname = pg_catalog.current_database() "
			      "AND a.pid <> pg_catalog.pg_backend_pid() "
			      "AND a.backend_type = 'client backend' AND NOT u.rolsuper "
			      "AND pg_catalog.pg_has_role(u.oid, 'MEMBER')");
}

/*
 * From here on nobody can write, but everybody read, pg_dump too. Whoever runs the server's
 * statement after we were killed keeps the lock that database_lock_take waits for, too.
 */
static struct error *begin(struct psql *psql, struct rollback *r)
{
	SCOPE(tmp, NULL);
	int version = db_server_version(r->hold->db);

	return psql_run(NULL, tmp, psql,
			mem_printf(tmp,
				   DB_OWN_PATH
				   "SET application_name = 'git hop rollback';"
				   "SET client_min_messages = error;%s%s %s"
				   "BEGIN; SET LOCAL lock_timeout = '%ds';"
				   "SELECT format('LOCK TABLE %%s IN EXCLUSIVE MODE', "
				   "string_agg(c.oid::regclass::text, ', ' ORDER BY c.oid)) "
				   "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
				   "WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' "
				   "AND nspname <> 'information_schema' "
				   "AND pg_has_role(relowner, 'USAGE') "
				   "HAVING count(*) > 0 \\gexec\n",
				   version >= 140000
					   ? "SET client_connection_check_interval = '2s';"
					   : "",
				   version >= 170000 ? "SET transaction_timeout = 0;" : "",
				   database_lock_share_sql(tmp, r->hold->project->conf->id),
				   r->hold->timeout > 0 ? r->hold->timeout : 1));
}

static struct error *back_up(char **path, void *ctx, struct rollback *r)
{
	const struct backup_request request = {
		.project = r->hold->project,
		.db = r->hold->db,
		.conninfo = r->hold->conninfo,
		.version = r->hold->version,
		.lock_seconds = r->hold->timeout,
		.before_rollback = true,
	};
	bool made;
	struct error *err = backup_make(&made, path, ctx, &request);

	if (!err && !made)
		note("nothing was committed on the server since the backup: %s", *path);
	return error_wrap(err, "cannot back up what database '%s' has now", db_name(r->hold->db));
}

/* The extensions of others stay. */
static struct error *empty(struct psql *psql, struct rollback *r)
{
	SCOPE(tmp, NULL);
	static const char *const rounds[] = {"relation", "other", "database"};
	char *sql = mem_printf(tmp, "PREPARE hop_contents(text, bigint) AS %s\n;", sql_contents);

	for (size_t i = 0; i < sizeof(rounds) / sizeof(*rounds); i++)
		mem_append(&sql, tmp, "EXECUTE hop_contents('%s', 2000000000) \\gexec\n",
			   rounds[i]);
	mem_append(&sql, tmp, "DEALLOCATE hop_contents; DROP SCHEMA hop CASCADE;");
	if (backup_fact(r->backup.facts, "public"))
		mem_append(&sql, tmp, "DROP SCHEMA IF EXISTS public;");
	return error_wrap(psql_run(NULL, tmp, psql, sql), "cannot empty database '%s'",
			  db_name(r->hold->db));
}

static struct error *load(struct psql *psql, struct rollback *r)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *said, *counts = mem_dup(tmp, "");

	progress("restoring %s", r->backup.name);
	err = psql_restore(psql, r->backup.path);
	if (!err)
		err = fail_point("rollback.loaded");
	progress("analyzing");
	if (!err)
		err = psql_run(NULL, tmp, psql,
			       DB_OWN_PATH "SET client_min_messages = error; ANALYZE;");
	progress("%s", "");
	if (!err)
		err = psql_run(&said, tmp, psql, mem_printf(tmp, "%s;", sql_backup_counts));
	if (err)
		return err;
	for (char **line = mem_split(tmp, said, '\n'); *line; line++) {
		if (**line)
			mem_append(&counts, tmp, "count %s\n", *line);
	}
	return restore_compare_counts(&r->backup, counts);
}

/* Where the server's answer to COMMIT was lost, the version in the database tells. */
static struct error *was_committed(struct error *err, struct rollback *r)
{
	SCOPE(tmp, NULL);
	char *version = NULL;
	struct error *other;

	if (!err || *err->sqlstate)
		return err;
	other = record_version(&version, tmp, r->hold->db);
	if (other) {
		error_free(other);
		return error_hint(err, "whether the backup was restored is not known; git hop "
				       "update shows the version of the database");
	}
	if (strcmp(version ? version : BACKUP_NO_VERSION, r->backup.version) != 0)
		return err;
	error_free(err);
	return NULL;
}

/* pg_restore commits together with the contents of large objects, if there are any. */
static struct error *commit(struct psql *psql, struct rollback *r)
{
	SCOPE(tmp, NULL);
	bool committed;
	struct error *err;

	err = psql_restore_contents(&committed, psql, r->backup.path);
	if (!err && !committed)
		err = psql_run(NULL, tmp, psql, "COMMIT;");
	return was_committed(err, r);
}

static struct error *replace(char **kept, void *ctx, struct psql *psql, struct rollback *r)
{
	SCOPE(tmp, ctx);
	int suspended;
	struct error *err;
	char *path;

	err = begin(psql, r);
	if (!err)
		err = fail_point("rollback.locked");
	if (!err)
		err = back_up(&path, tmp, r);
	if (!err)
		err = empty(psql, r);
	if (!err)
		err = fail_point("rollback.emptied");
	if (!err)
		err = load(psql, r);
	if (err)
		return err;
	suspended = signals_suspend();
	err = commit(psql, r);
	signals_resume(suspended);
	if (!err)
		*kept = mem_dup(ctx, path_base(path));
	return err;
}

/* What no other session could see before the commit. */
static struct error *verify(const char *kept, struct rollback *r)
{
	struct error *err;

	err = restore_compare(&r->backup, r->hold->db, db_name(r->hold->db), NULL);
	return error_add_hint(err,
			      "the backup was restored; to return to what the database had "
			      "before: git hop rollback --backup=%s",
			      kept);
}

struct error *rollback_in_place(char **kept, void *ctx, struct rollback *r)
{
	SCOPE(tmp, ctx);
	struct naming naming = {.r = r};
	struct psql *psql = NULL;
	struct error *err, *gone;
	char *work;

	err = end_sessions(r);
	if (!err)
		err = file_make_temp_dir(&work, tmp, "hop-rollback");
	if (err)
		return err;
	err = psql_start(&psql, tmp, r->hold->db, work, name_others, &naming);
	if (!err)
		err = replace(kept, ctx, psql, r);
	talloc_free(psql);
	gone = file_remove_tree(work);
	error_free(gone);
	if (!err)
		err = fail_point("rollback.restored");
	return err ? err : verify(*kept, r);
}
