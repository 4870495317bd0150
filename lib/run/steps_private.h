/* Shared by the files of run/steps. */
#ifndef RUN_STEPS_PRIVATE_H
#define RUN_STEPS_PRIVATE_H

#include "run/steps.h"

/* A file of a release, and what runs with it. */
struct steps_file {
	const struct recipe_file *file;  /* NULL: the schema of version 0.0.0 */
	const struct script *script;     /* NULL: a program */
	const struct steps_patch *patch; /* NULL: the schema */
	bool last;                       /* of its patch */
};

/* The state of one steps_run. */
struct steps_state {
	const struct steps_host *host;
	const struct steps_release *release;
	struct steps_file *files; /* in order */
	size_t count;
	long long *durations; /* of each file, in milliseconds */
	long long total;
};

/* steps_alone.c: runs a file outside a transaction, statement by statement. */
struct error *steps_alone(struct steps_state *s, const struct steps_file *f) MUST_CHECK;
/* Runs a program. */
struct error *steps_process(struct steps_state *s, const struct steps_file *f) MUST_CHECK;

#endif
