/* A scratch database becomes the development database. */
#include "flow/build.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "flow/build_private.h"

#define TRIES 3

/* NULL when there is no such database. */
static struct error *owner_of(char **owner, void *ctx, struct workshop *w, const char *dbname)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, w->db,
		       "select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database "
		       "where datname = $1",
		       DB_ARGS(dbname));
	if (!err)
		*owner = rows_count(rows) > 0 ? mem_dup(ctx, rows_text(rows, 0, 0)) : NULL;
	return err;
}

/* "SELECT ..." that ends everybody's session in DBNAME. */
static char *terminate_sql(void *ctx, struct workshop *w, const char *dbname)
{
	SCOPE(tmp, ctx);

	return mem_printf(
		ctx,
		"SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity "
		"WHERE datname = %s AND pid <> pg_catalog.pg_backend_pid() "
		"AND backend_type = 'client backend'",
		db_literal(tmp, w->db, dbname));
}

/* Sessions that are ending hold the rename up, so they get a moment before it. */
static struct error *empty_database(struct workshop *w, const char *dbname)
{
	SCOPE(tmp, w);
	char *sql = terminate_sql(tmp, w, dbname);

	for (int i = 0; i < 50; i++) {
		struct rows *rows;
		struct error *err = db_query_simple(&rows, tmp, w->db, sql);

		if (err)
			return error_hint(err, "somebody else is connected to the database '%s'",
					  dbname);
		if (rows_count(rows) == 0)
			return NULL;
		usleep(1000);
	}
	return NULL;
}

char *replaced_comment(void *ctx, const struct workshop *w)
{
	return mem_printf(ctx, "git hop replaced of %s", w->project->conf->id);
}

/*
 * The old database goes aside. The rename locks it, and who connects meanwhile waits for the end of
 * the transaction; so pools that reconnect have no more than the moment between two statements of
 * one message.
 */
static char *aside_sql(void *ctx, struct workshop *w, const char *old)
{
	SCOPE(tmp, ctx);
	char *name = db_ident(tmp, w->db, old);

	return mem_printf(ctx,
			  "BEGIN; %s; ALTER DATABASE %s RENAME TO %s; COMMENT ON DATABASE %s IS %s",
			  terminate_sql(tmp, w, w->dev), db_ident(tmp, w->db, w->dev), name, name,
			  db_literal(tmp, w->db, replaced_comment(tmp, w)));
}

/* All or nothing: until the COMMIT the development database is the one that it was. */
static struct error *rename_both(struct scratch *s, const char *old, const char *owner)
{
	SCOPE(tmp, s);
	struct workshop *w = s->workshop;
	char *dev = db_ident(tmp, w->db, w->dev);
	char *sql = mem_printf(tmp, "ALTER DATABASE %s RENAME TO %s;",
			       db_ident(tmp, w->db, s->name), dev);
	struct error *err;

	if (owner)
		mem_append(&sql, tmp, "ALTER DATABASE %s OWNER TO %s;", dev,
			   db_ident(tmp, w->db, owner));
	err = db_exec_simple(w->db, owner ? aside_sql(tmp, w, old) : "BEGIN");
	if (!err)
		err = fail_point("swap.between");
	if (!err)
		err = db_exec_simple(w->db, sql);
	if (!err)
		err = db_exec_simple(w->db, "COMMIT");
	if (err && !db_idle(w->db)) {
		int suspended = signals_suspend();

		error_free(db_exec_simple(w->db, "ROLLBACK"));
		signals_resume(suspended);
	}
	return err;
}

static struct error *swap(struct scratch *s)
{
	SCOPE(tmp, s);
	struct workshop *w = s->workshop;
	char *owner = NULL, *old = NULL;
	struct error *err;

	err = owner_of(&owner, tmp, w, w->dev);
	if (!err)
		err = database_new_name(&old, tmp, w, 'o');
	if (!err && owner)
		err = empty_database(w, w->dev);
	for (int i = 1; !err; i++) {
		err = rename_both(s, old, owner);
		if (!db_error_is(err, "55006"))
			break;
		if (i == TRIES)
			return error_recode(
				error_wrap(err, "others keep connecting to the database '%s'",
					   w->dev),
				ERROR_AGAIN);
		error_free(err);
		err = NULL;
	}
	if (err)
		return error_wrap(err, "cannot replace the database '%s'", w->dev);
	if (owner)
		workshop_send_and_leave(w,
					mem_printf(tmp, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
						   db_ident(tmp, w->db, old)));
	return NULL;
}

/* One at a time: two at once would end each other's sessions. */
static struct error *swap_alone(struct scratch *s)
{
	struct workshop *w = s->workshop;
	struct error *err, *unlock;

	err = workshop_lock(w);
	if (err)
		return err;
	err = workshop_may_replace(w);
	if (!err)
		err = fail_point("swap.before");
	if (!err)
		err = swap(s);
	unlock = workshop_unlock(w);
	if (err)
		error_free(unlock);
	return err ? err : unlock;
}

struct error *scratch_swap_in(struct scratch *s)
{
	struct workshop *w = s->workshop;
	struct error *err = NULL;

	/* Else it is the development database, and was from the start. */
	if (w->can_create) {
		err = workshop_mark(w, s->db, RECORD_DEVELOPMENT);
		if (!err)
			err = database_leave(w, &s->db, s->name);
		if (!err)
			err = swap_alone(s);
		if (!err)
			scratch_hand_on(s);
	}
	return err ? err : fail_point("swap.after");
}
