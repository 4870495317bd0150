/* The talk on standard error, colour, and the trace; and the one flag that signals set. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/error.h"

/* -1 with -q, 0 by default, +1 for each -v. */
void log_set_verbosity(int level);
int log_verbosity(void);

/*
 * A line for people, silent with -q. The arguments of these are quoted (base/quote.h), so a name
 * makes no line of its own.
 */
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* "warning: ...", silent with -q. */
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* An error that the command goes on in spite of, as a warning with its detail and hint. */
void warn_error(const struct error *err);
/* "hint: ...", silent with -q. */
void hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A line that only -v shows. */
void debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Lines that are ready, such as commands to run, or what a program said. */
void hint_lines(const char *text);
void debug_lines(const char *text);
/* A line of HOP_TRACE=FILE, with time and process; a no-op without. Never hand it a password. */
void trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * A step under way: shown in place until the next line is printed; "" wipes it. Nothing is shown
 * with -q, or where log_colour(STDERR_FILENO) is false.
 */
void progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Whether FD is a terminal that wants colour (NO_COLOR unset, TERM not dumb). */
bool log_colour(int fd);

/* Seconds on the monotonic clock, for durations. */
double log_clock(void);

/*
 * From here on SIGINT, SIGTERM and SIGHUP only set a flag, and call the hook; what runs looks at
 * the flag and returns an error. SIGPIPE is ignored: a write then fails.
 */
void signals_catch(void);
/* HOOK is called from the handler: async-signal-safe; NULL: none. There is one, the last set. */
void signals_set_hook(void (*hook)(void));
/* The signal that came, 0 for none. */
int signals_caught(void);
/* ERROR_SIGNALLED when one came, else NULL. */
struct error *signals_check(void) MUST_CHECK;
/*
 * For cleaning up after a signal: as if none had come, until signals_resume gets what this
 * returned. One that comes in between counts as ever.
 */
int signals_suspend(void);
void signals_resume(int suspended);

#endif
