/* Adopts the database of a production clone; changes only schema hop. */
#ifndef DEPLOY_TAKEOVER_H
#define DEPLOY_TAKEOVER_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * DB is connected to CONNINFO. An empty database is marked, without a version. One with objects is
 * marked at version AT ("1.2.0") if its schema is the same, or if the user accepts the differences,
 * which are shown (YES: do not ask). If AT is NULL, it is marked at the newest release of ho-prod
 * with the same schema; if there is none, ERROR_NO names the closest. For comparison, releases are
 * built in new databases on the same server or, without CREATEDB, on the private server. The
 * production database of the project is left unchanged. ERROR_NO for a database of another project
 * or with another role. Everything happens in one transaction.
 */
struct error *takeover(void *ctx, struct project *p, struct db *db, const char *conninfo,
		       const char *at, bool yes) MUST_CHECK;

#endif
