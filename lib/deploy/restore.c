/* Restores a backup into a new database. */
#include "deploy/restore.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "port/pgtool.h"
#include "run/database.h"
#include "run/record.h"
#include "sql/sql.h"

#define SHOWN 20 /* at most so many entries that differ */

struct error *restore_server(struct db **out, void *ctx, const char *conninfo, const char *name)
{
	static const char *const names[] = {"postgres", "template1"};
	struct error *err = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], name) == 0)
			continue;
		error_free(err);
		err = db_connect(out, ctx, conninfo, names[i]);
		if (!err)
			break;
	}
	return err;
}

struct error *restore_may_create(struct db *db, const char *why)
{
	bool may;
	struct error *err = database_may_create(&may, db);

	if (err || may)
		return err;
	return error_new(ERROR_NO, "role '%s' cannot create databases, and %s", db_user(db), why);
}

/* A copy of a copy; the tablespace and what the encoding decides are those of the first one. */
static struct error *create_from_copy(const char *new, const struct restore *r)
{
	SCOPE(tmp, NULL);
	const char *copied = backup_fact(r->backup->facts, "copy");
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, r->server,
		       "select pg_catalog.format(' OWNER %I CONNECTION LIMIT %s', "
		       "pg_catalog.pg_get_userbyid(datdba), datconnlimit) "
		       "from pg_catalog.pg_database where datname = $1",
		       DB_ARGS(r->like));
	if (!err && rows_count(rows) == 0)
		err = error_new(ERROR_AGAIN, "database '%s' does not exist any more", r->like);
	if (err)
		return err;
	return db_exec_simple(r->server,
			      mem_printf(tmp, "%s%s",
					 database_copy_sql(tmp, r->server, new, copied, false),
					 rows_text(rows, 0, 0)));
}

/* As the other one was created; pg_dump leaves that to the administrator. */
static struct error *create(const char *new, const struct restore *r)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, r->server, sql_database_like, DB_ARGS(r->like, new));
	if (!err && rows_count(rows) == 0)
		err = error_new(ERROR_AGAIN, "database '%s' does not exist any more", r->like);
	/* What a killed command left. */
	if (!err)
		err = database_drop(r->server, new);
	if (!err && backup_is(r->backup, BACKUP_SNAPSHOT))
		err = create_from_copy(new, r);
	else if (!err)
		err = db_exec_simple(r->server, rows_text(rows, 0, 0));
	return error_wrap(err, "cannot create a database next to '%s'", r->like);
}

static struct error *differs(const struct backup *backup, const char *detail)
{
	struct error *err;

	err = error_new(ERROR_FAIL, "what was restored from %s is not what was backed up",
			backup->name);
	return error_detail(err, "%s", detail);
}

/* The "count" lines of facts. */
static char *counts_of(void *ctx, char *const *facts)
{
	char *out = mem_dup(ctx, "");

	for (; *facts; facts++) {
		if (strncmp(*facts, "count ", strlen("count ")) == 0)
			mem_append(&out, ctx, "%s\n", *facts);
	}
	return out;
}

struct error *restore_compare_counts(const struct backup *backup, const char *counts)
{
	SCOPE(tmp, NULL);
	char *expected = counts_of(tmp, backup->facts);

	return strcmp(counts, expected) == 0
		       ? NULL
		       : differs(backup, mem_printf(tmp, "then:\n%snow:\n%s", expected, counts));
}

static struct error *compare_facts(struct db *db, const struct restore *r)
{
	SCOPE(tmp, NULL);
	char *counts, *version = NULL;
	struct record_state state;
	struct error *err;

	err = backup_facts_counts(&counts, tmp, db);
	if (!err)
		err = restore_compare_counts(r->backup, counts);
	if (!err)
		err = record_state(&state, tmp, db);
	if (!err && state.present)
		err = record_version(&version, tmp, db);
	if (!err && strcmp(version ? version : BACKUP_NO_VERSION, r->backup->version) != 0)
		return differs(r->backup,
			       mem_printf(tmp, "the restored database is at %s, not at %s",
					  version ? version : "no version", r->backup->version));
	return err;
}

/* Both lists are sorted. */
static char *difference(void *ctx, char *const *then, char *const *now)
{
	char *out = NULL;
	int shown = 0;

	while ((*then || *now) && shown < SHOWN) {
		int order = !*then ? 1 : !*now ? -1 : strcmp(*then, *now);

		if (order) {
			mem_append(&out, ctx, "%s%s: %s", out ? "\n" : "",
				   order < 0 ? "missing" : "not in the backup",
				   order < 0 ? *then : *now);
			shown++;
		}
		then += order <= 0;
		now += order >= 0;
	}
	return out;
}

struct error *restore_compare(const struct backup *backup, struct db *db, const char *dbname,
			      const char *snapshot)
{
	SCOPE(tmp, NULL);
	char **then, **now, *detail, *work;
	struct error *err, *gone;

	err = file_make_temp_dir(&work, tmp, "hop-compare");
	if (err)
		return err;
	err = pgtool_backup_objects(&then, tmp, backup->path);
	if (!err)
		err = pgtool_objects(&now, tmp, db, dbname, snapshot, work);
	gone = file_remove_tree(work);
	error_free(gone);
	if (err)
		return err;
	detail = difference(tmp, then, now);
	if (!detail)
		return NULL;
	err = error_new(ERROR_FAIL, "the objects of database '%s' are not those of the backup %s",
			dbname, backup->name);
	return error_detail(err, "%s", detail);
}

static struct error *fill(const char *new, const struct restore *r)
{
	SCOPE(tmp, NULL);
	struct error *err, *gone;
	struct db *db;
	char *work = NULL;

	if (backup_is(r->backup, BACKUP_SNAPSHOT))
		return fail_point("restore.restored");
	err = file_make_temp_dir(&work, tmp, "hop-restore");
	if (!err && backup_fact(r->backup->facts, "public")) {
		err = db_connect(&db, tmp, r->conninfo, new);
		if (!err)
			err = db_exec_simple(db, "DROP SCHEMA public");
	}
	if (!err)
		err = pgtool_restore(tmp, r->server, new, r->backup->path, work, backup_jobs());
	if (!err)
		err = fail_point("restore.restored");
	if (!err)
		err = restore_compare(r->backup, r->server, new, NULL);
	gone = work ? file_remove_tree(work) : NULL;
	error_free(gone);
	return err;
}

struct error *restore_aside(struct db **db, void *ctx, const struct restore *r, const char *new)
{
	struct error *err = create(new, r);
	struct db *made = NULL;
	int suspended;

	if (err)
		return err;
	progress("restoring %s", r->backup->name);
	err = fail_point("restore.created");
	if (!err)
		err = fill(new, r);
	if (!err)
		err = db_connect(&made, ctx, r->conninfo, new);
	if (!err)
		err = compare_facts(made, r);
	progress("%s", "");
	if (!err) {
		*db = made;
		return NULL;
	}
	talloc_free(made);
	suspended = signals_suspend();
	error_free(database_drop(r->server, new));
	signals_resume(suspended);
	return err;
}
