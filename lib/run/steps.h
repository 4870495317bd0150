/*
 * Runs the files of releases: the one executor of builds, validation and upgrade.
 *
 * A release is a sequence of steps. Consecutive STEP_TRANSACTION files are one step, which runs in
 * a transaction; a file of any other kind is a step of its own. If a release is one transaction,
 * hop's rows are written in it; otherwise in the last one.
 */
#ifndef RUN_STEPS_H
#define RUN_STEPS_H

#include "core/recipe.h"
#include "run/process.h"
#include "run/session.h"

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
};

/*
 * Runs a release, and writes hop's rows of it behind all files: only then it is known how long they
 * took. Only recipes that recipe_check took. Errors are those of session_file and process_run;
 * after one, the caller rolls back what it began and did not commit. What runs outside a
 * transaction stays.
 */
struct error *steps_run(const struct steps_host *host,
			const struct steps_release *release) MUST_CHECK;

#endif
