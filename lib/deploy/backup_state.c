/* Which state of a database a backup holds. */
#include "deploy/backup_state.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "sql/sql.h"

#define STATE_FILE "hop.state"

struct error *backup_state_read(char **text, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_backup_state, DB_NO_ARGS);

	if (err)
		return error_wrap(err, "cannot read the state of database '%s'", db_name(db));
	*text = mem_printf(ctx, "%s %s %s", rows_text(rows, 0, 0), rows_text(rows, 0, 1),
			   rows_text(rows, 0, 2));
	return NULL;
}

struct error *backup_state_write(const char *folder, const char *text)
{
	SCOPE(tmp, NULL);

	return file_write(path_join(tmp, folder, STATE_FILE), text, strlen(text), 0600);
}

static struct error *compare(bool *same, const char *folder, struct db *db)
{
	SCOPE(tmp, NULL);
	char *then, *now, *snapshot;
	struct rows *rows;
	struct error *err;
	size_t length;

	err = file_read(&then, &length, tmp, path_join(tmp, folder, STATE_FILE));
	if (!err)
		err = backup_state_read(&now, tmp, db);
	if (err)
		return err;
	snapshot = strrchr(then, ' ');
	length = snapshot ? (size_t)(snapshot - then) + 1 : 0;
	if (length == 0 || strncmp(then, now, length) != 0)
		return NULL;
	err = db_query(&rows, tmp, db, sql_backup_unchanged, DB_ARGS(snapshot + 1));
	*same = !err && rows_true(rows, 0, 0);
	return err;
}

bool backup_state_same(const char *folder, struct db *db)
{
	bool same = false;

	error_free(compare(&same, folder, db));
	return same;
}
