/* Option tables over getopt_long: parser, usage text and --list-options from one table. */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/out.h"

enum opt_kind {
	OPT_FLAG,      /* bool *: set to true */
	OPT_COUNT,     /* int *: one more each time */
	OPT_PORCELAIN, /* enum out_format *: OUT_PORCELAIN */
	OPT_JSON,      /* enum out_format *: OUT_JSON; both at once are an error */
	OPT_TEXT,      /* const char **: the argument as it stands in argv */
	OPT_NUMBER,    /* int *: a whole number, 0 or more */
	OPT_LIST,      /* char ***: one more each time; begin with mem_array(ctx, char *, 1) */
};

/* Tables end with an entry whose name is NULL. */
struct opt {
	char letter;      /* 0 for none */
	const char *name; /* long name, without dashes */
	enum opt_kind kind;
	void *value;
	const char *arg;  /* name of the argument for the usage: "FILE" */
	const char *help; /* one line; NULL: known, but not shown */
};

/* One program or one verb of a program. */
struct opt_usage {
	const char *synopsis; /* "git hop patch create [-d TEXT] ID"; a line a form */
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
 * Options of every program: in a table, they act by themselves. The formatter would take the
 * braces for blocks.
 */
/* clang-format off */
#define OPT_COMMON                                                                         \
	{'v', "verbose", OPT_COUNT, NULL, NULL, "print more; twice: SQL and commands too"}, \
	{'q', "quiet", OPT_COUNT, NULL, NULL, "print errors only"},                        \
	{'h', "help", OPT_FLAG, NULL, NULL, "show this help (--help: the manual page)"}

/* Options of every program that reports something. */
#define OPT_FORMATS(format)                                                                  \
	{0, "porcelain", OPT_PORCELAIN, format, NULL, "print tab-separated records"},        \
		{0, "json", OPT_JSON, format, NULL, "print the same as JSON"}

#define OPT_END {0, NULL, OPT_FLAG, NULL, NULL, NULL}
/* clang-format on */

/*
 * Parses options up to the first non-option when STOP is set (a verb follows), else all of
 * argv (options may stand behind arguments; "--" ends them). *FIRST is the index of the first
 * argument in the permuted argv. -h and --list-options print to stdout and set *DONE: the
 * caller returns NULL at once. --help becomes man(1) on the page of the program.
 */
struct error *opt_parse(int *first, bool *done, int argc, char **argv,
			const struct opt_usage *usage, bool stop) MUST_CHECK;

/* ERROR_USAGE with the synopsis as hint. */
struct error *opt_error(const struct opt_usage *usage, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) MUST_CHECK;

/* The arguments left must be MIN to MAX in number; else ERROR_USAGE. */
struct error *opt_count(const struct opt_usage *usage, int left, int min, int max) MUST_CHECK;

void opt_print_usage(FILE *stream, const struct opt_usage *usage);

/*
 * Asks "QUESTION [y/N]" on the terminal; YES answers it. Without a terminal: ERROR_NO that names
 * --yes.
 */
struct error *opt_confirm(bool yes, const char *question) MUST_CHECK;
/*
 * Asks "QUESTION [WORD/...]" on the terminal; *OUT is the index of the one of WORDS that was typed.
 * Any other answer cancels. Without a terminal: ERROR_NO that names OPTION, which takes a word.
 */
struct error *opt_choose(size_t *out, const char *option, const char *question,
			 const char *const *words) MUST_CHECK;

#endif
