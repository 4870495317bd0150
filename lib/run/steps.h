/*
 * Runs the files of releases: the one executor of builds, validation and upgrade.
 *
 * A release is a sequence of steps. Consecutive STEP_TRANSACTION files are one step, which runs in
 * a transaction; a program is a step, and so is each statement of a file outside a transaction. If
 * a release is one transaction, hop's rows are written in it; otherwise in the last one.
 *
 * Where steps are recorded (run/record.h), a release that was interrupted goes on with the first
 * one that is not done. One that was started, but is not recorded as done, is decided by what the
 * server knows of it: a concurrent index that is valid is done, and what is left of one that is not
 * is dropped before it is built again. The rest is for the operator to decide.
 */
#ifndef RUN_STEPS_H
#define RUN_STEPS_H

#include "core/recipe.h"
#include "run/process.h"
#include "run/record.h"
#include "run/session.h"
#include "run/watch.h"

enum steps_event {
	STEPS_FILE,      /* a file begins; NAME is its path */
	STEPS_FILE_DONE, /* NAME is its path */
	STEPS_PATCH_DONE /* NAME is its ID */
};

/* What runs a release; an error of any of these functions ends the run. */
struct steps_host {
	/*
	 * Begins a transaction: *SESSION is that of its connection *DB, see session_begin.
	 */
	struct error *(*begin)(void *arg, struct run_session **session, struct db **db);
	/* Commits it. WHOLE: the release is complete. */
	struct error *(*commit)(void *arg, bool whole);
	/* A new connection to the database, allocated under CTX. */
	struct error *(*connect)(struct db **db, void *ctx, void *arg);
	/* Called for each event. */
	struct error *(*tell)(void *arg, enum steps_event event, const char *name);
	void *arg;
	const char *settings;        /* of the files' sessions, as in session_begin; NULL: none */
	struct processes *processes; /* NULL: only .sql files can run */
	/*
	 * Where steps are recorded, on a connection in no transaction: then a release that is not
	 * one transaction can be continued. NULL: they are not.
	 */
	struct db *recorder;
	/* Is told what runs outside a transaction, see session_watch for the rest; NULL: nobody. */
	const struct run_watch *watch;
	/*
	 * Set to true with an error after which the caller rolls back, and runs the release again
	 * on a new connection, with NULL here: see session_files. NULL: files run one by one.
	 */
	bool *apart;
	/* With RECORDER: set to true before ERROR_NO for a step that the operator has to decide. */
	bool *undecided;
};

/*
 * The application_name of the session while the file PATH runs, if APART is given: its end, behind
 * STEPS_APPLICATION.
 */
#define STEPS_APPLICATION "git hop "
char *steps_application(void *ctx, const char *path);

/* What is recorded of a release that is under way. */
struct steps_begun {
	const struct record_step *list; /* of one release, in the order of record_steps */
	size_t count;
	/* A file whose open step the operator has decided; NULL: none. */
	const char *redo, *done;
};

struct steps_patch {
	const char *id;
	const char *hash; /* of the tree Patches/ID */
	const struct recipe *recipe;
	int position; /* in the release, from 1 */
};

struct steps_release {
	const char *version;
	const char *commit;                /* NULL: unknown */
	bool recorded;                     /* the row of the release exists already */
	const struct script *schema;       /* of version 0.0.0, run first; NULL: none */
	const struct steps_patch *patches; /* those that run */
	size_t count;
	struct steps_begun begun;
};

/* What is recorded of a step; NULL: nothing. STATEMENT is as in record_step. */
const struct record_step *steps_find(const struct steps_begun *begun, const char *path,
				     int statement);
/* The first statement of FILE that is not done, or 0 for all of it; false: the file is done. */
bool steps_left(int *statement, const struct steps_begun *begun, const struct recipe_file *file);
/* Can only the operator tell how far the step got? STATEMENT as from steps_left. */
bool steps_unclear(const struct recipe_file *file, int statement);
/* The ERROR_NO for a step that only the operator can decide. */
struct error *steps_undecided(const struct recipe_file *file,
			      const struct record_step *step) MUST_CHECK;
/* "Patches/12-users/02_index.sql:3:1"; without a position for a whole file. */
char *steps_place(void *ctx, const struct recipe_file *file, int statement);

/*
 * Runs a release, and writes hop's rows of it behind all files: only then it is known how long they
 * took. Only recipes that recipe_check took. Errors are those of session_file and process_run;
 * after one, the caller rolls back what it began and did not commit. What runs outside a
 * transaction stays.
 */
struct error *steps_run(const struct steps_host *host,
			const struct steps_release *release) MUST_CHECK;

#endif
