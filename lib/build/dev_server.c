/* The PostgreSQL server used for development. */
#include "build/dev_server.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/machine.h"
#include "port/server.h"
#include "run/database.h"
#include "run/major.h"
#include "run/target.h"

#define LOCK "1752133491" /* the first key of hop's advisory locks */
#define LOCK_SECONDS 60

static struct error *start_private(char **conninfo, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	struct server *server;
	struct error *err;
	int idle;

	err = repo_config_number(&idle, p->repo, "hop.serverIdle", SERVER_IDLE);
	if (!err)
		err = server_locate(&server, tmp, p->common, idle);
	if (err)
		return err;
	server->major = p->conf->postgresql;
	err = server_start(NULL, server);
	if (!err)
		*conninfo = mem_dup(ctx, server->conninfo);
	return err;
}

struct error *dev_server_conninfo(char **conninfo, bool *private_server, void *ctx,
				  struct project *p, const char *database)
{
	*conninfo = target_named(ctx, p, database);
	*private_server = *conninfo == NULL;
	return *private_server ? start_private(conninfo, ctx, p) : NULL;
}

/*
 * Was the connection refused for this database only, so that another one may work? It does not
 * exist, lacks the CONNECT privilege, or has no entry in pg_hba.conf.
 */
static bool try_another(const struct error *err)
{
	return db_error_is(err, "3D000") || db_error_is(err, "42501") ||
	       db_error_is(err, "28000") || db_error_is(err, "55000");
}

/* A database cannot be dropped or renamed over a connection to itself. */
static struct error *connect_maintenance(struct dev_server *dev)
{
	const char *names[] = {"postgres", "template1", dev->database};
	struct error *err = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (i < 2 && strcmp(names[i], dev->database) == 0)
			continue;
		error_free(err);
		err = db_connect(&dev->db, dev, dev->conninfo, names[i]);
		if (!err || !try_another(err))
			return err;
	}
	return err;
}

static struct error *no_createdb(struct dev_server *dev, bool dev_exists)
{
	struct error *err;
	bool reset;

	if (!dev_exists)
		return error_hint(
			error_new(ERROR_NO,
				  "role '%s' cannot create databases, and database '%s' does "
				  "not exist",
				  db_user(dev->db), dev->database),
			"ask an administrator to create it with owner '%s', or to give the "
			"role CREATEDB",
			db_user(dev->db));
	err = repo_config_bool(&reset, dev->project->repo, "hop.resetDatabase", false);
	if (err || reset)
		return err;
	err = error_new(ERROR_NO, "role '%s' cannot create databases", db_user(dev->db));
	err = error_hint(
		err,
		"to rebuild database '%s' in place, dropping everything in it at every build: "
		"git config hop.resetDatabase true",
		dev->database);
	return error_add_hint(
		err, "or give the role CREATEDB, or do not name a database: git hop then runs "
		     "a private server");
}

static struct error *find_rights(struct dev_server *dev)
{
	SCOPE(tmp, dev);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, dev->db,
		       "select rolsuper or rolcreatedb, exists (select from pg_catalog.pg_database "
		       "where datname = $1) from pg_catalog.pg_roles where rolname = current_user",
		       DB_ARGS(dev->database));
	if (err)
		return err;
	dev->can_create = rows_true(rows, 0, 0) && strcmp(db_name(dev->db), dev->database) != 0;
	return dev->can_create ? NULL : no_createdb(dev, rows_true(rows, 0, 1));
}

static struct error *drop_leftover(bool *gone, void *arg, const char *name)
{
	struct dev_server *dev = arg;
	SCOPE(tmp, dev);
	const char *place = strchr(name, ' ');
	char *dbname;

	*gone = false;
	if (!place || strcmp(place + 1, dev->place) != 0)
		return NULL;
	*gone = true;
	dbname = mem_dup_n(tmp, name, (size_t)(place - name));
	if (strncmp(dbname, dev->prefix, strlen(dev->prefix)) != 0)
		return NULL;
	debug("dropping database '%s', left by a killed command", dbname);
	return database_drop(dev->db, dbname);
}

static struct error *open_server(struct dev_server *dev, const char *database, bool dry_run)
{
	struct error *err;

	err = dev_server_conninfo(&dev->conninfo, &dev->private_server, dev, dev->project,
				  database);
	if (!err)
		err = target_development_name(&dev->database, dev, dev->project, dev->conninfo,
					      dev->private_server);
	if (err)
		return err;
	dev->prefix = mem_printf(dev, "hop_%.8s_", dev->project->conf->id);
	err = connect_maintenance(dev);
	if (!err)
		err = dev_server_set_rights(dev);
	if (err)
		return err;
	dev->place = db_describe(dev, dev->db);
	if (!dry_run)
		major_check_tools(dev->db);
	err = find_rights(dev);
	if (!err && dev->can_create && !dry_run)
		err = leftovers_sweep_databases(dev->project, drop_leftover, dev);
	return err;
}

struct error *dev_server_open(struct dev_server **out, void *ctx, struct project *p,
			      const char *database, bool dry_run)
{
	struct dev_server *dev = mem_new(ctx, struct dev_server);
	struct error *err;

	dev->project = p;
	err = open_server(dev, database, dry_run);
	if (err) {
		talloc_free(dev);
		return err;
	}
	*out = dev;
	return NULL;
}

static struct error *go_beside(struct dev_server *dev, const char *conninfo)
{
	struct error *err;

	dev->conninfo = mem_dup(dev, conninfo);
	dev->prefix = mem_printf(dev, "hop_%.8s_", dev->project->conf->id);
	err = target_development_name(&dev->database, dev, dev->project, dev->conninfo, false);
	if (!err)
		err = connect_maintenance(dev);
	if (!err)
		err = database_may_create(&dev->can_create, dev->db);
	if (err || dev->can_create)
		return err;
	dev->can_create = true;
	TALLOC_FREE(dev->db);
	dev->private_server = true;
	err = start_private(&dev->conninfo, dev, dev->project);
	if (!err)
		err = connect_maintenance(dev);
	return err ? err : dev_server_set_rights(dev);
}

struct error *dev_server_open_beside(struct dev_server **out, void *ctx, struct project *p,
				     const char *conninfo)
{
	struct dev_server *dev = mem_new(ctx, struct dev_server);
	struct error *err;

	dev->project = p;
	err = go_beside(dev, conninfo);
	if (err) {
		talloc_free(dev);
		return err;
	}
	dev->place = db_describe(dev, dev->db);
	err = leftovers_sweep_databases(p, drop_leftover, dev);
	if (err) {
		talloc_free(dev);
		return err;
	}
	*out = dev;
	return NULL;
}

struct error *dev_server_connect(struct db **out, void *ctx, struct dev_server *dev,
				 const char *dbname)
{
	return db_connect(out, ctx, dev->conninfo, dbname);
}

/*
 * System databases are refused even if they are empty: changes to them would appear in every new
 * database.
 */
static struct error *refuse_servers_own(struct dev_server *dev)
{
	SCOPE(tmp, dev);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, dev->db,
		       "select datistemplate or (datname = 'postgres' and $2::bool) "
		       "from pg_catalog.pg_database where datname = $1",
		       DB_ARGS(dev->database, dev->can_create ? "true" : "false"));
	if (err || rows_count(rows) == 0 || !rows_true(rows, 0, 0))
		return err;
	err = error_new(ERROR_NO, "database '%s' is a system database and cannot be replaced",
			dev->database);
	return error_hint(err, "use another one: git config hop.database \"dbname=...\"");
}

static struct error *ask(struct dev_server *dev)
{
	SCOPE(tmp, dev);
	struct db *db;
	struct error *err = refuse_servers_own(dev);

	if (!err)
		err = dev_server_connect(&db, tmp, dev, dev->database);
	return err ? err : target_may_replace(dev->project, db, dev->take_over);
}

/*
 * Polls, because a session that waits for an advisory lock holds a snapshot, which blocks others.
 */
struct error *dev_server_lock(struct dev_server *dev)
{
	double end = log_clock() + LOCK_SECONDS;

	for (;;) {
		SCOPE(tmp, dev);
		struct rows *rows;
		struct error *err;

		err = db_query(&rows, tmp, dev->db,
			       "select pg_try_advisory_lock(" LOCK ", hashtext($1))",
			       DB_ARGS(dev->database));
		if (err || rows_true(rows, 0, 0))
			return err;
		if (log_clock() > end)
			return error_new(ERROR_AGAIN,
					 "another git hop command is using database '%s'",
					 dev->database);
		progress("waiting for another git hop command that is using database '%s'",
			 dev->database);
		usleep(10000);
	}
}

struct error *dev_server_unlock(struct dev_server *dev)
{
	int suspended = signals_suspend();
	struct error *err;

	err = db_exec(dev->db, "select pg_advisory_unlock(" LOCK ", hashtext($1))",
		      DB_ARGS(dev->database));
	signals_resume(suspended);
	return err;
}

struct error *dev_server_may_replace(struct dev_server *dev)
{
	/* Another command that swaps in its build would terminate our session. */
	struct error *unlock, *err = dev_server_lock(dev);

	if (err)
		return err;
	err = ask(dev);
	unlock = dev_server_unlock(dev);
	if (db_error_is(err, "3D000")) {
		error_free(err);
		return unlock;
	}
	if (!err)
		return unlock;
	error_free(unlock);
	if (err->code == ERROR_NO)
		return err;
	return error_wrap(err, "cannot determine whether '%s' can be replaced", dev->database);
}

struct error *dev_server_mark(struct dev_server *dev, struct db *db, const char *role)
{
	return target_sign(dev->project, db, role);
}

struct error *dev_server_note(struct dev_server *dev, const char *name)
{
	SCOPE(tmp, dev);
	struct error *err = NULL;

	if (!dev->leftovers)
		err = leftovers_open(&dev->leftovers, dev, dev->project);
	if (!err)
		err = leftovers_add(dev->leftovers, "database",
				    mem_printf(tmp, "%s %s", name, dev->place));
	return err;
}

struct error *dev_server_new_name(char **name, void *ctx, struct dev_server *dev, char letter)
{
	char *random;
	struct error *err = machine_random(&random, ctx, 4);

	if (err)
		return err;
	*name = mem_printf(ctx, "%s%c_%ld_%s", dev->prefix, letter, (long)getpid(), random);
	return NULL;
}

void dev_server_send_and_leave(struct dev_server *dev, const char *sql)
{
	SCOPE(tmp, dev);
	struct db *db;
	struct error *err = dev_server_connect(&db, tmp, dev, db_name(dev->db));

	if (err)
		debug("%s", err->message);
	else
		db_send_and_leave(db, sql);
	error_free(err);
}
