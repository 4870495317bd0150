/* The private server: PostgreSQL run by git hop for one repository, on a Unix socket only. */
#ifndef PORT_SERVER_H
#define PORT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define SERVER_PORT "5432" /* part of the socket's name; there is no TCP port */
#define SERVER_IDLE 1800   /* default of hop.serverIdle */

/*
 * Commands connect as SERVER_ROLE, which owns their databases and is not a superuser: SQL of a
 * repository must not become programs of the user that runs the server. Only this role can connect
 * without a password. That of the superuser SERVER_ADMIN is in a file that SQL of other roles
 * cannot read, so it cannot connect as superuser either (with dblink, say).
 */
#define SERVER_ROLE "hop_build"
#define SERVER_ADMIN "postgres"

/*
 * The location of a server. DIR belongs to the current user; data and run in it belong to the user
 * that runs the server, so SQL cannot make PostgreSQL write to a directory that root uses.
 */
struct server {
	char *common; /* the common git directory, absolute */
	/* COMMON/hop/server; for root, /var/lib/git-hop/HASH if postgres cannot reach that */
	char *dir;
	char *data; /* DIR/data */
	char *run;  /* DIR/run: log and socket */
	char *log;  /* DIR/run/log */
	/*
	 * directory of the socket: DIR/run, or one in /tmp if that path cannot be used for a socket
	 */
	char *socket;
	char *user;     /* system user that runs it: "postgres" for root, else NULL */
	char *secret;   /* DIR/password, of SERVER_ADMIN; mode 0600 */
	char *conninfo; /* host=... port=5432 user=hop_build; no dbname */
	int major; /* version to create it with if installed; 0: the newest; set by the caller */
	int idle;  /* seconds without a connection after which it stops; 0: never */
};

/* Creates and starts nothing. COMMON_DIR is the common git directory; IDLE is in seconds. */
struct error *server_locate(struct server **out, void *ctx, const char *common_dir,
			    int idle) MUST_CHECK;

/* The password of SERVER_ADMIN. */
struct error *server_password(char **out, void *ctx, const struct server *server) MUST_CHECK;
/* As server->conninfo, for SERVER_ADMIN; contains the password. */
struct error *server_admin(char **conninfo, void *ctx, const struct server *server) MUST_CHECK;

/*
 * Returns when the server accepts connections. Creates the data (initdb) and starts the server if
 * necessary; if several commands do this at once, one of them does the work and all wait. A stale
 * pid file is removed. Data of another major version is served by the programs of that version; if
 * they are not installed, ERROR_FAIL with a hint, and nothing is changed. Data without a password
 * for SERVER_ADMIN, where builds ran as superuser, is moved to DIR/data.old, with a note. STARTED
 * (may be NULL): did this call start it?
 */
struct error *server_start(bool *started, struct server *server) MUST_CHECK;
/* The command that makes room for new data, those of PostgreSQL VERSION being kept. */
char *server_move_aside(void *ctx, const struct server *server, const char *version);
/*
 * Stops the server (fast shutdown) and waits for its end. *STOPPED is false if it was not running.
 */
struct error *server_stop(bool *stopped, struct server *server) MUST_CHECK;

struct server_status {
	bool made; /* the data exists */
	bool running;
	int pid;
	char *version;     /* "15", of the data */
	long long started; /* seconds since the epoch */
};
struct error *server_status(struct server_status *out, void *ctx, struct server *server) MUST_CHECK;

/*
 * The main loop of the process that stops an idle server. Returns when the server has ended, or at
 * once if another process already watches it.
 */
struct error *server_watch(struct server *server) MUST_CHECK;

#endif
