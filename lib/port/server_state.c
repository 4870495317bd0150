/* The process and the lock of the private server. */
#include "port/server_state.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"

#define WAIT_SECONDS 60

void server_pause(int milliseconds)
{
	struct timespec time = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};

	nanosleep(&time, NULL);
}

/*
 * Process IDs are reused, so the number is not enough; the current directory of a server process is
 * its data directory.
 */
static bool is_server_process(const struct server *server, int pid)
{
	SCOPE(tmp, NULL);
	char *proc = mem_printf(tmp, "/proc/%d", pid);
	struct stat here, data;
	char exe[4096];
	ssize_t n;

	/* Without /proc, or in another view of it, what runs has to be taken for a server. */
	if (!file_exists("/proc/self"))
		return kill(pid, 0) == 0 || errno == EPERM;
	if (stat(path_join(tmp, proc, "cwd"), &here) < 0 || stat(server->data, &data) < 0 ||
	    here.st_dev != data.st_dev || here.st_ino != data.st_ino)
		return false;
	n = readlink(path_join(tmp, proc, "exe"), exe, sizeof(exe) - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	return strncmp(path_base(exe), "postgres", strlen("postgres")) == 0;
}

/*
 * Lines of postmaster.pid: pid, data, start time, port, socket directory, address, shared memory
 * key, state.
 */
bool server_process(struct server_process *out, const struct server *server)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *text, **lines;
	size_t n;
	int pid;

	err = file_read(&text, NULL, tmp, path_join(tmp, server->data, "postmaster.pid"));
	if (err) {
		error_free(err);
		return false;
	}
	lines = mem_split(tmp, text, '\n');
	n = mem_list_length(lines);
	/* A single-user server writes its pid as a negative number. */
	pid = n > 0 ? abs(atoi(lines[0])) : 0;
	if (pid <= 0 || !is_server_process(server, pid))
		return false;
	out->pid = pid;
	out->started = n > 2 ? atoll(lines[2]) : 0;
	out->ready = n > 7 && strncmp(lines[7], "ready", strlen("ready")) == 0;
	return true;
}

/* Signals every process of the server and returns their number. */
static int signal_all(const struct server *server, int signal)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		int pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;

		if (pid > 0 && is_server_process(server, pid)) {
			kill(pid, signal);
			count++;
		}
	}
	closedir(dir);
	return count;
}

struct error *server_clear_stale(const struct server *server)
{
	SCOPE(tmp, NULL);
	char *pid = path_join(tmp, server->data, "postmaster.pid");
	char *socket = path_join(tmp, server->socket, ".s.PGSQL." SERVER_PORT);

	if (!file_exists(pid))
		return NULL;
	/* Two servers would corrupt the data, so remove the file only when no process is left. */
	for (int i = 0; signal_all(server, SIGQUIT) > 0; i++) {
		if (i == WAIT_SECONDS * 20)
			return error_new(ERROR_AGAIN,
					 "processes of a crashed server are still running in '%s'",
					 server->data);
		server_pause(50);
	}
	debug("the private server had crashed");
	if (unlink(pid) < 0)
		return error_errno("cannot remove '%s'", pid);
	unlink(socket);
	unlink(mem_printf(tmp, "%s.lock", socket));
	return NULL;
}

struct error *server_lock(int *fd, const struct server *server)
{
	SCOPE(tmp, NULL);
	char *path = path_join(tmp, server->dir, "lock");
	double begin = log_clock();
	struct error *err;

	for (;;) {
		err = file_lock(fd, path, false);
		if (!err && *fd >= 0)
			return NULL;
		if (!err)
			err = signals_check();
		if (err)
			return err;
		if (log_clock() - begin > WAIT_SECONDS)
			return error_new(
				ERROR_AGAIN,
				"another command has been starting or stopping the private "
				"server for %d seconds",
				WAIT_SECONDS);
		server_pause(20);
	}
}

struct error *server_note_use(int lock, const struct server *server)
{
	SCOPE(tmp, NULL);
	char *text = mem_printf(tmp, "%d\n", server->idle);
	size_t length = strlen(text);

	if (pwrite(lock, text, length, 0) != (ssize_t)length ||
	    ftruncate(lock, (off_t)length) < 0 || futimens(lock, NULL) < 0)
		return error_errno("cannot write '%s/lock'", server->dir);
	return NULL;
}

struct error *server_stop_locked(bool *stopped, const struct server *server)
{
	struct server_process process;
	double begin = log_clock();

	*stopped = server_process(&process, server);
	if (!*stopped)
		return NULL;
	if (kill(process.pid, SIGINT) < 0)
		return error_errno("cannot stop the private server (pid %d)", process.pid);
	while (is_server_process(server, process.pid)) {
		if (log_clock() - begin > WAIT_SECONDS)
			return error_new(
				ERROR_AGAIN,
				"the private server (pid %d) did not stop within %d seconds",
				process.pid, WAIT_SECONDS);
		server_pause(20);
	}
	/* The directory in /tmp is empty now and is created again when needed. */
	if (strcmp(server->socket, server->run) != 0)
		rmdir(server->socket);
	return NULL;
}
