/* Option tables over getopt_long: parser, usage text and --list-options from one table. */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/out.h"

enum opt_kind {
	OPT_FLAG,      /* bool *: set to true */
	OPT_COUNT,     /* int *: incremented each time */
	OPT_PORCELAIN, /* enum out_format *: OUT_PORCELAIN */
	OPT_JSON,      /* enum out_format *: OUT_JSON; cannot be combined with OPT_PORCELAIN */
	OPT_TEXT,      /* const char **: the argument, in argv */
	OPT_NUMBER,    /* int *: an integer, 0 or more */
	OPT_LIST,      /* char ***: appended each time; initialize with mem_array(ctx, char *, 1) */
};

/* Tables end with an entry whose name is NULL. */
struct opt {
	char letter;      /* 0 for none */
	const char *name; /* long name, without dashes */
	enum opt_kind kind;
	void *value;
	const char *arg;  /* name of the argument for the usage: "FILE" */
	const char *help; /* one line; NULL: hidden */
};

/* One program or one verb of a program. */
struct opt_usage {
	const char *synopsis; /* "git hop patch create [-d TEXT] ID"; a line per form */
	const char *about;    /* one sentence */
	const struct opt *opts;
	const struct opt_verb *verbs; /* NULL: none; listed in the usage */
};

struct opt_verb {
	const char *name; /* "promote" */
	const char *args; /* "rc|prod" or "" */
	const char *help;
};

/*
 * Options of every program, to be included in its table; opt_parse implements them. clang-format
 * would take the braces for blocks.
 */
/* clang-format off */
#define OPT_COMMON                                                                         \
	{'v', "verbose", OPT_COUNT, NULL, NULL, "print more; twice: SQL and commands too"}, \
	{'q', "quiet", OPT_COUNT, NULL, NULL, "print errors only"},                        \
	{'h', "help", OPT_FLAG, NULL, NULL, "show this help (--help: the manual page)"}

/* Options of programs that report something. */
#define OPT_FORMATS(format)                                                                  \
	{0, "porcelain", OPT_PORCELAIN, format, NULL, "print tab-separated records"},        \
		{0, "json", OPT_JSON, format, NULL, "print the same as JSON"}

#define OPT_END {0, NULL, OPT_FLAG, NULL, NULL, NULL}
/* clang-format on */

/*
 * Parses options: if STOP is set, up to the first non-option, else all of argv, with options also
 * after arguments; "--" ends them. *FIRST is the index of the first argument in the permuted argv.
 * -h and --list-options print to standard output and set *DONE: the caller must return NULL at
 * once. --help replaces the process with man(1).
 */
struct error *opt_parse(int *first, bool *done, int argc, char **argv,
			const struct opt_usage *usage, bool stop) MUST_CHECK;

/* ERROR_USAGE with the synopsis as a hint. */
struct error *opt_error(const struct opt_usage *usage, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) MUST_CHECK;

/* ERROR_USAGE unless the number of arguments LEFT is between MIN and MAX. */
struct error *opt_count(const struct opt_usage *usage, int left, int min, int max) MUST_CHECK;

void opt_print_usage(FILE *stream, const struct opt_usage *usage);

/*
 * Asks "QUESTION [y/N]" on the terminal, unless YES. ERROR_NO if the answer is no or there is no
 * terminal.
 */
struct error *opt_confirm(bool yes, const char *question) MUST_CHECK;
/*
 * Asks "QUESTION [WORD/...]" on the terminal; *OUT is the index of the one of WORDS that was typed.
 * Any other answer cancels. Without a terminal: ERROR_NO that names OPTION, which takes a word.
 */
struct error *opt_choose(size_t *out, const char *option, const char *question,
			 const char *const *words) MUST_CHECK;

#endif
