/* Creates, starts and stops the private server. */
#include "port/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/pgtool.h"
#include "port/server_state.h"

#define READY_SECONDS 60

/*
 * Everything can be rebuilt, so nothing waits for the disk. ALTER SYSTEM overrides these settings.
 */
static const char settings[] = "\n"
			       "# git hop: a private server for development\n"
			       "fsync = off\n"
			       "synchronous_commit = off\n"
			       "full_page_writes = off\n"
			       "autovacuum = off\n"
			       "wal_level = minimal\n"
			       "max_wal_senders = 0\n"
			       "max_connections = 100\n"
			       "max_locks_per_transaction = 1024\n"
			       "shared_buffers = 128MB\n"
			       "log_checkpoints = off\n";

/* Unsets the PG* variables that the server's programs would use; messages are in English. */
static char **environment(void *ctx)
{
	return proc_argv(ctx, "LC_ALL=C", "PGDATA", "PGPORT", "PGOPTIONS", "PGDATESTYLE",
			 "PGCLIENTENCODING", "PGTZ", NULL);
}

static char *read_version(void *ctx, const struct server *server)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *text;

	err = file_read(&text, NULL, tmp, path_join(tmp, server->data, "PG_VERSION"));
	if (err) {
		error_free(err);
		return NULL;
	}
	return mem_dup_n(ctx, text, strcspn(text, "\n"));
}

char *server_move_aside(void *ctx, const struct server *server, const char *version)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "mv %s %s", path_quote(tmp, server->data),
			  path_quote(tmp, mem_printf(tmp, "%s.%s", server->data, version)));
}

static struct error *append_settings(const char *data)
{
	SCOPE(tmp, NULL);
	char *path = path_join(tmp, data, "postgresql.conf");
	/* Root writes to a directory of another user here, so do not follow symbolic links. */
	int fd = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	size_t length = strlen(settings);
	struct error *err = NULL;

	if (fd < 0)
		return error_errno("cannot open '%s'", path);
	if (write(fd, settings, length) != (ssize_t)length)
		err = error_errno("cannot write '%s'", path);
	if (close(fd) < 0 && !err)
		err = error_errno("cannot write '%s'", path);
	return err;
}

/*
 * The data directory gets its name when it is complete. Leftovers of a killed initdb are removed.
 */
static struct error *make_data(const struct server *server, const char *bindir)
{
	SCOPE(tmp, NULL);
	char *data = path_join(tmp, server->dir, "data.new");
	struct proc initdb = {.argv = proc_argv(tmp, path_join(tmp, bindir, "initdb"), "-D",
						"data.new", "-U", SERVER_ADMIN, "-A", "reject",
						"-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
						NULL),
			      .dir = server->dir,
			      .env = environment(tmp),
			      .capture = true,
			      .merge = true,
			      .user = server->user};
	struct error *err;

	err = file_remove_tree(data);
	if (!err)
		err = server_make_own(server, data);
	if (!err)
		err = proc_check(tmp, &initdb);
	if (!err)
		err = fail_point("server-initdb");
	if (!err)
		err = append_settings(data);
	if (!err)
		err = server_make_roles(server, "data.new", bindir);
	if (!err && rename(data, server->data) < 0)
		err = error_errno("cannot rename '%s' to '%s'", data, server->data);
	return error_wrap(err, "cannot create the private server in '%s'", server->dir);
}

/* Before anything is made: no command would get further than to connect. */
static struct error *choose_programs(char **bindir, void *ctx, const struct server *server)
{
	struct error *err = pgtool_bindir(bindir, ctx, server->major, "initdb");
	int major;

	/* Another version is good enough to try a patch. */
	if (err && server->major) {
		error_free(err);
		err = pgtool_bindir(bindir, ctx, 0, "initdb");
	}
	if (err)
		return err;
	major = pgtool_major(*bindir, "initdb");
	if (!major || major >= DB_OLDEST_MAJOR)
		return NULL;
	return error_hint(error_new(ERROR_FAIL,
				    "the programs in '%s' are of PostgreSQL %d; git hop "
				    "requires %d or later",
				    *bindir, major, DB_OLDEST_MAJOR),
			  "install the package 'postgresql', or set HOP_PGBIN to the directory "
			  "of newer ones");
}

/* Finds the programs that match the data, which is created if there is none. */
static struct error *prepare_data(char **bindir, void *ctx, const struct server *server)
{
	SCOPE(tmp, NULL);
	char *version = read_version(tmp, server);
	struct error *err;

	if (!version) {
		err = choose_programs(bindir, ctx, server);
		return err ? err : make_data(server, *bindir);
	}
	if (atoi(version) < DB_OLDEST_MAJOR)
		err = error_new(ERROR_FAIL,
				"the data of the private server was created by PostgreSQL %s; "
				"git hop requires %d or later",
				version, DB_OLDEST_MAJOR);
	else
		err = error_wrap(pgtool_bindir(bindir, ctx, atoi(version), "pg_ctl"),
				 "the data of the private server was created by PostgreSQL %s",
				 version);
	if (!err)
		return NULL;
	return error_add_hint(err, "%s it aside and start with an empty server: %s",
			      atoi(version) < DB_OLDEST_MAJOR ? "move" : "or move",
			      server_move_aside(tmp, server, version));
}

/*
 * pg_ctl passes directory, log and options to a shell, so they must not contain names that a user
 * chose.
 */
static struct error *run_server(const struct server *server, const char *bindir)
{
	SCOPE(tmp, NULL);
	bool near = strcmp(server->socket, server->run) == 0;
	char *options = mem_printf(tmp,
				   "-c listen_addresses= -c port=" SERVER_PORT
				   " -c unix_socket_directories=%s -c unix_socket_permissions=0700"
				   " -c logging_collector=off",
				   near ? "../run" : server->socket);
	struct proc ctl = {.argv = proc_argv(tmp, path_join(tmp, bindir, "pg_ctl"), "start", "-w",
					     "-s", "-t", "60", "-D", "data", "-l", "run/log", "-o",
					     options, NULL),
			   .dir = server->dir,
			   .env = environment(tmp),
			   .capture = true,
			   .merge = true,
			   .close_fds = true,
			   .user = server->user};
	struct error *err;
	char *log;

	/* Keep the log of the previous run. */
	rename(server->log, mem_printf(tmp, "%s.old", server->log));
	err = proc_run(tmp, &ctl);
	if (err || ctl.status == 0)
		return err;
	err = error_new(ERROR_FAIL, "cannot start the private server in '%s'", server->dir);
	err = error_hint(err, "its log is '%s'", server->log);
	if (*ctl.output)
		err = error_detail(err, "%s", proc_tail(ctl.output, 5));
	if (file_exists(server->log)) {
		struct error *unread = file_read(&log, NULL, tmp, server->log);

		if (!unread && *log)
			err = error_detail(err, "%s", proc_tail(log, 10));
		error_free(unread);
	}
	return err;
}

/* Everything in the data can be rebuilt, but it is the user's to throw away. */
static struct error *retire_data(bool *running, const struct server *server)
{
	SCOPE(tmp, NULL);
	char *old = mem_printf(tmp, "%s.old", server->data);
	struct error *err;

	if (file_exists(old))
		return error_hint(
			error_new(ERROR_FAIL,
				  "the data of the private server is of an older git hop, "
				  "and '%s' exists",
				  old),
			"remove that directory if you do not need it");
	err = server_stop_locked(running, server);
	if (err)
		return err;
	*running = false;
	if (rename(server->data, old) < 0)
		return error_errno("cannot rename '%s' to '%s'", server->data, old);
	/* That of the socket may be gone. */
	err = server_make_folders(server);
	if (err)
		return err;
	note("the databases of the private server were built as superuser: they are now in '%s'; "
	     "the next build makes new ones",
	     old);
	return NULL;
}

/* Waits for a server that is starting or stopping. */
static struct error *await(bool *running, const struct server *server)
{
	struct server_process process;
	double begin = log_clock();

	while (server_process(&process, server)) {
		struct error *err;

		*running = process.ready;
		if (process.ready)
			return NULL;
		err = signals_check();
		if (err)
			return err;
		if (log_clock() - begin > READY_SECONDS)
			return error_hint(
				error_new(ERROR_AGAIN,
					  "the private server (pid %d) was not ready within %d "
					  "seconds",
					  process.pid, READY_SECONDS),
				"its log is '%s'", server->log);
		server_pause(20);
	}
	*running = false;
	return NULL;
}

static struct error *start_locked(bool *started, const struct server *server)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *bindir;
	bool running;

	err = await(&running, server);
	if (!err && server_lacks_roles(server))
		err = retire_data(&running, server);
	if (err || running)
		return err;
	err = prepare_data(&bindir, tmp, server);
	if (!err)
		err = server_clear_stale(server);
	if (!err)
		err = run_server(server, bindir);
	if (!err)
		*started = true;
	return err;
}

struct error *server_start(bool *started, struct server *server)
{
	struct error *err;
	bool now = false;
	int lock;

	/* The path is a line of postmaster.pid, which pg_ctl reads. */
	if (strchr(server->dir, '\n'))
		return error_hint(error_new(ERROR_FAIL, "PostgreSQL cannot run in a directory "
							"whose path contains a newline"),
				  "rename the directory, or use another server: git config "
				  "hop.database ...");
	err = server_make_folders(server);
	if (!err)
		err = server_lock(&lock, server);
	if (err)
		return error_wrap(err, "cannot start the private server");
	err = server_note_use(lock, server);
	if (!err) {
		/*
		 * Before the server starts: if we are killed in between, the watcher still stops
		 * it.
		 */
		server_watch_begin(server);
		err = start_locked(&now, server);
	}
	close(lock);
	if (!err && started)
		*started = now;
	return err;
}

struct error *server_stop(bool *stopped, struct server *server)
{
	struct error *err;
	bool was = false;
	int lock;

	if (file_is_dir(server->dir)) {
		err = server_lock(&lock, server);
		if (err)
			return error_wrap(err, "cannot stop the private server");
		err = server_stop_locked(&was, server);
		close(lock);
		if (err)
			return err;
		if (was)
			server_watch_end(server);
	}
	if (stopped)
		*stopped = was;
	return NULL;
}

struct error *server_status(struct server_status *out, void *ctx, struct server *server)
{
	struct server_process process = {0};

	*out = (struct server_status){.version = read_version(ctx, server)};
	out->made = out->version != NULL;
	out->running = server_process(&process, server) && process.ready;
	out->pid = out->running ? process.pid : 0;
	out->started = out->running ? process.started : 0;
	return NULL;
}
