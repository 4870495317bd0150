/* The production database: which one the user named, and what it says of itself. */
#ifndef RUN_TARGET_H
#define RUN_TARGET_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * First match: DATABASE (--database), $HOP_DATABASE, git config hop.database. Nothing is
 * guessed: ERROR_USAGE when none of them names one.
 */
struct error *target_conninfo(char **out, void *ctx, struct project *p,
			      const char *database) MUST_CHECK;

enum target_kind {
	TARGET_OURS,   /* the project's own, marked production */
	TARGET_EMPTY,  /* nothing in it: can become ours */
	TARGET_TEST,   /* the project's own, marked development: not for production */
	TARGET_FOREIGN /* objects of somebody's and no mark: can be taken over */
};
/* ERROR_NO for a database of another project, and for a scratch database. */
struct error *target_kind(enum target_kind *out, struct project *p, struct db *db) MUST_CHECK;

/* Of one for development, where a production database is needed. */
struct error *target_refuse(struct db *db, const char *role) MUST_CHECK;

/*
 * Makes schema hop and says there that this is a database of the project, and its ROLE (RECORD_*);
 * in the caller's transaction.
 */
struct error *target_mark(struct project *p, struct db *db, const char *role) MUST_CHECK;

#endif
