/* Running programs. No shell, ever, but for the user's own test command, which is a shell line. */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* All zero is a good start: inherits environment, folder and stderr; stdin is /dev/null. */
struct proc {
	char *const *argv; /* argv[0] is looked up on PATH */
	const char *dir;   /* folder to run in, NULL: here */
	/* "NAME=value" to set and "NAME" to unset, over the inherited ones; NULL-terminated */
	char *const *env;
	const char *input;   /* what standard input holds, NULL: /dev/null */
	size_t input_length; /* 0 with input: strlen(input) */
	bool tty;            /* standard input is inherited */
	bool capture;        /* collect standard output in .output; else it is inherited */
	bool capture_err;    /* collect standard error in .errors; else it is inherited */
	bool merge;          /* with capture: standard error goes where standard output goes */
	bool to_stderr;      /* without capture: standard output goes to standard error */
	bool close_fds;      /* no descriptor from 3 on is passed on: for what starts a daemon */
	bool group;          /* a session of its own, without a terminal, killed as a whole */
	/*
	 * A descriptor that the program inherits; the modification time of its file is set before
	 * it starts, each second while it runs, and at its end. 0: none.
	 */
	int live;
	bool patient;     /* has time to end what cannot be taken back before it gets a signal */
	const char *user; /* as root: run as this user and the group of that name; else no effect */
	double timeout;   /* seconds, after which it is ended as after a signal; 0: any time */
	/*
	 * With group: seconds after its end for which other processes may hold its output open;
	 * then .left says what it left running, and its group is ended. 0: any time, nothing is
	 * ended.
	 */
	double linger;
	/* With capture, for output without bounds: */
	size_t keep; /* .output is the last KEEP bytes; 0: all */
	/* A file, made for it, that gets the first LOG_LIMIT bytes and the last KEEP; NULL: none */
	const char *log;
	size_t log_limit;
	bool show; /* standard error gets it, too, as it comes */
	/* results, allocated under the context given to proc_run */
	int status;   /* exit status, or 128 + signal */
	char *output; /* never NULL with capture; a NUL follows the last byte */
	size_t output_length;
	char *errors;
	bool timed_out; /* .timeout ended it */
	char *left;     /* "4711 (sleep), 4712 (redis-server)"; NULL: nothing */
};

/*
 * Runs it to its end. A program that cannot be started is an error; one that exits with
 * another status than 0 is not: look at .status. After SIGINT or SIGTERM the child (or its
 * group) gets SIGTERM, later SIGKILL, is waited for, and ERROR_SIGNALLED comes back; the results
 * are there then, too.
 */
struct error *proc_run(void *ctx, struct proc *proc) MUST_CHECK;

/*
 * proc_run, and an exit status other than 0 is ERROR_FAIL with the last lines of its stderr as
 * detail.
 */
struct error *proc_check(void *ctx, struct proc *proc) MUST_CHECK;

/*
 * Starts a program that goes on without us: a session of its own in the folder "/", with nothing
 * inherited but the environment. ARGV[0] is a path. Not waited for.
 */
struct error *proc_leave(char *const *argv) MUST_CHECK;

/* NULL-terminated argv from strings, the last argument NULL. */
char **proc_argv(void *ctx, ...) __attribute__((sentinel));

/* The first NAME on PATH that can be run, or NULL. */
char *proc_find(void *ctx, const char *name);

/* At most the last N lines of TEXT. */
const char *proc_tail(const char *text, int n);

#endif
