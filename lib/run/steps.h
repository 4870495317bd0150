/*
 * Runs the files of releases: the one executor of builds, validation and upgrade.
 *
 * Calling sequence: session_begin, steps_run for each release of the transaction, COMMIT.
 */
#ifndef RUN_STEPS_H
#define RUN_STEPS_H

#include "core/recipe.h"
#include "run/session.h"

enum steps_event {
	STEPS_FILE,      /* a file begins; NAME is its path */
	STEPS_FILE_DONE, /* NAME is its path */
	STEPS_PATCH_DONE /* NAME is its ID */
};

/* Called for each event; an error ends the run. */
struct steps_watch {
	struct error *(*tell)(void *arg, enum steps_event event, const char *name);
	void *arg;
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
 * Runs a release in the transaction of SESSION, and writes hop's rows of it behind all files: only
 * then it is known how long they took. Only recipes that recipe_check took; errors are those of
 * session_file.
 */
struct error *steps_run(struct run_session *session, struct db *db,
			const struct steps_release *release,
			const struct steps_watch *watch) MUST_CHECK;

#endif
