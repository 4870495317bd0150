/* A database of the project that a command works on alone. */
#ifndef DEPLOY_HOLD_H
#define DEPLOY_HOLD_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

struct hold {
	struct project *project;
	char *conninfo;
	struct db *db; /* holds the lock of the database */
	char *version; /* NULL: none */
	int timeout;   /* hop.lockTimeout */
};

/*
 * Connects to the database that --database (DATABASE, may be NULL), $HOP_DATABASE or hop.database
 * names, and takes its lock (run/database_lock). ERROR_NO unless it is marked as one of this
 * project, for production or development. Freeing *OUT releases the lock.
 */
struct error *hold_database(struct hold **out, void *ctx, struct project *p,
			    const char *database) MUST_CHECK;

/* hop.lockTimeout for databases, in seconds. */
struct error *hold_timeout(int *seconds, struct project *p) MUST_CHECK;
/* Shows who keeps WHAT ("the backup") from reading a table of DB; it waits SECONDS for them. */
struct error *hold_show_in_way(struct db *db, const char *what, int seconds) MUST_CHECK;
/* ERR with who is still in the way, as ERROR_AGAIN, if it is later than END (log_clock). */
struct error *hold_add_in_way(struct error *err, struct db *db, double end) MUST_CHECK;
/* Connects to CONNINFO, even if a rollback was killed while the database took no connections. */
struct error *hold_connect(struct db **db, void *ctx, struct project *p,
			   const char *conninfo) MUST_CHECK;

#endif
