/* Creates, copies, renames and drops databases. */
#include "run/database.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "port/repo.h"

struct error *database_create(struct db *db, const char *name)
{
	SCOPE(tmp, NULL);

	return db_exec_simple(db,
			      mem_printf(tmp,
					 "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'",
					 db_ident(tmp, db, name)));
}

char *database_copy_sql(void *ctx, struct db *db, const char *name, const char *from, bool durable)
{
	SCOPE(tmp, ctx);
	const char *strategy = "";

	if (db_server_version(db) >= 150000)
		strategy = durable ? " STRATEGY wal_log" : " STRATEGY file_copy";
	return mem_printf(ctx, "CREATE DATABASE %s TEMPLATE %s%s", db_ident(tmp, db, name),
			  db_ident(tmp, db, from), strategy);
}

struct error *database_name_for(char **out, void *ctx, const char *project_id, char kind,
				const char *name)
{
	SCOPE(tmp, ctx);
	char *hash;
	struct error *err = repo_hash(&hash, tmp, name, strlen(name));

	if (!err)
		*out = mem_printf(ctx, "hop_%.8s_%c_%.12s", project_id, kind, hash);
	return err;
}

char *database_rename_sql(void *ctx, struct db *db, const char *from, const char *to)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "ALTER DATABASE %s RENAME TO %s", db_ident(tmp, db, from),
			  db_ident(tmp, db, to));
}

char *database_drop_sql(void *ctx, struct db *db, const char *name)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "DROP DATABASE IF EXISTS %s WITH (FORCE)", db_ident(tmp, db, name));
}

struct error *database_drop(struct db *db, const char *name)
{
	SCOPE(tmp, NULL);

	return db_exec_simple(db, database_drop_sql(tmp, db, name));
}

char *database_comment_sql(void *ctx, struct db *db, const char *name, const char *comment)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "COMMENT ON DATABASE %s IS %s", db_ident(tmp, db, name),
			  db_literal(tmp, db, comment));
}

char *database_allow_sql(void *ctx, struct db *db, const char *name, bool allow)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "ALTER DATABASE %s ALLOW_CONNECTIONS %s", db_ident(tmp, db, name),
			  allow ? "true" : "false");
}

struct error *database_may_create(bool *may, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db,
		       "select rolsuper or rolcreatedb from pg_catalog.pg_roles "
		       "where rolname = current_user",
		       DB_NO_ARGS);
	if (!err)
		*may = rows_true(rows, 0, 0);
	return err;
}

struct error *database_size(long long *bytes, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db,
		       "select pg_catalog.pg_database_size(pg_catalog.current_database())",
		       DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot measure database '%s'", db_name(db));
	*bytes = rows_number(rows, 0, 0);
	return NULL;
}

/* What pg_stat_activity reads for sessions of a database: its other columns take long to plan. */
#define SESSIONS                                                \
	"pg_catalog.pg_stat_get_activity(NULL) WHERE datid = (" \
	"SELECT oid FROM pg_catalog.pg_database WHERE datname = "

char *database_terminate_sql(void *ctx, struct db *db, const char *name)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx,
			  "SELECT pg_catalog.pg_terminate_backend(pid) FROM " SESSIONS "%s) "
			  "AND pid <> pg_catalog.pg_backend_pid() "
			  "AND backend_type = 'client backend'",
			  db_literal(tmp, db, name));
}

struct error *database_clear(struct db *db, const char *name)
{
	SCOPE(tmp, NULL);
	char *sql = database_terminate_sql(tmp, db, name);

	for (int i = 0; i < 50; i++) {
		struct rows *rows;
		struct error *err = db_query_simple(&rows, tmp, db, sql);

		if (err)
			return error_hint(err, "another session is connected to database '%s'",
					  name);
		if (rows_count(rows) == 0)
			return NULL;
		usleep(1000);
	}
	return NULL;
}

struct error *database_leave(struct db *db, struct db **session, const char *name)
{
	TALLOC_FREE(*session);
	for (int i = 0; i < 100; i++) {
		SCOPE(tmp, NULL);
		struct rows *rows;
		struct error *err;

		err = db_query(&rows, tmp, db, "select from " SESSIONS "$1) limit 1",
			       DB_ARGS(name));
		if (err || rows_count(rows) == 0)
			return err;
		usleep(1000);
	}
	return NULL;
}

struct error *database_owner(char **owner, void *ctx, struct db *db, const char *name)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db,
		       "select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database "
		       "where datname = $1",
		       DB_ARGS(name));
	if (!err)
		*owner = rows_count(rows) > 0 ? mem_dup(ctx, rows_text(rows, 0, 0)) : NULL;
	return err;
}

void database_rollback(struct db *db)
{
	int suspended;

	if (db_idle(db))
		return;
	suspended = signals_suspend();
	error_free(db_exec_simple(db, "ROLLBACK"));
	signals_resume(suspended);
}
