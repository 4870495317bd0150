/* Failpoints for the crash tests; nothing without --enable-failpoints. */
#include "base/fail.h"

#ifdef HOP_FAILPOINTS

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often this process has reached the failpoint in HOP_FAIL. */
static int reached;

struct error *fail_point(const char *name)
{
	const char *spec = getenv("HOP_FAIL");
	size_t n = strlen(name);
	char *action;

	if (!spec)
		return NULL;
	if (strcmp(spec, "list") == 0) {
		fprintf(stderr, "failpoint %s\n", name);
		return NULL;
	}
	if (strncmp(spec, name, n) != 0 || spec[n] != ':')
		return NULL;
	if (++reached != strtol(spec + n + 1, &action, 10))
		return NULL;
	if (strcmp(action, ":kill") == 0)
		kill(getpid(), SIGKILL);
	if (strcmp(action, ":stop") == 0)
		kill(getpid(), SIGSTOP);
	if (strcmp(action, ":error") == 0)
		return error_new(ERROR_FAIL, "failpoint '%s'", name);
	return NULL;
}

#else

struct error *fail_point(const char *name)
{
	(void)name;
	return NULL;
}

#endif
