/* The beginning of commands that only read: their options and the project. */
#ifndef CMD_READING_H
#define CMD_READING_H

#include <stdbool.h>

#include "base/error.h"
#include "base/opt.h"
#include "base/out.h"
#include "project/project.h"

/* The caller sets the first part; reading_begin sets the second. */
struct reading {
	const char *synopsis;
	const char *about;
	const struct opt *own; /* its own options, ended by OPT_END; NULL: none */
	int most;              /* the maximum number of arguments */

	enum out_format format;
	struct project *project;
	char **args; /* NULL-terminated */
	bool done;   /* nothing is left to do, as after -h */
};

/* Takes the options, --porcelain and --json among them, and opens the project. */
struct error *reading_begin(struct reading *r, void *ctx, int argc, char **argv) MUST_CHECK;

#endif
