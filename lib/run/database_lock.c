/* The lock that an upgrade holds on its database. */
#include "run/database_lock.h"

#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "sql/sql.h"

#define POLL_MS 200

/* The first 64 bits of the project ID, as a bigint; NUMBER tells locks of one project apart. */
static char *key_of(void *ctx, const char *project_id, unsigned number)
{
	SCOPE(tmp, ctx);
	char *digits = mem_dup_n(tmp, project_id, 16);

	return mem_printf(ctx, "%lld", (long long)(strtoull(digits, NULL, 16) + number));
}

/* How a lock is tried: it is kept, or only known to be free. */
static const char keep[] = "select pg_catalog.pg_try_advisory_lock($1::bigint)";
static const char is_free[] = "select case when pg_catalog.pg_try_advisory_lock($1::bigint) "
			      "then pg_catalog.pg_advisory_unlock($1::bigint) else false end";

static struct error *try_lock(bool *got, struct db *db, const char *key, const char *how)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db, how, DB_ARGS(key));
	if (err)
		return error_wrap(err, "cannot lock database '%s'", db_name(db));
	*got = rows_true(rows, 0, 0);
	return NULL;
}

static void add_known(char **text, const char *before, const char *value)
{
	if (value)
		mem_append(text, NULL, "%s%s", before, value);
}

/*
 * "process 4711, role shop, git hop upgrade, from 10.0.0.1, connected since ..."; NULL if no one
 * holds the lock any more.
 */
static struct error *find_holder(char **out, void *ctx, struct db *db, const char *key)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;
	char *text;

	err = db_query(&rows, tmp, db, sql_lock_holder, DB_ARGS(key));
	if (err)
		return error_wrap(err, "cannot determine who holds the lock on database '%s'",
				  db_name(db));
	*out = NULL;
	if (rows_count(rows) == 0)
		return NULL;
	text = mem_printf(ctx, "process %lld", rows_number(rows, 0, 0));
	add_known(&text, ", role ", rows_text(rows, 0, 1));
	add_known(&text, ", ", rows_text(rows, 0, 2));
	add_known(&text, ", from ", rows_text(rows, 0, 3));
	add_known(&text, ", connected since ", rows_text(rows, 0, 4));
	*out = text;
	return NULL;
}

static struct error *locked(const char *name, const char *by, const char *holder, int timeout)
{
	struct error *err;

	err = error_new(ERROR_AGAIN, "database '%s' is locked by %s", name, by);
	if (holder)
		err = error_hint(err, "held by %s", holder);
	return error_add_hint(err,
			      "waited %d s; to wait longer: git config hop.lockTimeout "
			      "SECONDS",
			      timeout);
}

/* A rollback ends all sessions of the database that it replaces. */
static struct error *lost_in_wait(struct error *err)
{
	if (!err || err->code != ERROR_FAIL)
		return err;
	err->code = ERROR_AGAIN;
	return error_hint(err, "nothing was changed: the connection was lost while waiting");
}

static struct error *take(struct db *db, const char *name, const char *key, const char *by,
			  int timeout, const char *how)
{
	SCOPE(tmp, NULL);
	const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
	double end = log_clock() + timeout;
	char *holder = NULL, *told = NULL;
	struct error *err;
	bool got = false;

	for (;;) {
		err = try_lock(&got, db, key, how);
		if (!err && !got)
			err = find_holder(&holder, tmp, db, key);
		if (err || got)
			break;
		if (log_clock() >= end)
			return locked(name, by, holder ? holder : told, timeout);
		if (holder && !told) {
			note("waiting up to %d s for the lock on database '%s'", timeout, name);
			note("held by %s", holder);
			told = holder;
		}
		progress("waiting for the lock on database '%s', %.0f s left", name,
			 end - log_clock());
		nanosleep(&pause, NULL);
	}
	progress("%s", "");
	return told ? lost_in_wait(err) : err;
}

struct error *database_lock_take(struct db *db, const char *project_id, int timeout)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = take(db, db_name(db), key_of(tmp, project_id, 0), "another upgrade", timeout, keep);
	if (!err)
		err = take(db, db_name(db), key_of(tmp, project_id, 1),
			   "a statement that an interrupted command has left", timeout, is_free);
	return err;
}

/* Names are known to the lock by a hash: two of one hash only wait for each other. */
static unsigned hash_of(const char *name)
{
	unsigned hash = 2166136261U;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619U;
	return hash;
}

struct error *database_lock_name(struct db *db, const char *project_id, const char *name,
				 int timeout)
{
	SCOPE(tmp, NULL);

	return take(db, name, key_of(tmp, project_id, hash_of(name)), "a rollback", timeout, keep);
}

char *database_lock_share_sql(void *ctx, const char *project_id)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "SELECT pg_catalog.pg_try_advisory_lock_shared(%s::bigint);",
			  key_of(tmp, project_id, 1));
}

struct error *database_lock_share(struct db *db, const char *project_id)
{
	SCOPE(tmp, NULL);

	return error_wrap(db_exec(db, database_lock_share_sql(tmp, project_id), DB_NO_ARGS),
			  "cannot lock database '%s'", db_name(db));
}
