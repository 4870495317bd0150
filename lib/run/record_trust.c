/* Whether hop's own tables are what git hop made. */
#include "run/record.h"

#include "run/record_private.h"
#include "sql/sql.h"

struct error *record_check_trust(struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_record_trust, DB_NO_ARGS);

	if (err || rows_count(rows) == 0)
		return err;
	err = error_new(ERROR_NO, "schema 'hop' of database '%s' cannot be trusted: %s",
			db_name(db), rows_text(rows, 0, 0));
	return error_hint(
		err,
		"git hop reads and writes its tables with your rights, so they must belong to the "
		"owner of the database, the current role or a superuser, and must not run other "
		"code; find out who made this, and remove it; nothing was changed");
}
