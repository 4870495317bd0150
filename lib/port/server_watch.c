/* The process that stops the private server when it is idle. */
#include "port/server.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/db.h"
#include "port/server_state.h"

struct watch {
	int pid;               /* of the server being watched; 0: none yet */
	int fd;                /* its pidfd, or -1 */
	int idle;              /* seconds; 0: never stop */
	struct timespec asked; /* when a command last asked for the server */
	long long count;       /* of what others did: see activity_sql */
	long long own;         /* what we have added to it */
	double since;          /* idle since then */
	int lock;              /* lock on DIR/watch while we watch; or -1 */
};

/* In the directory of the current program, or on PATH. */
static char *find_program(void *ctx)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *program;

	if (n > 0) {
		self[n] = '\0';
		program = path_join(ctx, path_dir(ctx, self), "git-hop-server");
		if (access(program, X_OK) == 0)
			return program;
	}
	return proc_find(ctx, "git-hop-server");
}

/* Only one process watches: the one that holds the lock on DIR/watch. */
static bool lock_watch(int *fd, const struct server *server)
{
	SCOPE(tmp, NULL);
	struct error *err = file_lock(fd, path_join(tmp, server->dir, "watch"), false);

	if (err)
		*fd = -1;
	error_free(err);
	return *fd >= 0;
}

void server_watch_end(const struct server *server)
{
	int fd = -1;

	for (int i = 0; i < 100 && file_is_dir(server->dir); i++) {
		if (lock_watch(&fd, server)) {
			close(fd);
			return;
		}
		server_pause(20);
	}
}

void server_watch_begin(const struct server *server)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *program;
	int fd;

	if (server->idle == 0 || !lock_watch(&fd, server))
		return;
	close(fd);
	program = find_program(tmp);
	if (!program) {
		warn("cannot find git-hop-server: the private server will not stop "
		     "automatically");
		return;
	}
	err = proc_leave(proc_argv(tmp, program, "watch", server->common,
				   mem_printf(tmp, "%d", server->idle), NULL));
	if (err)
		warn("the private server will not stop automatically: %s", err->message);
	error_free(err);
}

/* Reads what the last command that used the server wrote to DIR/lock. */
static bool read_use(int *idle, struct timespec *asked, const struct server *server)
{
	SCOPE(tmp, NULL);
	char *path = path_join(tmp, server->dir, "lock");
	struct error *err;
	struct stat st;
	char *text;

	err = file_read(&text, NULL, tmp, path);
	if (err || stat(path, &st) < 0) {
		error_free(err);
		return false;
	}
	*idle = atoi(text);
	*asked = st.st_mtim;
	return true;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/*
 * Who is connected, besides us; a number that grows with each session; and by how much ours makes
 * it grow.
 */
static const char activity_sql[] =
	"select coalesce(sum(numbackends), 0) - 1, coalesce(sum(sessions), 0), 1"
	" from pg_stat_database";
/*
 * PostgreSQL 13 does not count sessions. The next transaction ID grows with each that writes, and
 * not with ours: one that only reads, and ends before the next check, is not noticed.
 */
static const char activity_sql_13[] =
	"select coalesce(sum(numbackends), 0) - 1,"
	" (select pg_snapshot_xmax(pg_current_snapshot())::text), 0 from pg_stat_database";

/* Was anyone connected since the last check? A server that cannot be queried counts as busy. */
static bool is_busy(struct watch *w, const struct server *server)
{
	SCOPE(tmp, NULL);
	struct rows *rows = NULL;
	struct error *err;
	long long count;
	struct db *db;
	bool busy;

	err = db_connect(&db, tmp, server->conninfo, "postgres");
	if (!err)
		err = db_query(&rows, tmp, db,
			       db_server_version(db) >= 140000 ? activity_sql : activity_sql_13,
			       DB_NO_ARGS);
	if (err) {
		error_free(err);
		return true;
	}
	count = rows_number(rows, 0, 1) - w->own;
	w->own += rows_number(rows, 0, 2);
	busy = rows_number(rows, 0, 0) > 0 || count != w->count;
	w->count = count;
	return busy;
}

static void release(struct watch *w)
{
	if (w->lock >= 0)
		close(w->lock);
	w->lock = -1;
}

static void follow(struct watch *w, int pid)
{
	if (w->fd >= 0)
		close(w->fd);
	w->pid = pid;
	w->fd = pid ? pidfd_open(pid, 0) : -1;
	w->since = log_clock();
}

/*
 * While we hold the lock, no server can start. If none is running now, release DIR/watch, so that
 * whoever starts the next server starts another watcher.
 */
static bool is_over(struct watch *w, const struct server *server)
{
	struct server_process process;
	struct error *err;
	bool over;
	int lock;

	err = server_lock(&lock, server);
	if (err) {
		error_free(err);
		return !file_is_dir(server->dir);
	}
	over = !server_process(&process, server);
	if (over)
		release(w);
	close(lock);
	return over;
}

/* Data outside of the repository remains when the repository is deleted. */
static bool is_orphan(const struct server *server)
{
	return !file_is_dir(server->common);
}

/* Stops the server, unless a command has just asked for it. */
static struct error *stop_idle(bool *over, struct watch *w, const struct server *server)
{
	struct timespec asked;
	struct error *err;
	bool stopped;
	int lock, idle;

	err = server_lock(&lock, server);
	if (err)
		return err;
	*over = is_orphan(server) ||
		(read_use(&idle, &asked, server) && same_time(&asked, &w->asked));
	if (*over) {
		err = server_stop_locked(&stopped, server);
		release(w);
	}
	close(lock);
	return err;
}

/* Checks a running server. */
static struct error *look(bool *over, struct watch *w, const struct server *server)
{
	struct timespec asked = w->asked;

	if (is_orphan(server))
		return stop_idle(over, w, server);
	if (!read_use(&w->idle, &asked, server))
		return NULL;
	if (!same_time(&asked, &w->asked) || is_busy(w, server))
		w->since = log_clock();
	w->asked = asked;
	*over = w->idle == 0;
	if (w->idle > 0 && log_clock() - w->since >= w->idle)
		return stop_idle(over, w, server);
	return NULL;
}

static int tick(int idle)
{
	int seconds = idle / 4;

	return 1000 * (seconds < 1 ? 1 : seconds > 30 ? 30 : seconds);
}

static struct error *watch_loop(struct watch *w, const struct server *server)
{
	struct server_process process;
	struct error *err;
	bool over = false;

	while (!over) {
		struct pollfd gone = {w->fd, POLLIN, 0};

		if (server_process(&process, server)) {
			if (process.pid != w->pid)
				follow(w, process.pid);
			err = look(&over, w, server);
			if (err)
				return err;
		} else {
			/* It runs without its data directory: someone deleted the repository. */
			if (w->fd >= 0 && !file_is_dir(server->data))
				pidfd_send_signal(w->fd, SIGQUIT, NULL, 0);
			follow(w, 0);
			over = is_over(w, server);
		}
		gone.fd = w->fd;
		if (!over)
			poll(&gone, 1, tick(w->idle));
	}
	return NULL;
}

struct error *server_watch(struct server *server)
{
	struct watch w = {.fd = -1, .idle = server->idle};
	struct server_process process;
	struct error *err;
	int lock;

	if (!lock_watch(&w.lock, server))
		return NULL;
	db_set_application("server watch");
	/*
	 * Our parent holds the lock until the server runs; if the parent is killed, pg_ctl
	 * continues.
	 */
	err = server_lock(&lock, server);
	if (!err)
		close(lock);
	for (int i = 0; !err && i < 50 && !server_process(&process, server); i++)
		server_pause(100);
	if (!err)
		err = watch_loop(&w, server);
	release(&w);
	follow(&w, 0);
	return err;
}
