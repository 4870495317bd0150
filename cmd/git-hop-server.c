/* git hop server: manage the private PostgreSQL server of a repository. */
#include "cmd.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/out.h"
#include "base/path.h"
#include "core/branch.h"
#include "port/conf.h"
#include "port/db.h"
#include "port/pgtool.h"
#include "port/repo.h"
#include "port/server.h"
#include "verb.h"

/* Variables of libpq that would override ours. */
static const char *const strangers[] = {"PGHOSTADDR", "PGSERVICE"};
#define STRANGERS (sizeof(strangers) / sizeof(strangers[0]))

static struct error *locate(struct server **server, struct repo **repo, void *ctx)
{
	struct error *err;
	int idle;

	err = repo_open(repo, ctx, NULL);
	if (!err)
		err = repo_config_number(&idle, *repo, "hop.serverIdle", SERVER_IDLE);
	if (err)
		return err;
	return server_locate(server, ctx, repo_common_dir(*repo), idle);
}

/* The configuration in the worktree; NULL, with a warning, if there is none or it is invalid. */
static struct conf *read_conf(void *ctx, const struct repo *repo)
{
	SCOPE(tmp, ctx);
	const char *root = repo_work_dir(repo);
	struct error *err;
	struct conf *conf;
	size_t length;
	char *text;

	if (!root || !file_exists(path_join(tmp, root, PATH_CONFIG)))
		return NULL;
	err = file_read(&text, &length, tmp, path_join(tmp, root, PATH_CONFIG));
	if (!err)
		err = conf_parse(&conf, ctx, PATH_CONFIG, text, length);
	if (!err)
		return conf;
	warn("%s: using database 'postgres'", err->message);
	error_free(err);
	return NULL;
}

/* The project's database has the project's name; without a project it is postgres. */
static struct error *start(struct server **server, char **database, void *ctx)
{
	struct repo *repo;
	struct error *err;
	struct conf *conf;
	bool started;

	err = locate(server, &repo, ctx);
	if (err)
		return err;
	conf = read_conf(ctx, repo);
	*database = mem_dup(ctx, conf ? conf->name : "postgres");
	(*server)->major = conf ? conf->postgresql : 0;
	err = server_start(&started, *server);
	if (!err && started)
		note("started the private server in '%s'", (*server)->dir);
	return err;
}

/* NAME=value for each variable that makes libpq connect to the server. */
static char **variables(void *ctx, const struct server *server, const char *database)
{
	char **list = NULL;

	mem_list_add(&list, ctx, mem_printf(ctx, "PGHOST=%s", server->socket));
	mem_list_add(&list, ctx, "PGPORT=" SERVER_PORT);
	mem_list_add(&list, ctx, "PGUSER=" SERVER_ROLE);
	mem_list_add(&list, ctx, mem_printf(ctx, "PGDATABASE=%s", database));
	return list;
}

static struct error *run_start(struct call *c)
{
	struct server *server;
	char *database;

	return start(&server, &database, c);
}

static struct error *run_stop(struct call *c)
{
	struct server *server;
	struct repo *repo;
	struct error *err;
	bool stopped;

	err = locate(&server, &repo, c);
	if (!err)
		err = server_stop(&stopped, server);
	if (!err)
		note(stopped ? "stopped the private server" : "the private server was not running");
	return err;
}

static void print_status(const struct server_status *status, const struct server *server)
{
	char since[32] = "";
	time_t started = (time_t)status->started;
	struct tm tm;

	if (status->running && localtime_r(&started, &tm))
		strftime(since, sizeof(since), "%F %T", &tm);
	if (status->running)
		out_print("running: PostgreSQL %s, pid %d, since %s\n", status->version,
			  status->pid, since);
	else if (status->made)
		out_print("not running: PostgreSQL %s\n", status->version);
	else
		out_print("not created yet\n");
	out_print("directory: %s\n", server->dir);
	if (status->running)
		out_print("socket: %s\n", server->socket);
	if (status->running && server->idle > 0)
		out_print("stops after: %d seconds without a connection\n", server->idle);
}

static void put_status(struct out *out, const struct server_status *status,
		       const struct server *server)
{
	out_record(out, "server");
	out_text(out, "state", status->running ? "running" : status->made ? "stopped" : "none");
	out_text(out, "directory", server->dir);
	out_text(out, "socket", server->socket);
	out_text(out, "version", status->version);
	if (status->running) {
		out_number(out, "pid", status->pid);
		out_number(out, "started", status->started);
	} else {
		out_text(out, "pid", NULL);
		out_text(out, "started", NULL);
	}
	out_number(out, "idle", server->idle);
	out_end(out);
}

static struct error *run_status(struct call *c)
{
	struct server_status status;
	struct server *server;
	struct repo *repo;
	struct error *err;
	struct out *out;

	err = locate(&server, &repo, c);
	if (!err)
		err = server_status(&status, c, server);
	if (err)
		return err;
	out = out_open(c, c->format, "server status");
	if (out_is_text(out))
		print_status(&status, server);
	else
		put_status(out, &status, server);
	if (status.running)
		return NULL;
	return error_hint(error_new(ERROR_NO, "the private server is not running"),
			  "start it with: git hop server start");
}

static struct error *run_env(struct call *c)
{
	struct server *server;
	char *database;
	struct error *err;

	err = start(&server, &database, c);
	if (err)
		return err;
	for (char **set = variables(c, server, database); *set; set++) {
		size_t n = strcspn(*set, "=");

		out_print("export %.*s=%s\n", (int)n, *set, path_quote(c, *set + n + 1));
	}
	for (size_t i = 0; i < STRANGERS; i++)
		out_print("unset %s\n", strangers[i]);
	return NULL;
}

/* psql says itself that it cannot connect, but not what to do. */
static void warn_missing(void *ctx, const char *database)
{
	struct error *err;
	struct db *db;

	err = db_connect(&db, ctx, "", NULL);
	if (db_error_is(err, "3D000"))
		hint("database '%s' is built by git hop restore, or by git hop patch apply",
		     database);
	error_free(err);
}

static struct error *run_psql(struct call *c)
{
	char **argv = c->args - 1;
	struct server *server;
	struct error *err;
	char *database, *dir, *password;

	err = start(&server, &database, c);
	if (!err)
		err = server_password(&password, c, server);
	if (!err)
		err = pgtool_bindir(&dir, c, 0, "psql");
	if (err)
		return err;
	for (char **set = variables(c, server, database); *set; set++) {
		size_t n = strcspn(*set, "=");

		setenv(mem_dup_n(c, *set, n), *set + n + 1, 1);
	}
	for (size_t i = 0; i < STRANGERS; i++)
		unsetenv(strangers[i]);
	/* For psql -U postgres. */
	setenv("PGPASSWORD", password, 1);
	warn_missing(c, database);
	argv[0] = path_join(c, dir, "psql");
	execv(argv[0], argv);
	return error_errno("cannot run '%s'", argv[0]);
}

/* The process that server_start leaves behind: COMMON-DIR IDLE. */
static struct error *run_watch(struct call *c)
{
	struct server *server;
	struct error *err;

	err = server_locate(&server, c, c->args[0], atoi(c->args[1]));
	return err ? err : server_watch(server);
}

static const struct verb start_verb = {
	.name = "start",
	.args = "",
	.help = "start the server if it is not running",
	.synopsis = "git hop server start",
	.about = "Start the private server if it is not running.",
	.run = run_start,
};

static const struct verb stop_verb = {
	.name = "stop",
	.args = "",
	.help = "stop the server; its databases are kept",
	.synopsis = "git hop server stop",
	.about = "Stop the private server; its databases are kept.",
	.run = run_stop,
};

static const struct verb status_verb = {
	.name = "status",
	.args = "[--porcelain|--json]",
	.help = "show its state; exit with 1 if it is not running",
	.synopsis = "git hop server status [--porcelain|--json]",
	.about = "Show the state of the private server; exit with 1 if it is not running.",
	.needs = VERB_FORMATS,
	.run = run_status,
};

static const struct verb psql_verb = {
	.name = "psql",
	.args = "[ARGUMENT...]",
	.help = "run psql on the project's database",
	.synopsis = "git hop server psql [ARGUMENT...]",
	.max = INT_MAX,
	.needs = VERB_RAW,
	.run = run_psql,
};

static const struct verb env_verb = {
	.name = "env",
	.args = "",
	.help = "print its PG* variables, for eval",
	.synopsis = "git hop server env",
	.about = "Start the private server and print its PG* variables, for eval.",
	.run = run_env,
};

static const struct verb watch_verb = {
	.name = "watch",
	.synopsis = "git hop server watch COMMON-DIR IDLE",
	.min = 2,
	.max = 2,
	.needs = VERB_RAW | VERB_DEFAULT_SIGNALS,
	.run = run_watch,
};

static const struct verb *const verbs[] = {&start_verb, &stop_verb,  &status_verb, &psql_verb,
					   &env_verb,   &watch_verb, NULL};

static const struct verb self = {
	.synopsis = "git hop server start|stop|env\n"
		    "git hop server status [--porcelain|--json]\n"
		    "git hop server psql [ARGUMENT...]",
	.about = "Manage the private PostgreSQL server of this repository.",
};

static const struct program program = {&self, verbs};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
