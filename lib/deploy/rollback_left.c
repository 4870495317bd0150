/* What rollbacks leave on the server. */
#include "deploy/rollback_left.h"

#include <string.h>

#include "base/log.h"
#include "base/quote.h"
#include "deploy/restore.h"
#include "deploy/rollback.h"
#include "run/database.h"
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

static struct error *reopen(bool *done, struct project *p, const char *conninfo)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;
	struct db *server;
	char *name, *new;

	*done = false;
	err = db_target(&name, tmp, conninfo);
	if (err || !name)
		return err;
	err = rollback_new_name(&new, tmp, p, name);
	if (!err)
		err = restore_server(&server, tmp, conninfo, name);
	if (!err)
		err = db_query(&rows, tmp, server,
			       "select from pg_catalog.pg_database where datname = $1 and "
			       "pg_catalog.shobj_description(oid, 'pg_database') = $2",
			       DB_ARGS(new, rollback_mark(tmp, p, "swapping", name)));
	if (err || rows_count(rows) == 0)
		return err;
	err = db_exec_simple(server, database_allow_sql(tmp, server, name, true));
	if (err)
		return err;
	*done = true;
	note("a rollback was killed before it could replace database '%s': it takes connections "
	     "again, and is what it was",
	     name);
	return NULL;
}

struct error *rollback_reopen(struct error *err, struct project *p, const char *conninfo)
{
	struct error *other;
	bool done;

	if (!db_error_is(err, "55000"))
		return err;
	other = reopen(&done, p, conninfo);
	if (other || !done) {
		error_free(other);
		return err;
	}
	error_free(err);
	return NULL;
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
