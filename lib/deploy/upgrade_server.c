/* Whether the server takes what an upgrade will do. */
#include "deploy/upgrade.h"

#include <string.h>

#include "base/log.h"
#include "deploy/upgrade_private.h"
#include "sql/sql.h"

#define CHECK_INTERVAL "5s" /* whether the client is still there */

static struct error *standby(struct db *db)
{
	return error_hint(error_new(ERROR_NO,
				    "the server of database '%s' is a standby: it takes no changes",
				    db_name(db)),
			  "connect to the primary; with several hosts in the connection string, "
			  "target_session_attrs=read-write finds it");
}

static struct error *read_only(struct db *db)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = error_new(ERROR_NO,
			"changes of database '%s' by role '%s' are switched off: "
			"default_transaction_read_only is on",
			db_name(db), db_user(db));
	return error_add_hint_lines(
		err, mem_printf(tmp,
				"if it is meant to stay as it is, leave it; for this upgrade "
				"alone:\n"
				"PGOPTIONS='-c default_transaction_read_only=off' git hop upgrade\n"
				"for good, where it was set for the database or for the role:\n"
				"ALTER DATABASE %s RESET default_transaction_read_only\n"
				"ALTER ROLE %s RESET default_transaction_read_only",
				db_ident(tmp, db, db_name(db)), db_ident(tmp, db, db_user(db))));
}

static void warn_of_limit(struct db *db, const char *name, const char *limit)
{
	warn("%s that take longer than %s are cancelled: %s is set for role '%s' or database '%s'",
	     strcmp(name, "statement_timeout") == 0 ? "statements" : "releases", limit, name,
	     db_user(db), db_name(db));
	hint("for an upgrade without it: PGOPTIONS='-c %s=0' git hop upgrade", name);
}

struct error *upgrade_check_server(struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_server_state, DB_NO_ARGS);

	if (err)
		return error_wrap(err, "cannot see what the server allows");
	for (int i = 0; i < rows_count(rows); i++) {
		const char *limit = rows_text(rows, i, 3);

		if (rows_true(rows, i, 0))
			return standby(db);
		if (rows_true(rows, i, 2))
			return read_only(db);
		if (limit)
			warn_of_limit(db, rows_text(rows, i, 1), limit);
	}
	return NULL;
}

/*
 * Without the check, the statement of a killed command runs to its end, and its locks last as long.
 * Not every system has it.
 */
char *upgrade_settings(void *ctx, struct db *db, int lock_seconds)
{
	/* git hop itself decides how long it takes between two files. */
	char *settings = mem_printf(ctx,
				    "SET lock_timeout = '%ds'; "
				    "SET idle_in_transaction_session_timeout = 0;",
				    lock_seconds);
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	if (db_server_version(db) < 140000)
		return settings;
	/* The session with the lock is idle while files run in others. */
	mem_append(&settings, ctx, " SET idle_session_timeout = 0;");
	err = db_query(&rows, tmp, db,
		       "select set_config(name, '" CHECK_INTERVAL "', false) "
		       "from pg_catalog.pg_settings "
		       "where name = 'client_connection_check_interval' and setting = '0'",
		       DB_NO_ARGS);
	if (!err && rows_count(rows) > 0)
		mem_append(&settings, ctx,
			   " SET client_connection_check_interval = '" CHECK_INTERVAL "';");
	error_free(err);
	return settings;
}
