/* The PostgreSQL server used for development, and hop's databases on it. */
#ifndef BUILD_DEV_SERVER_H
#define BUILD_DEV_SERVER_H

#include <stdbool.h>

#include "base/error.h"
#include "project/leftovers.h"
#include "project/project.h"
#include "run/record.h"
#include "port/db.h"

/* Like target_named, but if no database is named, starts the private server. */
struct error *dev_server_conninfo(char **conninfo, bool *private_server, void *ctx,
				  struct project *p, const char *database) MUST_CHECK;

struct dev_server {
	struct project *project;
	char *conninfo;
	bool private_server;
	/* The development database, see target_development_name. */
	char *database;
	/*
	 * Connected to the maintenance database: postgres, template1, or else the development
	 * database.
	 */
	struct db *db;
	bool can_create; /* superuser or CREATEDB: databases are built separately and swapped in */
	char *prefix;    /* "hop_" and 8 digits of the project ID, the prefix of hop's databases */
	/*
	 * The name of a database that may be replaced although it is not ours; set by the caller,
	 * or NULL.
	 */
	const char *take_over;
	char *place; /* the server in the format of leftovers: "host=... port=..." */
	/* The scratch databases of this command; NULL before the first. */
	struct leftovers *leftovers;
};

/*
 * Connects and, unless DRY_RUN, drops databases left by killed commands (project/leftovers.h).
 * Without CREATEDB, the development database must exist and hop.resetDatabase be true; otherwise
 * ERROR_NO. Free it after all scratch databases.
 */
struct error *dev_server_open(struct dev_server **out, void *ctx, struct project *p,
			      const char *database, bool dry_run) MUST_CHECK;

/*
 * A server on which databases can be created to compare with that of CONNINFO: the same server or,
 * if the role cannot create databases there, the private server. Drops databases left there by
 * killed commands, as dev_server_open does. Does not check the database of
 * CONNINFO; do not use this with swap_in and the like.
 */
struct error *dev_server_open_beside(struct dev_server **out, void *ctx, struct project *p,
				     const char *conninfo) MUST_CHECK;

/*
 * On the private server, connects to a database as its superuser. Code of the repository must not
 * run in this session: use it in databases without any, or for what cannot call it.
 */
struct error *dev_server_connect_admin(struct db **out, void *ctx, struct dev_server *dev,
				       const char *dbname) MUST_CHECK;
/*
 * On the private server, makes the building role a superuser if hop.buildAsSuperuser says so, and
 * else takes that away.
 */
struct error *dev_server_set_rights(struct dev_server *dev) MUST_CHECK;
/* As requirements_make_roles; on the private server, its superuser creates them. */
struct error *dev_server_make_roles(struct dev_server *dev, const struct conf *conf) MUST_CHECK;
/* Adds a hint to the ERR of a build that lacked a privilege on the private server. */
struct error *dev_server_explain(struct error *err, const struct dev_server *dev) MUST_CHECK;

/* Connects to a database on this server. */
struct error *dev_server_connect(struct db **out, void *ctx, struct dev_server *dev,
				 const char *dbname) MUST_CHECK;

/*
 * May the development database be dropped or reset? The database itself says so, see
 * target_may_replace. ERROR_NO also for system databases. Succeeds if it does not exist.
 */
struct error *dev_server_may_replace(struct dev_server *dev) MUST_CHECK;

/*
 * Locks the development database against other commands of this project, until it has been unlocked
 * as often as locked. ERROR_AGAIN after waiting for a minute.
 */
struct error *dev_server_lock(struct dev_server *dev) MUST_CHECK;
struct error *dev_server_unlock(struct dev_server *dev) MUST_CHECK;

/* Marks a database as one of this project; ROLE is one of RECORD_*. */
struct error *dev_server_mark(struct dev_server *dev, struct db *db, const char *role) MUST_CHECK;

/*
 * As major_require and major_accept for this server, and how the private one becomes one of that
 * major version.
 */
struct error *dev_server_require_major(struct dev_server *dev, const struct conf *conf) MUST_CHECK;
struct error *dev_server_accept_major(struct dev_server *dev) MUST_CHECK;

/* An unused database name; LETTER is its purpose. */
struct error *dev_server_new_name(char **name, void *ctx, struct dev_server *dev,
				  char letter) MUST_CHECK;
/* Sends SQL over a separate connection and does not wait for the result. */
void dev_server_send_and_leave(struct dev_server *dev, const char *sql);

/* Records NAME as a leftover of this command; call before creating the database. */
struct error *dev_server_note(struct dev_server *dev, const char *name) MUST_CHECK;

#endif
