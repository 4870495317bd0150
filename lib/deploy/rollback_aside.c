/* Restores a backup into a new database that can replace the one that it is of. */
#include "deploy/rollback.h"

#include "base/log.h"
#include "build/model.h"
#include "deploy/backup_facts.h"
#include "deploy/restore.h"
#include "deploy/rollback_private.h"
#include "run/database.h"
#include "sql/sql.h"

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

static struct error *finish(const char *new, struct rollback *r, struct db *db)
{
	SCOPE(tmp, r);
	long long size;
	struct error *err;

	/* Without statistics, the planner would choose bad plans. */
	progress("analyzing");
	err = db_exec_simple(db, "ANALYZE");
	progress("%s", "");
	if (!err)
		err = database_size(&size, db);
	if (err)
		return err;
	note("restored %s (the database had %s)", backup_size_text(tmp, (double)size),
	     backup_size_text(tmp, (double)backup_fact_number(r->backup.facts, "size")));
	err = database_leave(r->server, &db, new);
	return err ? err : carry_over(new, r);
}

struct error *rollback_restore_aside(const char *new, struct rollback *r)
{
	const struct restore restore = {
		.server = r->server,
		.conninfo = r->hold->conninfo,
		.like = db_name(r->hold->db),
		.backup = &r->backup,
	};
	struct error *err;
	struct db *db;
	int suspended;

	err = restore_aside(&db, r, &restore, new);
	if (err)
		return err;
	err = finish(new, r, db);
	if (!err)
		return NULL;
	suspended = signals_suspend();
	error_free(database_drop(r->server, new));
	signals_resume(suspended);
	return err;
}
