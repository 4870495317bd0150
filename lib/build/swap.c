/* Makes a scratch database the development database. */
#include "build/swap.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "build/templates.h"
#include "run/database.h"

#define TRIES 3

/*
 * Renames the old database. The rename locks it, and new connections wait for the end of the
 * transaction, so pools can only reconnect between two statements of one message.
 */
static char *aside_sql(void *ctx, struct dev_server *dev, const char *old)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "BEGIN; %s; %s; %s",
			  database_terminate_sql(tmp, dev->db, dev->database),
			  database_rename_sql(tmp, dev->db, dev->database, old),
			  database_comment_sql(tmp, dev->db, old,
					       template_replaced_comment(tmp, dev)));
}

/* All or nothing: until the COMMIT, the old database is the development database. */
static struct error *rename_both(struct dev_server *dev, const char *new, const char *old,
				 const char *owner)
{
	SCOPE(tmp, dev);
	char *sql = database_rename_sql(tmp, dev->db, new, dev->database);
	struct error *err;

	if (owner)
		mem_append(&sql, tmp, "; ALTER DATABASE %s OWNER TO %s",
			   db_ident(tmp, dev->db, dev->database), db_ident(tmp, dev->db, owner));
	err = db_exec_simple(dev->db, owner ? aside_sql(tmp, dev, old) : "BEGIN");
	if (!err)
		err = fail_point("swap.between");
	if (!err)
		err = db_exec_simple(dev->db, sql);
	if (!err)
		err = db_exec_simple(dev->db, "COMMIT");
	if (err)
		database_rollback(dev->db);
	return err;
}

static struct error *swap(struct dev_server *dev, const char *name)
{
	SCOPE(tmp, dev);
	char *owner = NULL, *old = NULL;
	struct error *err;

	err = database_owner(&owner, tmp, dev->db, dev->database);
	if (!err)
		err = dev_server_new_name(&old, tmp, dev, 'o');
	if (!err && owner)
		err = database_clear(dev->db, dev->database);
	for (int i = 1; !err; i++) {
		err = rename_both(dev, name, old, owner);
		if (!db_error_is(err, "55006"))
			break;
		if (i == TRIES)
			return error_recode(error_wrap(err,
						       "other sessions keep connecting to database "
						       "'%s'",
						       dev->database),
					    ERROR_AGAIN);
		error_free(err);
		err = NULL;
	}
	if (err)
		return error_wrap(err, "cannot replace database '%s'", dev->database);
	if (owner)
		dev_server_send_and_leave(dev, database_drop_sql(tmp, dev->db, old));
	return NULL;
}

/* One at a time: two commands would terminate each other's sessions. */
struct error *swap_in(struct dev_server *dev, const char *name)
{
	struct error *err, *unlock;

	err = dev_server_lock(dev);
	if (err)
		return err;
	err = dev_server_may_replace(dev);
	if (!err)
		err = fail_point("swap.before");
	if (!err)
		err = swap(dev, name);
	unlock = dev_server_unlock(dev);
	if (err)
		error_free(unlock);
	return err ? err : unlock;
}
