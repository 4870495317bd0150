/* Which database a command uses, and to whom it belongs. */
#ifndef RUN_TARGET_H
#define RUN_TARGET_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * The first of: DATABASE (--database), $HOP_DATABASE, hop.database, and "" if any of
 * PGHOST, PGHOSTADDR, PGPORT, PGDATABASE and PGSERVICE is set. NULL if none is set, which means the
 * private server for development commands.
 */
char *target_named(void *ctx, struct project *p, const char *database);
/* The same for production, without libpq's variables: ERROR_USAGE if no database is named. */
struct error *target_conninfo(char **out, void *ctx, struct project *p,
			      const char *database) MUST_CHECK;
#define TARGET_NAME_MAX 63 /* bytes; PostgreSQL truncates longer names */

/*
 * The name of the development database at CONNINFO: the one that it names, else PROJECT on the
 * private server and PROJECT_USER elsewhere, so that colleagues can share a server.
 */
struct error *target_development_name(char **out, void *ctx, struct project *p,
				      const char *conninfo, bool private_server) MUST_CHECK;

enum target_kind {
	TARGET_OURS,    /* belongs to the project, marked production */
	TARGET_EMPTY,   /* empty, perhaps prepared: can be used */
	TARGET_TEST,    /* belongs to the project, marked development */
	TARGET_SCRATCH, /* belongs to the project, marked scratch */
	TARGET_FOREIGN, /* contains objects, but no mark: can be adopted */
	TARGET_OTHER,   /* belongs to another project */
};
/*
 * For what writes to the database: ERROR_NO for TARGET_OTHER and TARGET_SCRATCH, and if hop's
 * tables cannot be trusted.
 */
struct error *target_kind(enum target_kind *out, struct project *p, struct db *db) MUST_CHECK;
/* The error for a database with this role if a production database is required. */
struct error *target_refuse(struct db *db, const char *role) MUST_CHECK;

/*
 * May the database of DB be replaced as this clone's development database? ERROR_NO for production
 * databases and those of other projects and, unless TAKE_OVER (may be NULL) is its name, for
 * another clone's development database and for one without a mark that is not empty, that is, has
 * objects, extensions, settings, privileges, comments, ...
 */
struct error *target_may_replace(struct project *p, struct db *db,
				 const char *take_over) MUST_CHECK;

/*
 * Marks the database as one of the project with this ROLE (RECORD_*), and if that is
 * RECORD_DEVELOPMENT, of this clone.
 */
struct error *target_sign(struct project *p, struct db *db, const char *role) MUST_CHECK;
/* The same, but creates schema hop first; in the caller's transaction. */
struct error *target_mark(struct project *p, struct db *db, const char *role) MUST_CHECK;

#endif
