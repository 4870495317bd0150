/* Makes an existing database version 0.0.0 of a new project. */
#ifndef DEPLOY_BASELINE_H
#define DEPLOY_BASELINE_H

#include "base/error.h"
#include "build/model.h"
#include "project/project.h"
#include "port/db.h"

struct baseline_request {
	const char *conninfo; /* NULL: no database */
	const char *role;     /* of one with objects: RECORD_PRODUCTION, RECORD_DEVELOPMENT; NULL:
				 asked */
	const char *root;     /* where the worktree will be; NULL: where it is */
};

struct baseline {
	int major; /* of the server there, or of the newest that is installed; 0: not known */
	/* In a transaction that writes schema hop; NULL: the database is empty or not there. */
	struct db *db;
	const char *role; /* of the database; RECORD_DEVELOPMENT if it is empty or not there */
	char *root;
	struct model *model; /* of version 0.0.0 */
	/* What the model needs from the server, for .hop/config. */
	char **roles;
	char **extensions;
};

/*
 * A database that is hop's already is ERROR_NO, and so is one whose schema cannot be built again
 * from its dump, and an empty one that is to be production. Nothing that may hold a secret is
 * taken; what was left out is reported. The transaction is left open: baseline_keep ends it when
 * the project is there; freeing the baseline rolls it back.
 */
struct error *baseline_open(struct baseline **out, void *ctx, struct project *p,
			    const struct baseline_request *wish) MUST_CHECK;
struct error *baseline_keep(struct baseline *b, struct project *p) MUST_CHECK;

#endif
