/* What a verb begins with that only reads: its options and the project. */
#ifndef CMD_READING_H
#define CMD_READING_H

#include <stdbool.h>

#include "base/error.h"
#include "base/opt.h"
#include "base/out.h"
#include "project/project.h"

/* The first part is the caller's, the second comes back. */
struct reading {
	const char *synopsis;
	const char *about;
	const struct opt *own; /* options but for the common ones, ended by OPT_END; NULL: none */
	int most;              /* arguments that it takes at most */

	enum out_format format;
	struct project *project;
	char **args; /* NULL-terminated */
	bool done;   /* all was said: -h, say */
};

/* Takes the options, --porcelain and --json among them, and opens the project. */
struct error *reading_begin(struct reading *r, void *ctx, int argc, char **argv) MUST_CHECK;

#endif
