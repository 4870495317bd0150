/* The PostgreSQL server that development happens on: which one, and the databases there that are
 * hop's. */
#ifndef BUILD_DEV_SERVER_H
#define BUILD_DEV_SERVER_H

#include <stdbool.h>

#include "base/error.h"
#include "project/leftovers.h"
#include "project/project.h"
#include "run/record.h"
#include "port/db.h"

/* As target_named; where that names none, the private server of the repository, which is started.
 */
struct error *dev_server_conninfo(char **conninfo, bool *private_server, void *ctx,
				  struct project *p, const char *database) MUST_CHECK;

struct dev_server {
	struct project *project;
	char *conninfo;
	bool private_server;
	/* The development database, see target_development_name. */
	char *database;
	/* To the maintenance database: postgres, template1, else the development database. */
	struct db *db;
	bool can_create; /* superuser or CREATEDB: databases are built aside and swapped in */
	char *prefix;    /* "hop_" and 8 digits of the project id: how hop's database names begin */
	/* A database of somebody else's that may be replaced; set by the caller, or NULL. */
	const char *take_over;
	char *place; /* the server as leftovers know it: "host=... port=..." */
	/* The scratch databases of this command; NULL until the first. */
	struct leftovers *leftovers;
};

/*
 * Connects, and first drops what dead commands of this project left there (project/leftovers),
 * but not with DRY_RUN. Without CREATEDB the development database must exist and hop.resetDatabase
 * be true; ERROR_NO says so. Free it after all scratch databases.
 */
struct error *dev_server_open(struct dev_server **out, void *ctx, struct project *p,
			      const char *database, bool dry_run) MUST_CHECK;

/*
 * A server where databases may be made beside the one of CONNINFO: its own, or where the role may
 * not create databases there the private server of the repository. The database itself is not
 * looked at; swap_in and the like are not for this one.
 */
struct error *dev_server_open_beside(struct dev_server **out, void *ctx, struct project *p,
				     const char *conninfo) MUST_CHECK;

/* A connection to a database of that server. */
struct error *dev_server_connect(struct db **out, void *ctx, struct dev_server *dev,
				 const char *dbname) MUST_CHECK;

/*
 * May the development database be dropped or reset? Asked from the database itself, see
 * target_may_replace; ERROR_NO for one of the server's own, too. One that does not exist may be
 * made.
 */
struct error *dev_server_may_replace(struct dev_server *dev) MUST_CHECK;

/*
 * Keeps the other commands of this project from the development database until it is unlocked as
 * often as it was locked; ERROR_AGAIN after a minute of waiting.
 */
struct error *dev_server_lock(struct dev_server *dev) MUST_CHECK;
struct error *dev_server_unlock(struct dev_server *dev) MUST_CHECK;

/* Records what a database of this project is; ROLE is one of RECORD_*. */
struct error *dev_server_mark(struct dev_server *dev, struct db *db, const char *role) MUST_CHECK;

/*
 * As major_require and major_accept for this server, and how the private one becomes one of that
 * major version.
 */
struct error *dev_server_require_major(struct dev_server *dev, const struct conf *conf) MUST_CHECK;
struct error *dev_server_accept_major(struct dev_server *dev) MUST_CHECK;

/* A name that no other database has; LETTER says what for. */
struct error *dev_server_new_name(char **name, void *ctx, struct dev_server *dev,
				  char letter) MUST_CHECK;
/* Sends SQL over a connection of its own and does not wait. */
void dev_server_send_and_leave(struct dev_server *dev, const char *sql);

/* Writes NAME down as a leftover of this command, before it is made. */
struct error *dev_server_note(struct dev_server *dev, const char *name) MUST_CHECK;

#endif
