/* An existing database as version 0.0.0 of a new project. */
#ifndef DEPLOY_BASELINE_H
#define DEPLOY_BASELINE_H

#include "base/error.h"
#include "build/model.h"
#include "port/conf.h"
#include "port/db.h"

struct baseline {
	int major; /* of the server there, or of the newest that is installed; 0: not known */
	struct db *
		/*
		 * in a transaction that writes schema hop; NULL: the database is empty or not
		 * there
		 */
		db;
	struct model model; /* of version 0.0.0 */
};

/*
 * CONNINFO NULL: no database. One that is hop's already is ERROR_NO. The transaction is left
 * open: baseline_keep ends it when the project is there; freeing the baseline rolls it back.
 */
struct error *baseline_open(struct baseline **out, void *ctx, const struct conf *conf,
			    const char *conninfo) MUST_CHECK;
struct error *baseline_keep(struct baseline *b) MUST_CHECK;

#endif
