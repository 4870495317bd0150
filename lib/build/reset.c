/* Empties the development database object by object, for roles without CREATEDB. */
#include "build/reset.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "sql/sql.h"

#define SHOWN_OTHERS "20"
#define BATCH "100" /* objects per transaction: each takes several locks, and a server has few */

/* Until the build ends, the database is marked, but without any release. */
static struct error *renew_record(struct dev_server *dev, struct db *db)
{
	SCOPE(tmp, dev);
	struct record_state state;
	struct error *err = record_state(&state, tmp, db);

	if (!err)
		err = db_exec_simple(db, "BEGIN; SET LOCAL lock_timeout = '10s'");
	if (!err && state.present)
		err = db_exec_simple(db, "DROP SCHEMA hop CASCADE");
	if (!err)
		err = record_install(db);
	if (!err)
		err = dev_server_mark(dev, db, RECORD_DEVELOPMENT);
	return err ? err : db_exec_simple(db, "COMMIT");
}

/* Resets the settings, and creates schema public as in a new database. */
static struct error *renew_database(struct db *db)
{
	SCOPE(tmp, NULL);
	char *name = db_ident(tmp, db, db_name(db));
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db,
		       "select exists (select from pg_catalog.pg_db_role_setting s "
		       "join pg_catalog.pg_database d on d.oid = s.setdatabase "
		       "where d.datname = current_database() and s.setrole = 0), "
		       "exists (select from pg_catalog.pg_namespace where nspname = 'public'), "
		       "current_setting('server_version_num')::int >= 150000",
		       DB_NO_ARGS);
	if (!err && rows_true(rows, 0, 0))
		err = db_exec_simple(db, mem_printf(tmp, "ALTER DATABASE %s RESET ALL", name));
	if (err || rows_true(rows, 0, 1))
		return err;
	err = db_exec_simple(db, "CREATE SCHEMA public;"
				 "COMMENT ON SCHEMA public IS 'standard public schema'");
	if (!err)
		err = db_exec_simple(db, rows_true(rows, 0, 2)
						 ? "ALTER SCHEMA public OWNER TO pg_database_owner;"
						   "GRANT USAGE ON SCHEMA public TO PUBLIC"
						 : "GRANT ALL ON SCHEMA public TO PUBLIC");
	return err;
}

/* Drops some objects in one transaction. *MORE: there may be more. */
static struct error *drop_some(bool *more, struct db *db, const char *round)
{
	SCOPE(tmp, NULL);
	char *sql = mem_dup(tmp, "BEGIN; SET LOCAL lock_timeout = '10s';");
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db, sql_contents, DB_ARGS(round, BATCH));
	if (err)
		return err;
	*more = rows_count(rows) > 0;
	if (!*more)
		return NULL;
	for (int i = 0; i < rows_count(rows); i++)
		mem_append(&sql, tmp, "%s;", rows_text(rows, i, 0));
	mem_append(&sql, tmp, "COMMIT");
	err = db_exec_simple(db, sql);
	return err ? err : fail_point("reset.batch");
}

/*
 * Whoever owns a schema or the database could drop some of them, and hop would: but no build made
 * them. Others would stay, and be taken for the build's.
 */
static struct error *check_owners(struct db *db)
{
	SCOPE(tmp, NULL);
	char *user = db_ident(tmp, db, db_user(db)), *list = NULL;
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_others, DB_ARGS(SHOWN_OTHERS));

	if (err || rows_count(rows) == 0)
		return err;
	for (int i = 0; i < rows_count(rows); i++)
		mem_append(&list, tmp, "%s%s, of the role '%s'", i ? "\n" : "",
			   rows_text(rows, i, 0), rows_text(rows, i, 1));
	err = error_new(ERROR_NO, "other roles own objects in it");
	err = error_detail(err, "%s", list);
	return error_hint(err,
			  "they have to drop them, or to give them to '%s': REASSIGN OWNED BY ... "
			  "TO %s; or use a database of your own: git config hop.database",
			  db_user(db), user);
}

/*
 * Relations first, because this also drops their triggers, rules and types; schemas last, when they
 * are empty.
 */
struct error *reset_database(struct dev_server *dev, struct db *db)
{
	static const char *const rounds[] = {"relation", "other", "database"};
	struct error *err = check_owners(db);

	if (!err)
		err = renew_record(dev, db);
	if (!err)
		err = renew_database(db);
	for (size_t i = 0; !err && i < sizeof(rounds) / sizeof(*rounds); i++) {
		bool more = true;

		while (!err && more)
			err = drop_some(&more, db, rounds[i]);
	}
	return error_wrap(err, "cannot empty database '%s'", db_name(db));
}
