/* The private server: PostgreSQL run by hop itself for one repository. Unix socket only. */
#ifndef PORT_SERVER_H
#define PORT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define SERVER_PORT "5432" /* names the socket; there is no TCP port */
#define SERVER_IDLE 1800   /* hop.serverIdle when it is not set */

/*
 * Where the server of a repository lives; nothing is made or started. DIR belongs to oneself,
 * data and run in it to the user who runs the server: what SQL makes PostgreSQL write never
 * lies where root would follow it.
 */
struct server {
	char *common; /* the common git directory, absolute */
	/* COMMON/hop/server, or /var/lib/git-hop/HASH as root where postgres cannot go */
	char *dir;
	char *data; /* DIR/data */
	char *run;  /* DIR/run: log and socket */
	char *log;  /* DIR/run/log */
	/* folder of the socket: DIR/run, or one below /tmp where that path cannot name a socket */
	char *socket;
	char *user;     /* system user that runs it: "postgres" as root, else NULL (oneself) */
	char *conninfo; /* host=... port=5432 user=postgres; no dbname */
	int major;      /* PostgreSQL to make it with if installed; 0: the newest; the caller's */
	int idle;       /* seconds without a connection until it stops; 0: never */
};

/* COMMON_DIR is the common git directory; IDLE in seconds (hop.serverIdle). */
struct error *server_locate(struct server **out, void *ctx, const char *common_dir,
			    int idle) MUST_CHECK;

/*
 * Running when this returns: made (initdb) and started where it was not, by one of all who ask
 * at once. A stale pid file is no hindrance. Data of another major version: started with that
 * version's programs when they are installed, else ERROR_FAIL with what to do, nothing touched.
 * STARTED (may be NULL): whether this call started it.
 */
struct error *server_start(bool *started, struct server *server) MUST_CHECK;
/* The command that makes room for new data, those of PostgreSQL VERSION being kept. */
char *server_move_aside(void *ctx, const struct server *server, const char *version);
/* Stopped when this returns (fast mode); was stopped: *STOPPED is false. */
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
 * The loop of the process that stops an idle server; returns when the server is gone, and at
 * once when another such process is there.
 */
struct error *server_watch(struct server *server) MUST_CHECK;

#endif
