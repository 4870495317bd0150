/* Which database a command works on, and whose it is. */
#ifndef RUN_TARGET_H
#define RUN_TARGET_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * First match: DATABASE (--database), $HOP_DATABASE, git config hop.database, libpq's own variables
 * (any of PGHOST PGHOSTADDR PGPORT PGDATABASE PGSERVICE set, then ""). NULL: none of them, which
 * for development means the private server.
 */
char *target_named(void *ctx, struct project *p, const char *database);
/*
 * The same for production, without libpq's variables: ERROR_USAGE when nothing names a database.
 */
struct error *target_conninfo(char **out, void *ctx, struct project *p,
			      const char *database) MUST_CHECK;
/*
 * The name of the development database at CONNINFO: the one that it names, else the project's on
 * the private server and PROJECT_USER elsewhere, so that colleagues on one server do not meet.
 */
struct error *target_development_name(char **out, void *ctx, struct project *p,
				      const char *conninfo, bool private_server) MUST_CHECK;

enum target_kind {
	TARGET_OURS,    /* the project's own, marked production */
	TARGET_EMPTY,   /* nothing in it, but maybe prepared: can become ours */
	TARGET_TEST,    /* the project's own, marked development: not for production */
	TARGET_SCRATCH, /* the project's own, made to be thrown away */
	TARGET_FOREIGN, /* objects of somebody's and no mark: can be taken over */
	TARGET_OTHER,   /* of another project */
};
/* For an upgrade: ERROR_NO for TARGET_OTHER and TARGET_SCRATCH. */
struct error *target_kind(enum target_kind *out, struct project *p, struct db *db) MUST_CHECK;
/* Of one for development, where a production database is needed. */
struct error *target_refuse(struct db *db, const char *role) MUST_CHECK;

/*
 * May the database that DB is connected to be replaced as this clone's development database?
 * ERROR_NO for a production database, one of another project, and, unless TAKE_OVER (may be NULL)
 * is its very name, another clone's development database and one with no mark that is not as
 * CREATE DATABASE makes it: with objects, extensions, settings, privileges, comments...
 */
struct error *target_may_replace(struct project *p, struct db *db,
				 const char *take_over) MUST_CHECK;

/* Writes there that this is a database of the project, and its ROLE (RECORD_*); with
 * RECORD_DEVELOPMENT also that it is this clone's. */
struct error *target_sign(struct project *p, struct db *db, const char *role) MUST_CHECK;
/* The same, and makes schema hop before; in the caller's transaction. */
struct error *target_mark(struct project *p, struct db *db, const char *role) MUST_CHECK;

#endif
