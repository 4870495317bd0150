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
