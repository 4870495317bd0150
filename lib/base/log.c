/* Messages on standard error, the trace, and signals. */
#include "base/log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/quote.h"

static int verbosity;
static bool progress_shown;
static volatile sig_atomic_t caught;
static void (*volatile signal_hook)(void);

void log_set_verbosity(int level)
{
	verbosity = level;
}

int log_verbosity(void)
{
	return verbosity;
}

double log_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

long long log_ms_since(double began)
{
	return (long long)((log_clock() - began) * 1000);
}

bool log_colour(int fd)
{
	const char *term = getenv("TERM");
	const char *off = getenv("NO_COLOR");

	return isatty(fd) && !(off && *off) && term && strcmp(term, "dumb") != 0;
}

static void wipe_progress(void)
{
	if (progress_shown)
		fputs("\r\033[K", stderr);
	progress_shown = false;
}

__attribute__((format(printf, 3, 0))) static void say(int level, const char *prefix,
						      const char *fmt, va_list ap)
{
	SCOPE(tmp, NULL);

	if (verbosity < level)
		return;
	wipe_progress();
	fprintf(stderr, "%s%s\n", prefix, quote_vprintf(tmp, fmt, ap));
}

#define SAY(level, prefix)                   \
	do {                                 \
		va_list ap;                  \
		va_start(ap, fmt);           \
		say(level, prefix, fmt, ap); \
		va_end(ap);                  \
	} while (0)

void note(const char *fmt, ...)
{
	SAY(0, "");
}

void warn(const char *fmt, ...)
{
	SAY(0, "warning: ");
}

void hint(const char *fmt, ...)
{
	SAY(0, "hint: ");
}

void warn_error(const struct error *err)
{
	if (verbosity < 0)
		return;
	wipe_progress();
	error_print_as(stderr, "warning: ", err);
}

void debug(const char *fmt, ...)
{
	SAY(1, "");
}

static void lines(int level, const char *prefix, const char *text)
{
	SCOPE(tmp, NULL);

	for (char **line = mem_split(tmp, text, '\n'); *line && verbosity >= level; line++) {
		wipe_progress();
		fprintf(stderr, "%s%s\n", prefix, quote_lines(tmp, *line));
	}
}

void hint_lines(const char *text)
{
	lines(0, "hint: ", text);
}

void debug_lines(const char *text)
{
	lines(1, "", text);
}

bool log_progress(void)
{
	return verbosity >= 0 && log_colour(STDERR_FILENO);
}

void progress(const char *fmt, ...)
{
	SCOPE(tmp, NULL);
	va_list ap;

	if (!log_progress())
		return;
	wipe_progress();
	if (!*fmt)
		return;
	va_start(ap, fmt);
	fputs(quote_vprintf(tmp, fmt, ap), stderr);
	va_end(ap);
	fflush(stderr);
	progress_shown = true;
}

void trace(const char *fmt, ...)
{
	SCOPE(tmp, NULL);
	const char *path = getenv("HOP_TRACE");
	struct timespec now;
	struct tm tm;
	char stamp[32], *text;
	va_list ap;
	FILE *file;

	if (!path || !*path)
		return;
	file = fopen(path, "ae");
	if (!file)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(stamp, sizeof(stamp), "%FT%T", &tm);
	fprintf(file, "%s.%06ldZ %d ", stamp, now.tv_nsec / 1000, (int)getpid());
	va_start(ap, fmt);
	text = mem_check(talloc_vasprintf(tmp, fmt, ap));
	va_end(ap);
	fprintf(file, "%s\n", quote_lines(tmp, text));
	fclose(file);
}

static void on_signal(int number)
{
	caught = number;
	if (signal_hook)
		signal_hook();
}

void signals_catch(void)
{
	struct sigaction act = {.sa_handler = on_signal};

	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	/* A closed pipe is then a write error, which main reports. */
	signal(SIGPIPE, SIG_IGN);
}

void signals_set_hook(void (*hook)(void))
{
	signal_hook = hook;
}

int signals_caught(void)
{
	return caught;
}

struct error *signals_check(void)
{
	if (!caught)
		return NULL;
	return error_new(ERROR_SIGNALLED, "stopped by signal %d (%s)", (int)caught,
			 strsignal(caught));
}

int signals_suspend(void)
{
	int was = caught;

	caught = 0;
	return was;
}

void signals_resume(int suspended)
{
	if (suspended && !caught)
		caught = suspended;
}
