/* Whether the server takes what an upgrade will do. */
#include "deploy/upgrade.h"

#include "base/log.h"
#include "deploy/upgrade_private.h"
#include "sql/sql.h"

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

struct error *upgrade_check_server(struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_server_state, DB_NO_ARGS);
	const char *timeout;

	if (err)
		return error_wrap(err, "cannot see what the server allows");
	if (rows_true(rows, 0, 0))
		return standby(db);
	if (rows_true(rows, 0, 1))
		return read_only(db);
	timeout = rows_text(rows, 0, 2);
	if (timeout) {
		warn("statements that take longer than %s are cancelled: statement_timeout is set "
		     "for role '%s' or database '%s'",
		     timeout, db_user(db), db_name(db));
		hint("for an upgrade without it: PGOPTIONS='-c statement_timeout=0' git hop "
		     "upgrade");
	}
	return NULL;
}

/*
 * Without the check, the statement of a killed command runs to its end, and its locks last as long.
 * Not every system has it.
 */
char *upgrade_settings(void *ctx, struct db *db, int lock_seconds)
{
	static const char check[] = "SET client_connection_check_interval = '5s';";
	char *settings = mem_printf(ctx, "SET lock_timeout = '%ds';", lock_seconds);
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	if (db_server_version(db) < 140000)
		return settings;
	/* The session with the lock is idle while files run in others. */
	mem_append(&settings, ctx, " SET idle_session_timeout = 0;");
	err = db_query(&rows, tmp, db,
		       "select current_setting('client_connection_check_interval') = '0'",
		       DB_NO_ARGS);
	if (!err && !rows_true(rows, 0, 0))
		return settings;
	if (!err)
		err = db_exec_simple(db, check);
	if (!err)
		mem_append(&settings, ctx, " %s", check);
	error_free(err);
	return settings;
}
