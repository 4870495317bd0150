/* Restores a backup into a new database next to the one that it is of. */
#include "deploy/rollback.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "build/model.h"
#include "deploy/backup_facts.h"
#include "deploy/rollback_private.h"
#include "port/pgtool.h"
#include "run/database.h"
#include "run/record.h"
#include "sql/sql.h"

char *rollback_counts(void *ctx, char *const *facts)
{
	char *out = mem_dup(ctx, "");

	for (; *facts; facts++) {
		if (strncmp(*facts, "count ", strlen("count ")) == 0)
			mem_append(&out, ctx, "%s\n", *facts);
	}
	return out;
}

/* As the old one was created; pg_dump leaves that to the administrator. */
static struct error *create(const char *new, struct rollback *r)
{
	SCOPE(tmp, r);
	const char *name = db_name(r->hold->db);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, r->server, sql_database_like, DB_ARGS(name, new));
	if (!err && rows_count(rows) == 0)
		err = error_new(ERROR_AGAIN, "database '%s' does not exist any more", name);
	/* What a killed rollback left. */
	if (!err)
		err = database_drop(r->server, new);
	if (!err)
		err = db_exec_simple(r->server, rows_text(rows, 0, 0));
	return error_wrap(err, "cannot create a database next to '%s'", name);
}

/* What neither CREATE DATABASE nor pg_restore does. */
static struct error *carry_over(const char *new, struct rollback *r)
{
	SCOPE(tmp, r);
	const char *name = db_name(r->hold->db);
	struct rows *rows;
	struct error *err;
	bool done;

	err = model_apply_database(&done, r->server, name, new);
	if (!err)
		err = db_query(&rows, tmp, r->server, sql_database_acl, DB_ARGS(name, new));
	for (int i = 0; !err && i < rows_count(rows); i++)
		err = db_exec_simple(r->server, rows_text(rows, i, 0));
	return error_wrap(err, "cannot carry over the settings of database '%s'", name);
}

static struct error *differs(const struct rollback *r, const char *detail)
{
	struct error *err;

	err = error_new(ERROR_FAIL, "what was restored from %s is not what was backed up",
			r->backup.name);
	return error_detail(err, "%s", detail);
}

static struct error *compare(struct db *db, struct rollback *r)
{
	SCOPE(tmp, r);
	char *expected = rollback_counts(tmp, r->backup.facts), *counts, *version = NULL;
	struct record_state state;
	struct error *err;

	err = backup_facts_counts(&counts, tmp, db);
	if (!err && strcmp(counts, expected) != 0)
		return differs(r, mem_printf(tmp, "then:\n%snow:\n%s", expected, counts));
	if (!err)
		err = record_state(&state, tmp, db);
	if (!err && state.present)
		err = record_version(&version, tmp, db);
	if (!err && strcmp(version ? version : "none", r->backup.version) != 0)
		return differs(r, mem_printf(tmp, "the restored database is at %s, not at %s",
					     version ? version : "no version", r->backup.version));
	return err;
}

/* Without statistics, the planner would choose bad plans. */
static struct error *finish(const char *new, struct rollback *r)
{
	SCOPE(tmp, r);
	long long size;
	struct error *err;
	struct db *db;

	err = db_connect(&db, tmp, r->hold->conninfo, new);
	if (!err)
		err = compare(db, r);
	if (!err)
		err = db_exec_simple(db, "ANALYZE");
	if (!err)
		err = database_size(&size, db);
	if (err)
		return err;
	note("restored %s (the database had %s)", backup_size_text(tmp, (double)size),
	     backup_size_text(tmp, (double)backup_fact_number(r->backup.facts, "size")));
	return database_leave(r->server, &db, new);
}

static struct error *fill(const char *new, struct rollback *r, const char *work)
{
	struct error *err;

	err = fail_point("rollback.created");
	progress("restoring %s", r->backup.name);
	if (!err)
		err = pgtool_restore(r, r->server, new, r->backup.path, work, backup_jobs());
	if (!err)
		err = fail_point("rollback.restored");
	if (!err)
		err = finish(new, r);
	progress("%s", "");
	return err ? err : carry_over(new, r);
}

struct error *rollback_restore_aside(const char *new, struct rollback *r, const char *work)
{
	struct error *err = create(new, r);
	int suspended;

	if (err)
		return err;
	err = fill(new, r, work);
	if (!err)
		return NULL;
	suspended = signals_suspend();
	error_free(database_drop(r->server, new));
	signals_resume(suspended);
	return err;
}
