/* Messages on standard error, color, the trace, and the flag set by signals. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/error.h"

/* -1 with -q, 0 by default, +1 for each -v. */
void log_set_verbosity(int level);
int log_verbosity(void);

/*
 * Prints a line, except with -q. The arguments of these are quoted (base/quote.h), so a name makes
 * no line of its own.
 */
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints "warning: ...", except with -q. */
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints an error despite which the command continues as a warning, with its detail and hint. */
void warn_error(const struct error *err);
/* Prints "hint: ...", except with -q. */
void hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints a line with -v only. */
void debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Lines that are ready, such as commands to run, or what a program said. */
void hint_lines(const char *text);
void debug_lines(const char *text);
/*
 * Writes a line to the file in HOP_TRACE, if it is set, with time and process ID. Never pass a
 * password.
 */
void trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Shows the current step until the next line is printed; "" erases it. Prints nothing with -q, or
 * if log_colour(STDERR_FILENO) is false.
 */
void progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Does progress() print? */
bool log_progress(void);

/* Use color on FD? It must be a terminal, NO_COLOR unset, and TERM not "dumb". */
bool log_colour(int fd);

/* Seconds on the monotonic clock. */
double log_clock(void);
/* Milliseconds since BEGAN on it. */
long long log_ms_since(double began);

/*
 * After this call, SIGINT, SIGTERM and SIGHUP only set a flag and call the hook; functions that
 * take time check the flag and return an error. SIGPIPE is ignored, so writes fail instead.
 */
void signals_catch(void);
/*
 * Sets the function called by the signal handler; NULL: none. HOOK must be async-signal-safe and
 * replaces the one before.
 */
void signals_set_hook(void (*hook)(void));
/* The signal that was received; 0: none. */
int signals_caught(void);
/* ERROR_SIGNALLED if a signal was received. */
struct error *signals_check(void) MUST_CHECK;
/*
 * For cleaning up after a signal: clears the flag until signals_resume is called with the returned
 * value. Signals received in the meantime set it as usual.
 */
int signals_suspend(void);
void signals_resume(int suspended);

#endif
