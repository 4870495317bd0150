/* Shared by the files of run/steps. */
#ifndef RUN_STEPS_PRIVATE_H
#define RUN_STEPS_PRIVATE_H

#include "core/alone.h"
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
	bool recorded;        /* steps are */
	long long *durations; /* of each file, in milliseconds */
	long long total;
};

/* steps_alone.c: runs a file outside a transaction, statement by statement. */
struct error *steps_alone(struct steps_state *s, const struct steps_file *f) MUST_CHECK;
/* Runs a program. */
struct error *steps_process(struct steps_state *s, const struct steps_file *f) MUST_CHECK;

/*
 * steps_record.c. Records a step, on the connection DB; STEP has the statement, the state and what
 * goes with it. Does nothing where steps are not recorded.
 */
struct error *steps_record(const struct steps_state *s, struct db *db, const struct steps_file *f,
			   const struct record_step *step) MUST_CHECK;
/* The same for the files from FROM up to, but not including, TO, which DB has run. */
struct error *steps_record_files(const struct steps_state *s, struct db *db, size_t from,
				 size_t to) MUST_CHECK;
/* How long the recorded steps of a file took, in milliseconds. */
long long steps_recorded_ms(const struct steps_state *s, const struct steps_file *f);
/*
 * Records the outcome ERR of a step that began at BEGAN (log_clock), and returns it, or why it
 * could not be recorded.
 */
struct error *steps_record_end(const struct steps_state *s, const struct steps_file *f,
			       const struct record_step *step, double began,
			       struct error *err) MUST_CHECK;
/* ERROR_AGAIN if sessions of a program that was interrupted are still there. */
struct error *steps_check_ended(const struct steps_state *s, const char *path) MUST_CHECK;

/* A statement outside a transaction, and what is known of its objects. */
struct steps_loose {
	const struct script *script;
	const struct alone *alone;
	size_t n;          /* of the statement in the script, from 0 */
	struct db *db;     /* a session with the settings of the file, in no transaction */
	struct db *server; /* another one, for hop's own statements */
};

enum steps_fact {
	STEPS_RUN, /* it has done nothing, or can be done again */
	STEPS_IS_DONE /* as if it had been recorded */,
	STEPS_UNCLEAR
};

/* steps_fact.c. What the statement is going to make or drop, for steps_decide; may be NULL. */
struct error *steps_before(char **before, void *ctx, const struct steps_loose *l) MUST_CHECK;
/*
 * Decides how far a statement got that was started after BEFORE was found, and removes what it left
 * unfinished.
 */
struct error *steps_decide(enum steps_fact *out, const struct steps_loose *l,
			   const char *before) MUST_CHECK;
/* Has the statement, which ended well, made what it should? ERROR_NO if not. */
struct error *steps_verify(const struct steps_loose *l) MUST_CHECK;
/* Words of the statement's file. */
char *steps_words(void *ctx, const struct steps_loose *l, struct alone_span words);
/* The object ID of the relation, type or schema that the words name; NULL: there is none. */
struct error *steps_oid(char **oid, void *ctx, const struct steps_loose *l, const char *function,
			struct alone_span words) MUST_CHECK;

/* Drops an index that was not finished; NAME is quoted. */
struct error *steps_drop_index(const struct steps_loose *l, const char *name) MUST_CHECK;

/* steps_index.c: the same for CREATE INDEX CONCURRENTLY. */
struct error *steps_index_before(char **before, void *ctx, const struct steps_loose *l) MUST_CHECK;
struct error *steps_index_decide(enum steps_fact *out, const struct steps_loose *l,
				 const char *before) MUST_CHECK;
struct error *steps_index_verify(const struct steps_loose *l) MUST_CHECK;

#endif
