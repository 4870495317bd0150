/* Where this process runs. */
#include "base/machine.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
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

/* When a process began, in ticks since boot; 0: there is none, or it has ended. */
static unsigned long long began(long pid)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *text, *p;

	err = file_read(&text, NULL, tmp, mem_printf(tmp, "/proc/%ld/stat", pid));
	if (err) {
		error_free(err);
		return 0;
	}
	/* The name of the program may hold anything; behind it the state is field 3. */
	p = strrchr(text, ')');
	if (!p || p[1] != ' ' || p[2] == 'Z' || p[2] == 'X')
		return 0;
	for (int field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	return p ? strtoull(p, NULL, 10) : 0;
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
