/* Poolers between hop and the server. */
#include "run/pooler.h"

static struct error *refuse(const char *mode)
{
	return error_hint(error_new(ERROR_NO,
				    "the connection is through a pooler in %s mode, which does not "
				    "keep a session for it",
				    mode),
			  "an upgrade holds a lock for as long as its session lasts: connect to "
			  "the server itself, or to a pool with pool_mode = session");
}

static struct error *backend_of(long long *pid, struct db *db, const char *first)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query_simple(&rows, tmp, db,
			      mem_printf(tmp, "%s SELECT pg_catalog.pg_backend_pid()", first));
	if (!err)
		*pid = rows_number(rows, 0, 0);
	return err;
}

/*
 * In session mode a transaction of another connection cannot get the server's session that we have.
 * In transaction mode it usually gets just that one, which was used last, and we get another.
 */
static struct error *compare(struct db *db, struct db *other, long long before)
{
	long long theirs, after;
	struct error *err = backend_of(&theirs, other, "BEGIN;");

	/* pgbouncer refuses BEGIN in this mode. */
	if (db_error_is(err, "08P01")) {
		error_free(err);
		return refuse("statement");
	}
	if (!err)
		err = backend_of(&after, db, "");
	if (!err && (theirs == before || after != before))
		return refuse("transaction");
	return err;
}

struct error *pooler_check(struct db *db, const char *conninfo)
{
	SCOPE(tmp, NULL);
	struct db *other;
	long long pid;
	struct error *err = backend_of(&pid, db, "");

	/* A pooler tells its clients process IDs of its own, with which they can cancel. */
	if (err || pid == db_backend_pid(db))
		return err;
	err = db_connect(&other, tmp, conninfo, NULL);
	return err ? err : compare(db, other, pid);
}
