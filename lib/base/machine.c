/* The machine and processes on it. */
#include "base/machine.h"

#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

char *machine_host(const void *ctx)
{
	char name[256] = "";

	if (gethostname(name, sizeof(name) - 1) < 0 || !*name)
		return mem_dup(ctx, "unknown");
	return mem_dup(ctx, name);
}

char *machine_user(const void *ctx)
{
	const struct passwd *user = getpwuid(geteuid());

	if (!user || !*user->pw_name)
		return mem_printf(ctx, "%u", (unsigned int)geteuid());
	return mem_dup(ctx, user->pw_name);
}

struct error *machine_random(char **hex, const void *ctx, size_t bytes)
{
	SCOPE(tmp, NULL);
	unsigned char *random = mem_array(tmp, unsigned char, bytes);
	char *text = mem_dup(tmp, "");

	if (getrandom(random, bytes, 0) != (ssize_t)bytes)
		return error_errno("cannot get a random number");
	for (size_t i = 0; i < bytes; i++)
		mem_append(&text, tmp, "%02x", random[i]);
	*hex = talloc_steal(ctx, text);
	return NULL;
}

char *machine_id(const void *ctx)
{
	SCOPE(tmp, NULL);
	char space[64];
	struct error *err;
	ssize_t n;
	char *boot;

	err = file_read(&boot, NULL, tmp, "/proc/sys/kernel/random/boot_id");
	if (err) {
		error_free(err);
		return NULL;
	}
	n = readlink("/proc/self/ns/pid", space, sizeof(space) - 1);
	if (n <= 0)
		return NULL;
	space[n] = '\0';
	boot[strcspn(boot, "\n")] = '\0';
	return mem_printf(ctx, "%s %s", boot, space);
}

/* /proc/PID/NAME; NULL when there is none. */
static char *proc_file(void *ctx, size_t *length, long pid, const char *name)
{
	struct error *err;
	char *text;

	err = file_read(&text, length, ctx, mem_printf(ctx, "/proc/%ld/%s", pid, name));
	if (!err)
		return text;
	error_free(err);
	return NULL;
}

/* Field N, from 3 (the state) on, of a text from /proc/PID/stat, which may be NULL. */
static const char *stat_field(const char *text, int n)
{
	/* The name of the program can contain anything; the state follows it. */
	const char *p = text ? strrchr(text, ')') : NULL;

	for (int field = 2; p && field < n; field++)
		p = strchr(p + 1, ' ');
	return p ? p + 1 : NULL;
}

/* The start time of a process in ticks since boot; 0 if it does not exist or has ended. */
static unsigned long long began(long pid)
{
	SCOPE(tmp, NULL);
	const char *text = proc_file(tmp, NULL, pid, "stat");
	const char *state = stat_field(text, 3), *start = stat_field(text, 22);

	if (!state || *state == 'Z' || *state == 'X')
		return 0;
	return start ? strtoull(start, NULL, 10) : 0;
}

/* By the clock that sets the times of files; 0: there is none, or it has ended. */
static double began_at(long pid)
{
	struct timespec real, boot;
	unsigned long long ticks = began(pid);

	if (ticks == 0)
		return 0;
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return (double)(real.tv_sec - boot.tv_sec) + (double)(real.tv_nsec - boot.tv_nsec) / 1e9 +
	       (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

/* The process that started it; 0: unknown. */
static long parent_of(long pid)
{
	SCOPE(tmp, NULL);
	const char *parent = stat_field(proc_file(tmp, NULL, pid, "stat"), 4);

	return parent ? strtol(parent, NULL, 10) : 0;
}

static bool descends_from(long pid)
{
	for (long p = getpid(); p > 0; p = parent_of(p)) {
		if (p == pid)
			return true;
	}
	return false;
}

static bool is_in(const char *path, const char *const *dirs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = dirs[i] ? strlen(dirs[i]) : 0;

		while (n > 1 && dirs[i][n - 1] == '/')
			n--;
		if (n > 0 && strncmp(path, dirs[i], n) == 0 && (path[n] == '/' || !path[n]))
			return true;
	}
	return false;
}

static bool is_program(long pid, const char *name, const char *except)
{
	SCOPE(tmp, NULL);
	char *comm = proc_file(tmp, NULL, pid, "comm"), *args;
	size_t length;

	if (!comm || strcmp(comm, mem_printf(tmp, "%s\n", name)) != 0)
		return false;
	args = proc_file(tmp, &length, pid, "cmdline");
	for (char *p = args; args && p < args + length; p += strlen(p) + 1) {
		if (strcmp(p, except) == 0)
			return false;
	}
	return true;
}

bool machine_program_in(const char *name, const char *except, const char *const *dirs, size_t count,
			double before)
{
	SCOPE(tmp, NULL);
	struct error *err;
	size_t found;
	char **names;

	err = file_list(&names, &found, tmp, "/proc");
	if (err) {
		error_free(err);
		return false;
	}
	for (; *names; names++) {
		long pid = strtol(*names, NULL, 10);
		char cwd[PATH_MAX];
		ssize_t n;

		if (pid <= 0 || !is_program(pid, name, except) || descends_from(pid))
			continue;
		n = readlink(mem_printf(tmp, "/proc/%ld/cwd", pid), cwd, sizeof(cwd) - 1);
		if (n <= 0)
			continue;
		cwd[n] = '\0';
		if (is_in(cwd, dirs, count) && began_at(pid) > 0 && began_at(pid) <= before)
			return true;
	}
	return false;
}

char *machine_process(const void *ctx)
{
	return mem_printf(ctx, "%ld %llu", (long)getpid(), began(getpid()));
}

bool machine_runs(const char *process)
{
	unsigned long long start;
	char *end;
	long pid;

	pid = strtol(process, &end, 10);
	if (pid <= 0 || *end != ' ')
		return false;
	start = strtoull(end, NULL, 10);
	return start > 0 && began(pid) == start;
}
