/* Processes that a program leaves running. */
#include "base/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/proc_private.h"

#define NAMED 10   /* number of processes named in a message */
#define TIDY 2.0   /* seconds from SIGTERM to SIGKILL */
#define STEP_MS 20 /* between two checks */

struct one {
	pid_t pid, group, session;
	char state;
	char name[32];
};

/* /proc/PID/stat: "PID (NAME) STATE PARENT GROUP SESSION ...", with anything in NAME. */
static bool read_one(struct one *out, const char *pid)
{
	char path[64], text[512], *name, *end;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (!name || !end ||
	    sscanf(end + 1, " %c %*d %d %d", &out->state, &out->group, &out->session) != 3)
		return false;
	*end = '\0';
	out->pid = (pid_t)atoi(pid);
	snprintf(out->name, sizeof(out->name), "%s", name + 1);
	for (char *c = out->name; *c; c++)
		*c = isprint((unsigned char)*c) ? *c : '?';
	return out->state != 'Z' && out->state != 'X';
}

/* Does the process have the pipe open? Those of other users cannot be checked. */
static bool holds(const char *pid, ino_t pipe)
{
	char path[300], want[64], got[64];
	struct dirent *entry;
	bool found = false;
	ssize_t length;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	snprintf(want, sizeof(want), "pipe:[%llu]", (unsigned long long)pipe);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		length = readlinkat(dirfd(dir), entry->d_name, got, sizeof(got) - 1);
		got[length > 0 ? length : 0] = '\0';
		found = strcmp(got, want) == 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Returns the number of processes in the group of PID; TEXT lists all that are left. */
static size_t look(char **text, void *ctx, pid_t pid, ino_t pipe)
{
	DIR *dir = opendir("/proc");
	size_t members = 0, count = 0;
	struct dirent *entry;
	struct one one;

	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)*entry->d_name) || !read_one(&one, entry->d_name) ||
		    one.pid == getpid())
			continue;
		members += one.group == pid;
		if (!text || (one.session != pid && (!pipe || !holds(entry->d_name, pipe))))
			continue;
		if (count++ < NAMED)
			mem_append(text, ctx, "%s%d (%s)", count > 1 ? ", " : "", (int)one.pid,
				   one.name);
	}
	if (dir)
		closedir(dir);
	if (count > NAMED)
		mem_append(text, ctx, " and %zu more", count - NAMED);
	return members;
}

char *proc_end_left(void *ctx, pid_t pid, int output, double until)
{
	struct stat st = {.st_ino = 0};
	char *text = NULL;
	size_t members;

	if (output >= 0 && fstat(output, &st) < 0)
		st.st_ino = 0;
	/* Many are about to end themselves. */
	while ((members = look(&text, ctx, pid, st.st_ino)) > 0 && log_clock() < until) {
		text = NULL;
		poll(NULL, 0, STEP_MS);
	}
	if (members == 0)
		return text;
	kill(-pid, SIGTERM);
	until = log_clock() + TIDY;
	while (look(NULL, ctx, pid, 0) > 0 && log_clock() < until)
		poll(NULL, 0, STEP_MS);
	kill(-pid, SIGKILL);
	return text;
}
