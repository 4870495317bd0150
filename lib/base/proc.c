/* Runs programs. */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc_private.h"

extern char **environ;

static void close_pipes(struct pipes *p)
{
	proc_close(&p->in[0]);
	proc_close(&p->in[1]);
	proc_close(&p->out[0]);
	proc_close(&p->out[1]);
	proc_close(&p->err[0]);
	proc_close(&p->err[1]);
	proc_close(&p->log);
}

char **proc_argv(void *ctx, ...)
{
	char **argv = mem_array(ctx, char *, 1);
	const char *word;
	va_list ap;

	va_start(ap, ctx);
	while ((word = va_arg(ap, const char *)) != NULL)
		mem_list_add(&argv, ctx, word);
	va_end(ap);
	return argv;
}

char *proc_find(void *ctx, const char *name)
{
	SCOPE(tmp, ctx);
	const char *path = getenv("PATH");
	char **dirs = mem_split(tmp, path ? path : "/usr/bin:/bin", ':');

	for (; *dirs; dirs++) {
		char *file = path_join(tmp, **dirs ? *dirs : ".", name);

		if (access(file, X_OK) == 0 && !file_is_dir(file))
			return mem_dup(ctx, file);
	}
	return NULL;
}

const char *proc_tail(const char *text, int n)
{
	const char *p = text + strlen(text);

	while (p > text && p[-1] == '\n')
		p--;
	for (; p > text; p--) {
		if (p[-1] == '\n' && --n == 0)
			break;
	}
	return p;
}

static bool same_name(const char *entry, const char *change)
{
	size_t n = strcspn(change, "=");

	return strncmp(entry, change, n) == 0 && entry[n] == '=';
}

/* The environment with CHANGES, which may be NULL. */
static char **make_env(void *ctx, char *const *changes)
{
	size_t n = mem_list_length(environ), more = mem_list_length(changes), k = 0;
	char **env = mem_array(ctx, char *, n + more + 1);

	for (size_t i = 0; i < n; i++) {
		bool replaced = false;

		for (size_t j = 0; j < more && !replaced; j++)
			replaced = same_name(environ[i], changes[j]);
		if (!replaced)
			env[k++] = environ[i];
	}
	for (size_t j = 0; j < more; j++) {
		if (strchr(changes[j], '='))
			env[k++] = changes[j];
	}
	return env;
}

static char **make_argv(void *ctx, const struct proc *proc)
{
	char **argv = mem_array(ctx, char *, 1);

	if (proc->user && geteuid() == 0) {
		mem_list_add(&argv, ctx, "setpriv");
		mem_list_add(&argv, ctx, mem_printf(ctx, "--reuid=%s", proc->user));
		mem_list_add(&argv, ctx, mem_printf(ctx, "--regid=%s", proc->user));
		mem_list_add(&argv, ctx, "--init-groups");
	}
	for (char *const *word = proc->argv; *word; word++)
		mem_list_add(&argv, ctx, *word);
	return argv;
}

static struct error *open_pipes(struct pipes *p, const struct proc *proc)
{
	*p = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, -1};
	if ((proc->input && pipe2(p->in, O_CLOEXEC) < 0) ||
	    (proc->capture && pipe2(p->out, O_CLOEXEC) < 0) ||
	    (proc->capture_err && pipe2(p->err, O_CLOEXEC) < 0)) {
		close_pipes(p);
		return error_errno("cannot create a pipe");
	}
	if (proc->log) {
		p->log = open(proc->log, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (p->log < 0) {
			close_pipes(p);
			return error_errno("cannot create '%s'", proc->log);
		}
	}
	if (proc->input) {
		/* Order the two ends alike: [0] is ours. */
		int ours = p->in[1];

		p->in[1] = p->in[0];
		p->in[0] = ours;
		fcntl(ours, F_SETFL, O_NONBLOCK);
	}
	return NULL;
}

static int spawn(pid_t *pid, char *const *argv, char **env, const struct proc *proc,
		 struct pipes *p)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t set;
	short flags = POSIX_SPAWN_SETSIGDEF;
	int rc;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &set);
	if (proc->group)
		flags |= POSIX_SPAWN_SETSID;
	posix_spawnattr_setflags(&attr, flags);
	if (proc->dir)
		posix_spawn_file_actions_addchdir_np(&files, proc->dir);
	if (proc->input)
		posix_spawn_file_actions_adddup2(&files, p->in[1], STDIN_FILENO);
	else if (!proc->tty)
		posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (proc->capture)
		posix_spawn_file_actions_adddup2(&files, p->out[1], STDOUT_FILENO);
	else if (proc->to_stderr)
		posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	if (proc->capture_err)
		posix_spawn_file_actions_adddup2(&files, p->err[1], STDERR_FILENO);
	else if (proc->merge && proc->capture)
		posix_spawn_file_actions_adddup2(&files, p->out[1], STDERR_FILENO);
	for (int i = 0; i < 3; i++) {
		if (proc->files[i] > 0)
			posix_spawn_file_actions_adddup2(&files, proc->files[i], i);
	}
	for (int i = 0; i < PROC_LIVE; i++) {
		if (proc->live[i] > 0)
			posix_spawn_file_actions_adddup2(&files, proc->live[i], proc->live[i]);
	}
	if (proc->close_fds)
		posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	rc = posix_spawnp(pid, argv[0], &files, &attr, argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* The exit status, or 128 + signal as in a shell. */
static int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return 127;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The URL of a remote may contain a password: scheme://user:password@host. */
static const char *without_password(void *ctx, const char *arg)
{
	const char *rest = strstr(arg, "://"), *colon, *at = NULL;
	size_t length;

	if (!rest)
		return arg;
	rest += 3;
	length = strcspn(rest, "/");
	colon = memchr(rest, ':', length);
	if (colon)
		at = memrchr(colon, '@', length - (size_t)(colon - rest));
	return at ? mem_printf(ctx, "%.*s:***%s", (int)(colon - arg), arg, at) : arg;
}

static void trace_run(char *const *argv, int status, double seconds)
{
	SCOPE(tmp, NULL);
	char *line = mem_dup(tmp, "run");

	if (log_verbosity() < 2 && !getenv("HOP_TRACE"))
		return;
	for (; *argv; argv++)
		mem_append(&line, tmp, " %s", path_quote(tmp, without_password(tmp, *argv)));
	trace("%s -> %d, %.1f ms", line, status, seconds * 1e3);
	if (log_verbosity() > 1)
		note("%s -> %d", line, status);
}

struct error *proc_run(void *ctx, struct proc *proc)
{
	SCOPE(tmp, NULL);
	double begin = log_clock();
	char **argv = make_argv(tmp, proc);
	char **env = make_env(tmp, proc->env);
	struct pipes p;
	struct error *err;
	pid_t pid;
	int rc;

	err = open_pipes(&p, proc);
	if (err)
		return err;
	proc_beat(proc);
	rc = spawn(&pid, argv, env, proc, &p);
	proc_close(&p.in[1]);
	proc_close(&p.out[1]);
	proc_close(&p.err[1]);
	if (rc != 0) {
		close_pipes(&p);
		errno = rc;
		return error_errno("cannot run '%s'", argv[0]);
	}
	proc_talk(ctx, proc, &p, pid);
	close_pipes(&p);
	proc->status = reap(pid);
	proc_beat(proc);
	trace_run(argv, proc->status, log_clock() - begin);
	return signals_check();
}

struct error *proc_check(void *ctx, struct proc *proc)
{
	bool want = proc->capture_err;
	struct error *err;

	if (!proc->merge)
		proc->capture_err = true;
	err = proc_run(ctx, proc);
	proc->capture_err = want;
	if (err)
		return err;
	if (proc->status != 0) {
		const char *said = proc->merge ? proc->output : proc->errors;

		err = error_new(ERROR_FAIL, "'%s' ended with status %d", path_base(proc->argv[0]),
				proc->status);
		return *said ? error_detail(err, "%s", proc_tail(said, 10)) : err;
	}
	return NULL;
}

struct error *proc_start(pid_t *pid, const struct proc *proc)
{
	SCOPE(tmp, NULL);
	struct pipes none = {{-1, -1}, {-1, -1}, {-1, -1}, -1};
	int rc = spawn(pid, proc->argv, make_env(tmp, proc->env), proc, &none);

	if (rc == 0)
		return NULL;
	errno = rc;
	return error_errno("cannot run '%s'", proc->argv[0]);
}

int proc_stop(pid_t pid)
{
	if (!proc_has_ended(pid))
		kill(pid, SIGKILL);
	return reap(pid);
}

struct error *proc_leave(char *const *argv)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	pid_t pid;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_addchdir_np(&files, "/");
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDERR_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	rc = posix_spawn(&pid, argv[0], &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	if (rc != 0) {
		errno = rc;
		return error_errno("cannot run '%s'", argv[0]);
	}
	return NULL;
}
