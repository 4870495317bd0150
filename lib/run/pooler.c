/* Poolers between hop and the server. */
#include "run/pooler.h"

/* Others use the pool meanwhile, so that once may go well by chance. */
#define TRANSACTIONS 5

static struct error *refuse(const char *mode)
{
	return error_hint(error_new(ERROR_NO,
				    "the connection is through a pooler in %s mode, which does not "
				    "keep a session for it",
				    mode),
			  "an upgrade holds a lock for as long as its session lasts: connect to "
			  "the server itself, or to a pool with pool_mode = session");
}

static struct error *backend_of(long long *pid, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query_simple(&rows, tmp, db, "SELECT pg_catalog.pg_backend_pid()");
	if (!err)
		*pid = rows_number(rows, 0, 0);
	return err;
}

/*
 * In session mode two connections have one session of the server's each. In transaction mode a
 * transaction gets the one that was used last, which is ours, or one after the other in turn.
 */
static struct error *compare(struct db *db, struct db *other, long long ours)
{
	long long before = 0;
	struct error *err = NULL;

	for (int i = 0; !err && i < TRANSACTIONS; i++) {
		long long pid = 0, now = 0;

		err = db_exec_simple(other, "BEGIN");
		/* pgbouncer refuses BEGIN in this mode. */
		if (db_error_is(err, "08P01")) {
			error_free(err);
			return refuse("statement");
		}
		if (!err)
			err = backend_of(&pid, other);
		if (!err)
			err = backend_of(&now, db);
		if (!err)
			err = db_exec_simple(other, "COMMIT");
		if (!err && (pid == ours || now != ours || (i > 0 && pid != before)))
			return refuse("transaction");
		before = pid;
	}
	return err;
}

struct error *pooler_check(struct db *db, const char *conninfo)
{
	SCOPE(tmp, NULL);
	struct db *other;
	long long pid;
	struct error *err = backend_of(&pid, db);

	/* A pooler tells its clients process IDs of its own, with which they can cancel. */
	if (err || pid == db_backend_pid(db))
		return err;
	err = db_connect(&other, tmp, conninfo, NULL);
	return err ? err : compare(db, other, pid);
}
