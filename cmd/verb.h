/* Programs consist of verbs. A verb defines its name, arguments, options and requirements. */
#ifndef CMD_VERB_H
#define CMD_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/opt.h"
#include "base/out.h"
#include "project/project.h"

/* What a verb needs, as bits. */
enum verb_need {
	VERB_PROJECT = 1,          /* the project here is open */
	VERB_DEVELOPMENT = 2 | 1,  /* the same, and it is not a production clone */
	VERB_PATCH = 4 | 1,        /* the only argument is a patch; default: the current branch */
	VERB_FORMATS = 8,          /* it accepts --porcelain and --json */
	VERB_STOP = 16,            /* its options end at the first argument */
	VERB_RAW = 32,             /* it parses all arguments itself and runs another program */
	VERB_DEFAULT_SIGNALS = 64, /* a signal ends it at once */
	VERB_GIT_ENV = 128,        /* it uses the index that git set for a hook */
};

/* As struct opt, but the value is a member of the verb's request. */
struct verb_opt {
	char letter;
	const char *name;
	enum opt_kind kind;
	size_t offset;
	const char *arg;
	const char *help;
};
#define VERB_OPT_END                             \
	{                                        \
		0, NULL, OPT_FLAG, 0, NULL, NULL \
	}

/* A verb as it was called; also the context of all that lives as long. */
struct call {
	const struct opt_usage *usage; /* for opt_error */
	char **args;                   /* NULL-terminated */
	int count;
	void *request; /* the options, in the struct that the verb gives the size of */
	enum out_format format;
	struct project *project;
	char *id;     /* VERB_PATCH: canonical */
	double began; /* by log_clock */
};

struct verb {
	const char *name;
	const char *args; /* in the list of verbs: "rc|prod|hotfix" or "" */
	const char *help; /* there; NULL: not for people, and in no list */
	const char *synopsis;
	const char *about;
	const struct verb_opt *opts; /* without those that all have; NULL: none */
	size_t size;                 /* of its request */
	const void *initial;         /* initial value of the request; NULL: all zero */
	int min, max;                /* arguments */
	unsigned int needs;
	/* Reads arguments and options, before anything is opened; NULL: nothing to read. */
	struct error *(*check)(struct call *c);
	struct error *(*run)(struct call *c);
};

/* A program with a NULL-terminated list of verbs or, if that is NULL, one with a single verb. */
struct program {
	const struct verb *self; /* .name is not used; .run is NULL if there are verbs */
	const struct verb *const *verbs;
};

/* Parses what all options are, opens what the verb needs, and runs it. */
struct error *program_run(const struct program *program, int argc, char **argv) MUST_CHECK;

#endif
