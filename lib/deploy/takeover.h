/* A production clone meets its database and makes it the project's; only schema hop changes. */
#ifndef DEPLOY_TAKEOVER_H
#define DEPLOY_TAKEOVER_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * DB is connected to CONNINFO. An empty database is marked, at no version. One with objects is
 * marked at version AT ("1.2.0"), when its schema is the same or the user accepts the differences,
 * which are shown (YES answers). AT NULL: at the newest release of ho-prod that has the same
 * schema; ERROR_NO names the nearest when none has. Releases are built to be compared, beside the
 * database on its server or, where the role may not create databases, on the private one. One that
 * is the project's production database already stays as it is. ERROR_NO for a database of another
 * project or role. All in one transaction.
 */
struct error *takeover(void *ctx, struct project *p, struct db *db, const char *conninfo,
		       const char *at, bool yes) MUST_CHECK;

#endif
