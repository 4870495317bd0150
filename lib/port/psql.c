/* A psql that runs beside us. */
#include "port/psql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/db_private.h"
#include "port/pgtool_private.h"

#define POLL_MS 20
#define LOOK_SECONDS 0.5
#define MARK "git hop: done"

struct psql {
	struct db *db;
	const char *work;
	void (*wait)(void *arg, int pid);
	void *arg;
	pid_t process; /* 0: none */
	int in;        /* its standard input; -1: closed */
	int backend;   /* the session's process on the server; 0: not known yet */
	size_t seen;   /* bytes of its output */
};

static int end(struct psql *p)
{
	if (p->in >= 0)
		close(p->in);
	p->in = -1;
	if (p->process > 0)
		proc_stop(p->process);
	p->process = 0;
	return 0;
}

static struct error *spawn(struct psql *p, const char *program, int in)
{
	SCOPE(tmp, NULL);
	struct proc proc = {.env = db_env(tmp, p->db, NULL)};
	const char *names[] = {"out", "err"};
	struct error *err = NULL;

	proc.argv = proc_argv(tmp, program, "--no-psqlrc", "--quiet", "--no-align", "--tuples-only",
			      "--no-password", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose",
			      "--file=-", NULL);
	proc.files[0] = in;
	for (int i = 0; !err && i < 2; i++) {
		proc.files[i + 1] = open(path_join(tmp, p->work, names[i]),
					 O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
		if (proc.files[i + 1] < 0)
			err = error_errno("cannot create a file in '%s'", p->work);
	}
	if (!err)
		err = proc_start(&p->process, &proc);
	for (int i = 1; i < 3; i++) {
		if (proc.files[i] > 0)
			close(proc.files[i]);
	}
	return err;
}

/*
 * An error without a state is psql's own. The last error is the one that it stopped at:
 * "psql:<stdin>:7: ERROR:  55P03: canceling statement due to lock timeout".
 */
static struct error *error_of(struct psql *p)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *text, *at, *state = NULL;

	err = file_read(&text, NULL, tmp, path_join(tmp, p->work, "err"));
	if (err)
		return err;
	for (at = text; (at = strstr(at, "ERROR:  ")) != NULL; at++)
		state = at + strlen("ERROR:  ");
	if (!state || strlen(state) < 7 || state[5] != ':')
		return error_detail(error_new(ERROR_FAIL, "psql ended"), "%s", proc_tail(text, 5));
	state[5] = '\0';
	at = state + 7;
	at[strcspn(at, "\n")] = '\0';
	err = error_new(db_code(state), "%s", at);
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
	return err;
}

static struct error *send(struct psql *p, const char *text)
{
	size_t length = strlen(text);

	while (length > 0) {
		ssize_t put = write(p->in, text, length);

		if (put < 0 && errno != EINTR)
			return error_of(p);
		text += put > 0 ? put : 0;
		length -= put > 0 ? (size_t)put : 0;
	}
	return NULL;
}

/* What it has printed since the last time, if it has come to the mark. */
static struct error *look(char **output, void *ctx, struct psql *p)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *text, *mark;
	size_t length;

	*output = NULL;
	err = file_read(&text, &length, tmp, path_join(tmp, p->work, "out"));
	if (err)
		return err;
	mark = strstr(text + p->seen, MARK "\n");
	if (!mark)
		return NULL;
	*output = mem_dup_n(ctx, text + p->seen, (size_t)(mark - text) - p->seen);
	p->seen = length;
	return NULL;
}

struct error *psql_run(char **output, void *ctx, struct psql *p, const char *sql)
{
	SCOPE(tmp, ctx);
	const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
	double next = log_clock() + LOOK_SECONDS;
	char *said = NULL;
	struct error *err;

	err = send(p, mem_printf(tmp, "%s\n\\echo '" MARK "'\n", sql));
	while (!err) {
		bool ended = proc_has_ended(p->process);

		err = look(&said, tmp, p);
		if (!err && !said)
			err = ended ? error_of(p) : signals_check();
		if (err || said)
			break;
		if (p->wait && log_clock() >= next) {
			p->wait(p->arg, p->backend);
			next = log_clock() + LOOK_SECONDS;
		}
		nanosleep(&pause, NULL);
	}
	if (!err && output)
		*output = mem_dup(ctx, said);
	return err;
}

struct error *psql_start(struct psql **out, void *ctx, struct db *db, const char *work,
			 void (*wait)(void *arg, int pid), void *arg)
{
	SCOPE(tmp, ctx);
	struct psql *p = mem_new(tmp, struct psql);
	char *program, *said;
	struct error *err;
	int ends[2];

	*p = (struct psql){.db = db, .wait = wait, .arg = arg, .in = -1};
	p->work = mem_dup(p, work);
	err = pgtool_find_for(&program, NULL, tmp, db, "psql");
	if (err)
		return err;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno("cannot create a pipe");
	p->in = ends[1];
	talloc_set_destructor(p, end);
	err = spawn(p, program, ends[0]);
	close(ends[0]);
	if (!err)
		err = psql_run(&said, tmp, p, "SELECT pg_catalog.pg_backend_pid();");
	if (err)
		return err;
	p->backend = atoi(said);
	*out = talloc_steal(ctx, p);
	return NULL;
}

static struct error *restore(struct psql *p, const char *path, const char *list, bool alone)
{
	SCOPE(tmp, NULL);
	struct proc proc = {.files = {0, p->in, 0}};
	struct error *err, *other;
	char *file;

	err = pgtool_find_for(&file, NULL, tmp, p->db, "pg_restore");
	if (err)
		return err;
	proc.argv = proc_argv(tmp, file, "--exit-on-error", mem_printf(tmp, "--use-list=%s", list),
			      "--file=-", alone ? "--single-transaction" : "--",
			      path_absolute(tmp, path), NULL);
	err = proc_check(tmp, &proc);
	if (err && err->code == ERROR_SIGNALLED)
		return err;
	/* What the server said comes first: pg_restore only lost its reader then. */
	other = err ? error_of(p) : NULL;
	if (other && *other->sqlstate) {
		error_free(err);
		err = other;
	} else {
		error_free(other);
	}
	if (!err)
		err = psql_run(NULL, tmp, p, "");
	return error_wrap(err, "cannot restore the backup '%s'", path);
}

struct error *psql_restore(struct psql *p, const char *path)
{
	SCOPE(tmp, NULL);
	char *list = path_join(tmp, p->work, "list");
	bool any;
	struct error *err = pgtool_backup_list(&any, p->db, path, list, PGTOOL_ALL_BUT_CONTENTS);

	return err ? err : restore(p, path, list, false);
}

struct error *psql_restore_contents(bool *committed, struct psql *p, const char *path)
{
	SCOPE(tmp, NULL);
	char *list = path_join(tmp, p->work, "contents");
	struct error *err = pgtool_backup_list(committed, p->db, path, list, PGTOOL_CONTENTS);

	return err || !*committed ? err : restore(p, path, list, true);
}
