/* .hop/config: the project's versioned settings. The only user of inih. */
#ifndef PORT_CONF_H
#define PORT_CONF_H

#include <stddef.h>

#include "base/error.h"

#define CONF_FORMAT 1

struct conf {
	int format; /* [hop] format */
	/* [hop] name: a-z, 0-9, _ and -, starts with a letter, at most 40 bytes */
	char *name;
	/* [hop] id: 32 hexadecimal digits, made by init, the project's identity in databases */
	char *id;
	char *test;     /* [test] command; NULL: not there, "": the project has none */
	char *language; /* [generate] language; NULL: none */
	char *package;  /* [generate] package; NULL: none */
};

/*
 * Parses the text. ERROR_FAIL names NAME:LINE: unknown section or key, key twice, a line too
 * long for inih (200 bytes), something missing. An older or newer format is ERROR_FAIL with a
 * hint and is said before any other complaint about the text.
 */
struct error *conf_parse(struct conf **out, void *ctx, const char *name, const char *text,
			 size_t length) MUST_CHECK;
/* The canonical text. ERROR_USAGE for a value that would not survive parse(print()). */
struct error *conf_print(char **out, void *ctx, const struct conf *conf) MUST_CHECK;
/* Whether NAME can be a project's name; ERROR_USAGE says what is expected. */
struct error *conf_check_name(const char *name) MUST_CHECK;

#endif
