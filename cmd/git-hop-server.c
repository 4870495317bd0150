/* git hop server: manage the private PostgreSQL server of a repository. */
#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/path.h"
#include "port/conf.h"
#include "port/pgtool.h"
#include "port/repo.h"
#include "port/server.h"

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

static struct error *start(struct server **server, struct repo **repo, void *ctx)
{
	struct error *err;
	bool started;

	err = locate(server, repo, ctx);
	if (err)
		return err;
	signals_catch();
	err = server_start(&started, *server);
	if (!err && started)
		note("started the private server in '%s'", (*server)->dir);
	return err;
}

/* The project's database has the project's name; without a project it is postgres. */
static char *database_name(void *ctx, const struct repo *repo)
{
	SCOPE(tmp, ctx);
	const char *root = repo_work_dir(repo);
	struct error *err;
	struct conf *conf;
	size_t length;
	char *text;

	if (!root || !file_exists(path_join(tmp, root, ".hop/config")))
		return mem_dup(ctx, "postgres");
	err = file_read(&text, &length, tmp, path_join(tmp, root, ".hop/config"));
	if (!err)
		err = conf_parse(&conf, tmp, ".hop/config", text, length);
	if (err) {
		warn("%s: using database 'postgres'", err->message);
		error_free(err);
		return mem_dup(ctx, "postgres");
	}
	return mem_dup(ctx, conf->name);
}

/* NAME=value for each variable that makes libpq connect to the server. */
static char **variables(void *ctx, const struct server *server, const struct repo *repo)
{
	char **list = NULL;

	mem_list_add(&list, ctx, mem_printf(ctx, "PGHOST=%s", server->socket));
	mem_list_add(&list, ctx, "PGPORT=" SERVER_PORT);
	mem_list_add(&list, ctx, "PGUSER=postgres");
	mem_list_add(&list, ctx, mem_printf(ctx, "PGDATABASE=%s", database_name(ctx, repo)));
	return list;
}

static const struct opt plain_opts[] = {OPT_COMMON, OPT_END};

/* Options and arguments of a verb that has none of its own. */
static struct error *parse_plain(bool *done, int argc, char **argv, const char *synopsis,
				 const char *about)
{
	struct opt_usage usage = {synopsis, about, plain_opts, NULL};
	struct error *err;
	int first;

	err = opt_parse(&first, done, argc, argv, &usage, false);
	return err || *done ? err : opt_count(&usage, argc - first, 0, 0);
}

static struct error *run_start(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct server *server;
	struct repo *repo;
	struct error *err;
	bool done;

	err = parse_plain(&done, argc, argv, "git hop server start",
			  "Start the private server if it is not running.");
	return err || done ? err : start(&server, &repo, tmp);
}

static struct error *run_stop(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct server *server;
	struct repo *repo;
	struct error *err;
	bool done, stopped;

	err = parse_plain(&done, argc, argv, "git hop server stop",
			  "Stop the private server; its databases are kept.");
	if (err || done)
		return err;
	err = locate(&server, &repo, tmp);
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
		printf("running: PostgreSQL %s, pid %d, since %s\n", status->version, status->pid,
		       since);
	else if (status->made)
		printf("not running: PostgreSQL %s\n", status->version);
	else
		printf("not created yet\n");
	printf("directory: %s\n", server->dir);
	if (status->running)
		printf("socket: %s\n", server->socket);
	if (status->running && server->idle > 0)
		printf("stops after: %d seconds without a connection\n", server->idle);
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

static struct error *run_status(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	enum out_format format = OUT_TEXT;
	const struct opt opts[] = {
		OPT_FORMATS(&format),
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop server status [--porcelain|--json]",
		 "Show the state of the private server; exit with 1 if it is not running.", opts,
		 NULL};
	struct server_status status;
	struct server *server;
	struct repo *repo;
	struct error *err;
	struct out *out;
	char **args;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 0, 0);
	if (err || done)
		return err;
	err = locate(&server, &repo, tmp);
	if (!err)
		err = server_status(&status, tmp, server);
	if (err)
		return err;
	out = out_open(tmp, format, "server status");
	if (out_is_text(out))
		print_status(&status, server);
	else
		put_status(out, &status, server);
	if (status.running)
		return NULL;
	return error_hint(error_new(ERROR_NO, "the private server is not running"),
			  "start it with: git hop server start");
}

static struct error *run_env(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct server *server;
	struct repo *repo;
	struct error *err;
	bool done;

	err = parse_plain(&done, argc, argv, "git hop server env",
			  "Start the private server and print its PG* variables, for eval.");
	if (err || done)
		return err;
	err = start(&server, &repo, tmp);
	if (err)
		return err;
	for (char **set = variables(tmp, server, repo); *set; set++) {
		size_t n = strcspn(*set, "=");

		printf("export %.*s=%s\n", (int)n, *set, path_quote(tmp, *set + n + 1));
	}
	for (size_t i = 0; i < STRANGERS; i++)
		printf("unset %s\n", strangers[i]);
	return NULL;
}

static struct error *run_psql(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct server *server;
	struct repo *repo;
	struct error *err;
	char *dir;

	/* All options are psql's, except the one that lists our own. */
	if (argc == 2 && strcmp(argv[1], "--list-options") == 0)
		return NULL;
	err = start(&server, &repo, tmp);
	if (!err)
		err = pgtool_bindir(&dir, tmp, 0, "psql");
	if (err)
		return err;
	for (char **set = variables(tmp, server, repo); *set; set++) {
		size_t n = strcspn(*set, "=");

		setenv(mem_dup_n(tmp, *set, n), *set + n + 1, 1);
	}
	for (size_t i = 0; i < STRANGERS; i++)
		unsetenv(strangers[i]);
	argv[0] = path_join(tmp, dir, "psql");
	execv(argv[0], argv);
	return error_errno("cannot run '%s'", argv[0]);
}

/* The process that server_start leaves behind: COMMON-DIR IDLE. Not for people. */
static struct error *watch(const char *common_dir, const char *idle)
{
	SCOPE(tmp, NULL);
	struct server *server;
	struct error *err;

	err = server_locate(&server, tmp, common_dir, atoi(idle));
	return err ? err : server_watch(server);
}

static const struct opt_verb verbs[] = {
	{"start", "", "start the server if it is not running", run_start},
	{"stop", "", "stop the server; its databases are kept", run_stop},
	{"status", "[--porcelain|--json]", "show its state; exit with 1 if it is not running",
	 run_status},
	{"psql", "[ARGUMENT...]", "run psql on the project's database", run_psql},
	{"env", "", "print its PG* variables, for eval", run_env},
	{NULL, NULL, NULL, NULL},
};

struct error *command(int argc, char **argv)
{
	const struct opt_usage usage = {"git hop server start|stop|env\n"
					"git hop server status [--porcelain|--json]\n"
					"git hop server psql [ARGUMENT...]",
					"Manage the private PostgreSQL server of this repository.",
					plain_opts, verbs};

	if (argc == 4 && strcmp(argv[1], "watch") == 0)
		return watch(argv[2], argv[3]);
	return opt_dispatch(argc, argv, &usage);
}
