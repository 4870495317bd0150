/* A scratch database becomes the development database. */
#include "build/build.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "build/build_private.h"

#define TRIES 3

/* NULL when there is no such database. */
static struct error *owner_of(char **owner, void *ctx, struct dev_server *dev, const char *dbname)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, dev->db,
		       "select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database "
		       "where datname = $1",
		       DB_ARGS(dbname));
	if (!err)
		*owner = rows_count(rows) > 0 ? mem_dup(ctx, rows_text(rows, 0, 0)) : NULL;
	return err;
}

/* "SELECT ..." that ends everybody's session in DBNAME. */
static char *terminate_sql(void *ctx, struct dev_server *dev, const char *dbname)
{
	SCOPE(tmp, ctx);

	return mem_printf(
		ctx,
		"SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity "
		"WHERE datname = %s AND pid <> pg_catalog.pg_backend_pid() "
		"AND backend_type = 'client backend'",
		db_literal(tmp, dev->db, dbname));
}

/* Sessions that are ending hold the rename up, so they get a moment before it. */
static struct error *empty_database(struct dev_server *dev, const char *dbname)
{
	SCOPE(tmp, dev);
	char *sql = terminate_sql(tmp, dev, dbname);

	for (int i = 0; i < 50; i++) {
		struct rows *rows;
		struct error *err = db_query_simple(&rows, tmp, dev->db, sql);

		if (err)
			return error_hint(err, "somebody else is connected to the database '%s'",
					  dbname);
		if (rows_count(rows) == 0)
			return NULL;
		usleep(1000);
	}
	return NULL;
}

char *replaced_comment(void *ctx, const struct dev_server *dev)
{
	return mem_printf(ctx, "git hop replaced of %s", dev->project->conf->id);
}

/*
 * The old database goes aside. The rename locks it, and who connects meanwhile waits for the end of
 * the transaction; so pools that reconnect have no more than the moment between two statements of
 * one message.
 */
static char *aside_sql(void *ctx, struct dev_server *dev, const char *old)
{
	SCOPE(tmp, ctx);
	char *name = db_ident(tmp, dev->db, old);

	return mem_printf(ctx,
			  "BEGIN; %s; ALTER DATABASE %s RENAME TO %s; COMMENT ON DATABASE %s IS %s",
			  terminate_sql(tmp, dev, dev->database),
			  db_ident(tmp, dev->db, dev->database), name, name,
			  db_literal(tmp, dev->db, replaced_comment(tmp, dev)));
}

/* All or nothing: until the COMMIT the development database is the one that it was. */
static struct error *rename_both(struct scratch *s, const char *old, const char *owner)
{
	SCOPE(tmp, s);
	struct dev_server *dev = s->dev;
	char *name = db_ident(tmp, dev->db, dev->database);
	char *sql = mem_printf(tmp, "ALTER DATABASE %s RENAME TO %s;",
			       db_ident(tmp, dev->db, s->name), name);
	struct error *err;

	if (owner)
		mem_append(&sql, tmp, "ALTER DATABASE %s OWNER TO %s;", name,
			   db_ident(tmp, dev->db, owner));
	err = db_exec_simple(dev->db, owner ? aside_sql(tmp, dev, old) : "BEGIN");
	if (!err)
		err = fail_point("swap.between");
	if (!err)
		err = db_exec_simple(dev->db, sql);
	if (!err)
		err = db_exec_simple(dev->db, "COMMIT");
	if (err && !db_idle(dev->db)) {
		int suspended = signals_suspend();

		error_free(db_exec_simple(dev->db, "ROLLBACK"));
		signals_resume(suspended);
	}
	return err;
}

static struct error *swap(struct scratch *s)
{
	SCOPE(tmp, s);
	struct dev_server *dev = s->dev;
	char *owner = NULL, *old = NULL;
	struct error *err;

	err = owner_of(&owner, tmp, dev, dev->database);
	if (!err)
		err = database_new_name(&old, tmp, dev, 'o');
	if (!err && owner)
		err = empty_database(dev, dev->database);
	for (int i = 1; !err; i++) {
		err = rename_both(s, old, owner);
		if (!db_error_is(err, "55006"))
			break;
		if (i == TRIES)
			return error_recode(
				error_wrap(err, "others keep connecting to the database '%s'",
					   dev->database),
				ERROR_AGAIN);
		error_free(err);
		err = NULL;
	}
	if (err)
		return error_wrap(err, "cannot replace the database '%s'", dev->database);
	if (owner)
		dev_server_send_and_leave(dev,
					  mem_printf(tmp, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
						     db_ident(tmp, dev->db, old)));
	return NULL;
}

/* One at a time: two at once would end each other's sessions. */
static struct error *swap_alone(struct scratch *s)
{
	struct dev_server *dev = s->dev;
	struct error *err, *unlock;

	err = dev_server_lock(dev);
	if (err)
		return err;
	err = dev_server_may_replace(dev);
	if (!err)
		err = fail_point("swap.before");
	if (!err)
		err = swap(s);
	unlock = dev_server_unlock(dev);
	if (err)
		error_free(unlock);
	return err ? err : unlock;
}

struct error *scratch_swap_in(struct scratch *s)
{
	struct dev_server *dev = s->dev;
	struct error *err = NULL;

	/* Else it is the development database, and was from the start. */
	if (dev->can_create) {
		err = dev_server_mark(dev, s->db, RECORD_DEVELOPMENT);
		if (!err)
			err = database_leave(dev, &s->db, s->name);
		if (!err)
			err = swap_alone(s);
		if (!err)
			scratch_hand_on(s);
	}
	return err ? err : fail_point("swap.after");
}
