/* What rollbacks leave on the server. */
#include "deploy/rollback_left.h"

#include <string.h>

#include "base/log.h"
#include "base/quote.h"
#include "deploy/hold.h"
#include "deploy/restore.h"
#include "deploy/rollback.h"
#include "run/database.h"
#include "run/database_lock.h"
#include "run/target.h"

char *rollback_mark(void *ctx, const struct project *p, const char *what, const char *name)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "git hop rollback of project %s: %s %s", p->conf->id, what,
			  quote_field(tmp, name));
}

struct error *rollback_new_name(char **out, void *ctx, const struct project *p, const char *name)
{
	return database_name_for(out, ctx, p->conf->id, 'r', name);
}

/* Whether the database NAME takes connections, and whether a rollback has closed it. */
static struct error *look(bool *open, bool *ours, struct project *p, struct db *server,
			  const char *name)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;
	char *new;

	err = rollback_new_name(&new, tmp, p, name);
	if (!err)
		err = db_query(&rows, tmp, server,
			       "select datallowconn, exists (select from pg_catalog.pg_database "
			       "where datname = $2 and "
			       "pg_catalog.shobj_description(oid, 'pg_database') = $3) "
			       "from pg_catalog.pg_database where datname = $1",
			       DB_ARGS(name, new, rollback_mark(tmp, p, "swapping", name)));
	if (err)
		return err;
	*open = rows_count(rows) > 0 && rows_true(rows, 0, 0);
	*ours = rows_count(rows) > 0 && rows_true(rows, 0, 1);
	return NULL;
}

/* Waits for a rollback that lives; what is closed after that was left by one that was killed. */
static struct error *reopen(bool *open, struct project *p, const char *conninfo)
{
	SCOPE(tmp, NULL);
	struct error *err;
	struct db *server;
	bool ours;
	int timeout;
	char *name;

	*open = false;
	err = db_target(&name, tmp, conninfo);
	if (err || !name)
		return err;
	err = hold_timeout(&timeout, p);
	if (!err)
		err = restore_server(&server, tmp, conninfo, name);
	if (!err)
		err = database_lock_name(server, p->conf->id, name, timeout);
	if (!err)
		err = look(open, &ours, p, server, name);
	if (err || *open || !ours)
		return err;
	err = db_exec_simple(server, database_allow_sql(tmp, server, name, true));
	if (err)
		return err;
	*open = true;
	note("a rollback was killed before it could replace database '%s': it takes connections "
	     "again, and is what it was",
	     name);
	return NULL;
}

struct error *rollback_reopen(struct error *err, struct project *p, const char *conninfo)
{
	struct error *other;
	bool open;

	if (!db_error_is(err, "55000"))
		return err;
	other = reopen(&open, p, conninfo);
	if (other && other->code != ERROR_AGAIN) {
		error_free(other);
		return err;
	}
	if (!other && !open)
		return err;
	error_free(err);
	return other;
}

struct error *rollback_closed(struct error *err)
{
	if (!db_error_is(err, "55000"))
		return err;
	return error_add_hint(err,
			      "if a rollback was killed while it replaced the database, the "
			      "next git hop rollback, upgrade or backup create opens it again");
}

struct error *rollback_kept(char ***names, struct db **server, void *ctx, struct project *p,
			    const char *database)
{
	SCOPE(tmp, ctx);
	char *conninfo, *name, *mark;
	struct rows *rows;
	struct error *err;

	err = target_conninfo(&conninfo, tmp, p, database);
	if (!err)
		err = db_target(&name, tmp, conninfo);
	if (!err && !name)
		err = error_new(ERROR_USAGE, "the connection string names no database");
	if (!err)
		err = restore_server(server, ctx, conninfo, name);
	if (err)
		return err;
	mark = rollback_mark(tmp, p, "replaced", name);
	err = db_query(&rows, tmp, *server,
		       "select datname from (select datname, oid, "
		       "pg_catalog.shobj_description(oid, 'pg_database') as comment "
		       "from pg_catalog.pg_database) d "
		       "where comment = $1 or pg_catalog.starts_with(comment, $1 || E'\\n') "
		       "order by datname collate \"C\"",
		       DB_ARGS(mark));
	*names = mem_array(ctx, char *, 1);
	for (int i = 0; !err && i < rows_count(rows); i++)
		mem_list_add(names, ctx, rows_text(rows, i, 0));
	return err;
}
