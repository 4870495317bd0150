/* The production database: which one the user named, and what it says of itself. */
#ifndef FLOW_PRODUCTION_H
#define FLOW_PRODUCTION_H

#include <stdbool.h>

#include "base/error.h"
#include "flow/project.h"
#include "port/db.h"

/*
 * First match: DATABASE (--database), $HOP_DATABASE, git config hop.database. Nothing is
 * guessed: ERROR_USAGE when none of them names one.
 */
struct error *production_conninfo(char **out, void *ctx, struct project *p,
				  const char *database) MUST_CHECK;

enum production_kind {
	PRODUCTION_OURS,   /* the project's own, marked production */
	PRODUCTION_EMPTY,  /* nothing in it: can become ours */
	PRODUCTION_TEST,   /* the project's own, marked development: not for production */
	PRODUCTION_FOREIGN /* objects of somebody's and no mark: can be taken over */
};
/* ERROR_NO for a database of another project, and for a scratch database. */
struct error *production_kind(enum production_kind *out, struct project *p,
			      struct db *db) MUST_CHECK;

/* Of one for development, where a production database is needed. */
struct error *production_refuse(struct db *db, const char *role) MUST_CHECK;

/*
 * Makes schema hop and says there that this is a database of the project, and its ROLE (RECORD_*);
 * in the caller's transaction.
 */
struct error *production_mark(struct project *p, struct db *db, const char *role) MUST_CHECK;

#endif
