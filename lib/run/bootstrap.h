/*
 * Runs data scripts, once in each database.
 *
 * Calling sequence: bootstrap_done, bootstrap_select, then for each script session_begin,
 * bootstrap_run, COMMIT. Several scripts can share a transaction; then session_look is called
 * between them.
 */
#ifndef RUN_BOOTSTRAP_H
#define RUN_BOOTSTRAP_H

#include "base/error.h"
#include "project/bootstrap_read.h"
#include "run/record.h"
#include "run/session.h"

/* The scripts that have run in a database; zeros: none. */
struct bootstrap_done {
	struct record_script *list;
	size_t count;
};

/* Reads them from hop's tables. */
struct error *bootstrap_done(struct bootstrap_done *out, void *ctx, struct db *db) MUST_CHECK;

/*
 * Removes from FILES those that have run, with a warning if their contents differ, and adds those
 * that are left to DONE.
 */
void bootstrap_select(struct bootstrap_file *files, size_t *count, void *ctx,
		      struct bootstrap_done *done);

/* Runs a script in the transaction of SESSION, and records it there. Errors as session_file. */
struct error *bootstrap_run(struct run_session *session, struct db *db,
			    const struct bootstrap_file *file) MUST_CHECK;

#endif
