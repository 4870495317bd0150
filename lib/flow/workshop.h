/* The PostgreSQL server that development happens on: which one, and the databases there that are
 * hop's. */
#ifndef FLOW_WORKSHOP_H
#define FLOW_WORKSHOP_H

#include <stdbool.h>

#include "base/error.h"
#include "flow/litter.h"
#include "flow/project.h"
#include "flow/record.h"
#include "port/db.h"

/*
 * First match: DATABASE (--database), $HOP_DATABASE, git config hop.database, libpq's own variables
 * (any of PGHOST PGHOSTADDR PGPORT PGDATABASE PGSERVICE set), else the private server of the
 * repository, which is started.
 */
struct error *workshop_conninfo(char **conninfo, bool *private_server, void *ctx, struct project *p,
				const char *database) MUST_CHECK;

/* The first of these that is set; NULL: none, the private server is used. Nothing is started. */
char *workshop_named(void *ctx, struct project *p, const char *database);
/* The name of the development database there: that of the conninfo, else the project's. */
struct error *workshop_database_name(char **out, void *ctx, struct project *p,
				     const char *conninfo) MUST_CHECK;

struct workshop {
	struct project *project;
	char *conninfo;
	bool private_server;
	char *dev;     /* name of the development database: that of the conninfo, else the project's
			  name */
	struct db *db; /* connection to the maintenance database (postgres, template1, else dev
			  itself) */
	bool can_create; /* superuser or CREATEDB: databases are built aside and swapped in */
	char *prefix; /* of the names of hop's own databases: "hop_" and 8 digits of the project's
			 id and "_" */
	const char *take_over; /* name of a database that may be replaced though hop did not make
				  it: set by the caller, NULL: none */
	char *place;           /* of the server, in words, for litter: "host=... port=..." */
	struct litter *litter; /* the scratch databases of this command; NULL until the first */
};

/*
 * Connected. Removes first what dead commands of this project left there (flow/litter), but in a
 * dry run. Without
 * CREATEDB the development database must exist and hop.resetDatabase be true (else ERROR_NO that
 * says so). To be freed after all scratch databases.
 */
struct error *workshop_open(struct workshop **out, void *ctx, struct project *p,
			    const char *database) MUST_CHECK;

/* A connection to a database of the workshop. */
struct error *workshop_connect(struct db **out, void *ctx, struct workshop *w,
			       const char *dbname) MUST_CHECK;

/*
 * May the development database be dropped or reset? Asked from the database itself: ERROR_NO for a
 * production database, one of another project, or one with objects and no row of hop's - this last
 * one unless take_over is its very name. A database that does not exist may be made.
 */
struct error *workshop_may_replace(struct workshop *w) MUST_CHECK;

/*
 * Keeps the other commands of this project from the development database until it is unlocked as
 * often as it was locked; ERROR_AGAIN after a minute of waiting.
 */
struct error *workshop_lock(struct workshop *w) MUST_CHECK;
struct error *workshop_unlock(struct workshop *w) MUST_CHECK;

/* Writes who a database of this project is; ROLE is one of RECORD_*. */
struct error *workshop_mark(struct workshop *w, struct db *db, const char *role) MUST_CHECK;

/* Writes NAME down as litter of this command, before it is made. */
struct error *workshop_note(struct workshop *w, const char *name) MUST_CHECK;

#endif
