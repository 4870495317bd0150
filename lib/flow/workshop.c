/* The PostgreSQL server that development happens on. */
#include "flow/workshop.h"

#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "port/server.h"

#define LOCK "1752133491" /* the first number of hop's advisory locks */
#define LOCK_SECONDS 60

/* Any of these set by the user means a server that he chose. */
static bool environment_names_server(void)
{
	static const char *const names[] = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE",
					    "PGSERVICE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return true;
	}
	return false;
}

static struct error *start_private(char **conninfo, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	struct server *server;
	struct error *err;
	int idle;

	err = repo_config_number(&idle, p->repo, "hop.serverIdle", SERVER_IDLE);
	if (!err)
		err = server_locate(&server, tmp, p->common, idle);
	if (!err)
		err = server_start(NULL, server);
	if (!err)
		*conninfo = mem_dup(ctx, server->conninfo);
	return err;
}

char *workshop_named(void *ctx, struct project *p, const char *database)
{
	const char *variable = getenv("HOP_DATABASE");
	char *setting;

	if (database)
		return mem_dup(ctx, database);
	if (variable && *variable)
		return mem_dup(ctx, variable);
	setting = repo_config(ctx, p->repo, "hop.database");
	if (setting && *setting)
		return setting;
	return environment_names_server() ? mem_dup(ctx, "") : NULL;
}

struct error *workshop_conninfo(char **conninfo, bool *private_server, void *ctx, struct project *p,
				const char *database)
{
	*conninfo = workshop_named(ctx, p, database);
	*private_server = *conninfo == NULL;
	return *private_server ? start_private(conninfo, ctx, p) : NULL;
}

struct error *workshop_database_name(char **out, void *ctx, struct project *p, const char *conninfo)
{
	struct error *err;

	err = db_target(out, ctx, conninfo);
	if (!err && !*out)
		*out = mem_dup(ctx, p->conf->name);
	return err;
}

/* Refused for this database only, so that another one may do: not there, no right to connect, no
 * line in pg_hba.conf. */
static bool try_another(const struct error *err)
{
	return db_error_is(err, "3D000") || db_error_is(err, "42501") ||
	       db_error_is(err, "28000") || db_error_is(err, "55000");
}

/* To be dropped or renamed, a database must not be the one that the connection is to. */
static struct error *connect_maintenance(struct workshop *w)
{
	const char *names[] = {"postgres", "template1", w->dev};
	struct error *err = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (i < 2 && strcmp(names[i], w->dev) == 0)
			continue;
		error_free(err);
		err = db_connect(&w->db, w, w->conninfo, names[i]);
		if (!err || !try_another(err))
			return err;
	}
	return err;
}

static struct error *no_createdb(struct workshop *w, bool dev_exists)
{
	struct error *err;
	bool reset;

	if (!dev_exists)
		return error_hint(
			error_new(ERROR_NO,
				  "the role '%s' may not create databases, and there is no "
				  "database '%s'",
				  db_user(w->db), w->dev),
			"have it created, owned by '%s', or the role given CREATEDB",
			db_user(w->db));
	err = repo_config_bool(&reset, w->project->repo, "hop.resetDatabase", false);
	if (err || reset)
		return err;
	err = error_new(ERROR_NO, "the role '%s' may not create databases", db_user(w->db));
	err = error_hint(
		err,
		"hop can work in the database '%s' alone, and drops everything in it at every "
		"build: git config hop.resetDatabase true",
		w->dev);
	return error_add_hint(
		err, "or give the role CREATEDB, or name no database: hop then runs a server of "
		     "its own");
}

static struct error *find_rights(struct workshop *w)
{
	SCOPE(tmp, w);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, w->db,
		       "select rolsuper or rolcreatedb, exists (select from pg_catalog.pg_database "
		       "where datname = $1) from pg_catalog.pg_roles where rolname = current_user",
		       DB_ARGS(w->dev));
	if (err)
		return err;
	w->can_create = rows_true(rows, 0, 0) && strcmp(db_name(w->db), w->dev) != 0;
	return w->can_create ? NULL : no_createdb(w, rows_true(rows, 0, 1));
}

static struct error *drop_litter(bool *gone, void *arg, const char *name)
{
	struct workshop *w = arg;
	SCOPE(tmp, w);
	const char *place = strchr(name, ' ');
	char *dbname;

	*gone = false;
	if (!place || strcmp(place + 1, w->place) != 0)
		return NULL;
	*gone = true;
	dbname = mem_dup_n(tmp, name, (size_t)(place - name));
	if (strncmp(dbname, w->prefix, strlen(w->prefix)) != 0)
		return NULL;
	debug("dropping the database '%s' that a dead command left", dbname);
	return db_exec_simple(w->db, mem_printf(tmp, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
						db_ident(tmp, w->db, dbname)));
}

static struct error *open_workshop(struct workshop *w, const char *database)
{
	struct error *err;

	err = workshop_conninfo(&w->conninfo, &w->private_server, w, w->project, database);
	if (!err)
		err = workshop_database_name(&w->dev, w, w->project, w->conninfo);
	if (err)
		return err;
	w->prefix = mem_printf(w, "hop_%.8s_", w->project->conf->id);
	err = connect_maintenance(w);
	if (err)
		return err;
	w->place = db_describe(w, w->db);
	err = find_rights(w);
	if (!err && w->can_create && !w->project->dry_run)
		err = litter_sweep_databases(w->project, drop_litter, w);
	return err;
}

struct error *workshop_open(struct workshop **out, void *ctx, struct project *p,
			    const char *database)
{
	struct workshop *w = mem_new(ctx, struct workshop);
	struct error *err;

	w->project = p;
	err = open_workshop(w, database);
	if (err) {
		talloc_free(w);
		return err;
	}
	*out = w;
	return NULL;
}

struct error *workshop_connect(struct db **out, void *ctx, struct workshop *w, const char *dbname)
{
	return db_connect(out, ctx, w->conninfo, dbname);
}

static struct error *judge(struct workshop *w, const struct record_state *state)
{
	const char *dbname = w->dev;
	const struct record_identity *who = &state->identity;
	struct error *err;

	if (state->present && strcmp(who->role, RECORD_PRODUCTION) == 0) {
		err = error_new(ERROR_NO,
				"'%s' is a production database of project '%s': it is not replaced",
				dbname, who->name);
		return error_hint(err, "name another one for development: git config hop.database "
				       "\"dbname=...\"");
	}
	if (state->present && strcmp(who->id, w->project->conf->id) != 0) {
		err = error_new(ERROR_NO, "the database '%s' belongs to another project, '%s'",
				dbname, who->name);
		return error_hint(err, "name another one: git config hop.database \"dbname=...\"");
	}
	if (state->present || !state->has_objects)
		return NULL;
	if (w->take_over && strcmp(w->take_over, dbname) == 0)
		return NULL;
	err = error_new(ERROR_NO, "the database '%s' has objects in it that git hop did not make",
			dbname);
	return error_hint(err,
			  "name another one: git config hop.database \"dbname=...\"\n"
			  "or, if everything in it may be dropped: git hop restore --take-over=%s",
			  dbname);
}

/* Empty or not, these are the server's: what is made of them would be in every new database. */
static struct error *refuse_servers_own(struct workshop *w)
{
	SCOPE(tmp, w);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, w->db,
		       "select datistemplate or (datname = 'postgres' and $2::bool) "
		       "from pg_catalog.pg_database where datname = $1",
		       DB_ARGS(w->dev, w->can_create ? "true" : "false"));
	if (err || rows_count(rows) == 0 || !rows_true(rows, 0, 0))
		return err;
	err = error_new(ERROR_NO, "the database '%s' is the server's own: it is not replaced",
			w->dev);
	return error_hint(err, "name another one: git config hop.database \"dbname=...\"");
}

static struct error *ask(struct workshop *w)
{
	SCOPE(tmp, w);
	struct record_state state;
	struct db *db;
	struct error *err = refuse_servers_own(w);

	if (!err)
		err = workshop_connect(&db, tmp, w, w->dev);
	if (!err)
		err = record_state(&state, tmp, db);
	return err ? err : judge(w, &state);
}

/* Polled: a session that waits for an advisory lock holds a snapshot, and that stops others. */
struct error *workshop_lock(struct workshop *w)
{
	double end = log_clock() + LOCK_SECONDS;

	for (;;) {
		SCOPE(tmp, w);
		struct rows *rows;
		struct error *err;

		err = db_query(&rows, tmp, w->db,
			       "select pg_try_advisory_lock(" LOCK ", hashtext($1))",
			       DB_ARGS(w->dev));
		if (err || rows_true(rows, 0, 0))
			return err;
		if (log_clock() > end)
			return error_new(ERROR_AGAIN,
					 "another git hop command works in the database '%s'",
					 w->dev);
		progress("waiting for another git hop command in the database '%s'", w->dev);
		usleep(10000);
	}
}

struct error *workshop_unlock(struct workshop *w)
{
	int suspended = signals_suspend();
	struct error *err;

	err = db_exec(w->db, "select pg_advisory_unlock(" LOCK ", hashtext($1))", DB_ARGS(w->dev));
	signals_resume(suspended);
	return err;
}

struct error *workshop_may_replace(struct workshop *w)
{
	/* Another command that swaps its build in would end our session. */
	struct error *unlock, *err = workshop_lock(w);

	if (err)
		return err;
	err = ask(w);
	unlock = workshop_unlock(w);
	if (db_error_is(err, "3D000")) {
		error_free(err);
		return unlock;
	}
	if (!err)
		return unlock;
	error_free(unlock);
	if (err->code == ERROR_NO)
		return err;
	return error_wrap(err, "cannot find out whether '%s' may be replaced", w->dev);
}

struct error *workshop_mark(struct workshop *w, struct db *db, const char *role)
{
	const struct conf *conf = w->project->conf;
	const struct record_identity who = {conf->id, conf->name, role, PACKAGE_VERSION};

	return record_set_identity(db, &who);
}

struct error *workshop_note(struct workshop *w, const char *name)
{
	SCOPE(tmp, w);
	struct error *err = NULL;

	if (!w->litter)
		err = litter_open(&w->litter, w, w->project);
	if (!err)
		err = litter_add(w->litter, "database", mem_printf(tmp, "%s %s", name, w->place));
	return err;
}
