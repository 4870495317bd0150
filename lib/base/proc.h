/* Runs programs, never through a shell, except for the project's test command. */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

#define PROC_LIVE 2

/*
 * Initialize with zeros: then the program inherits environment, directory and standard error, and
 * standard input is /dev/null.
 */
struct proc {
	char *const *argv; /* argv[0] is looked up on PATH */
	const char *dir;   /* directory to run in; NULL: the current one */
	/* changes to the environment: "NAME=value" sets and "NAME" unsets; NULL-terminated */
	char *const *env;
	const char *input;   /* text of standard input; NULL: /dev/null */
	size_t input_length; /* 0 with input: strlen(input) */
	bool tty;            /* standard input is inherited */
	bool capture;        /* collect standard output in .output; else it is inherited */
	bool capture_err;    /* collect standard error in .errors; else it is inherited */
	bool merge;          /* with capture: standard error goes where standard output goes */
	bool to_stderr;      /* without capture: standard output goes to standard error */
	bool close_fds;      /* close other descriptors, for programs that start a daemon */
	bool group;          /* a session of its own, without a terminal, killed as a whole */
	/*
	 * Descriptors that the program inherits; the modification times of their files are set
	 * before it starts, each second while it runs, and at its end. 0: none.
	 */
	int live[PROC_LIVE];
	int files[3];     /* open files for standard input, output and error; 0: as above */
	bool patient;     /* has time to end what cannot be taken back before it gets a signal */
	const char *user; /* for root: run as this user and the group of the same name */
	double timeout;   /* seconds after which it is killed as after a signal; 0: never */
	/*
	 * With group: seconds to wait after its end for other processes that hold its output open;
	 * then .left lists those still running, and the group is killed. 0: wait forever.
	 */
	double linger;
	/* With capture, for output of any size: */
	size_t keep; /* .output is the last KEEP bytes; 0: all */
	/* The file that receives the first LOG_LIMIT and the last KEEP bytes; NULL: none */
	const char *log;
	size_t log_limit;
	bool show; /* also copy it to standard error at once */
	/* results, allocated under the context given to proc_run */
	int status;   /* exit status, or 128 + signal */
	char *output; /* never NULL with capture; NUL-terminated */
	size_t output_length;
	char *errors;
	bool timed_out; /* killed because of .timeout */
	char *left;     /* "4711 (sleep), 4712 (redis-server)"; NULL: nothing */
};

/*
 * Runs a program and waits for its end. It is an error if it cannot be started, but not if its exit
 * status is not 0: check .status. After SIGINT or SIGTERM, sends SIGTERM and later SIGKILL to the
 * child or its group, waits for it, and returns ERROR_SIGNALLED; the results are set in this case,
 * too.
 */
struct error *proc_run(void *ctx, struct proc *proc) MUST_CHECK;

/*
 * Like proc_run, but an exit status other than 0 is ERROR_FAIL with the last lines of standard
 * error as detail.
 */
struct error *proc_check(void *ctx, struct proc *proc) MUST_CHECK;

/*
 * Starts a program that runs beside us, and reads and writes .files; nothing else of PROC but .argv
 * and .env is heeded. Call proc_stop at the end, whether it has ended or not.
 */
struct error *proc_start(pid_t *pid, const struct proc *proc) MUST_CHECK;
/* Whether it has ended by itself; it is not reaped. */
bool proc_has_ended(pid_t pid);
/* Kills it, if it runs. Returns what .status would be. */
int proc_stop(pid_t pid);

/*
 * Starts a program that outlives us: in a session of its own and in the directory "/", inheriting
 * only the environment. ARGV[0] is a path. Does not wait for it.
 */
struct error *proc_leave(char *const *argv) MUST_CHECK;

/* Makes a NULL-terminated argv from the arguments up to NULL. */
char **proc_argv(void *ctx, ...) __attribute__((sentinel));

/* The first executable NAME on PATH; NULL if there is none. */
char *proc_find(void *ctx, const char *name);

/* The last N lines of TEXT. */
const char *proc_tail(const char *text, int n);

#endif
