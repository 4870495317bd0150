/* Errors are values: NULL is success. Only main prints errors and chooses the exit status. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"

/* The kind of error; the numbers are exit statuses. */
enum error_code {
	ERROR_NO = 1,         /* the answer is no: refused, or tests failed */
	ERROR_AGAIN = 75,     /* try again: locked, starting, changed in the meantime */
	ERROR_FAIL = 128,     /* an error occurred */
	ERROR_USAGE = 129,    /* wrong command line */
	ERROR_SIGNALLED = 130 /* stopped by SIGINT or SIGTERM */
};

/* Has no talloc parent: whoever handles an error frees it with error_free. */
struct error {
	enum error_code code;
	char *message;    /* "what failed: why", lower case, no full stop; quoted (base/quote.h) */
	char *detail;     /* more lines, usually from another program; may be NULL */
	char *hint;       /* what to do; quoted; may be NULL; may have several lines */
	char sqlstate[6]; /* "" unless it is an error of PostgreSQL */
};

/* Arguments of messages and hints are quoted: a name in them makes no line of its own. */
struct error *error_new(enum error_code code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) MUST_CHECK;

/* "MESSAGE: strerror(errno)", code ERROR_FAIL. */
struct error *error_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2))) MUST_CHECK;

/* For what is longer than MEM_TEXT_MAX. */
struct error *error_too_large(void) MUST_CHECK;

/* Prefixes the message of ERR with "FMT: " and returns ERR, which may be NULL. */
struct error *error_wrap(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) MUST_CHECK;

/* Set the hint or the detail, replacing an older one, and return ERR, which may be NULL. */
struct error *error_hint(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) MUST_CHECK;
struct error *error_detail(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) MUST_CHECK;

/* Adds a line to the hint. */
struct error *error_add_hint(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) MUST_CHECK;

/* Lines of hint that are ready, such as commands to run; names in them are quoted already. */
struct error *error_add_hint_lines(struct error *err, const char *lines) MUST_CHECK;

/* Changes the code of ERR and returns ERR, which may be NULL. */
struct error *error_recode(struct error *err, enum error_code code) MUST_CHECK;

void error_free(struct error *err);

/* Prints "fatal: ..." ("error: ..." for ERROR_NO), the detail, each line of hint as "hint: ...". */
void error_print(FILE *stream, const struct error *err);
/* The same with PREFIX ("warning: ") before the message. */
void error_print_as(FILE *stream, const char *prefix, const struct error *err);

#endif
