/* Shared by the files of the private server: its directories, lock and process. */
#ifndef PORT_SERVER_STATE_H
#define PORT_SERVER_STATE_H

#include <stdbool.h>

#include "base/error.h"
#include "port/server.h"

/*
 * Creates the directories except data, and checks that each is a directory owned by the right user.
 */
struct error *server_make_folders(const struct server *server) MUST_CHECK;
/* Creates the directory PATH, mode 0700, owned by the user that runs the server. */
struct error *server_make_own(const struct server *server, const char *path) MUST_CHECK;

/*
 * server_roles.c: for new data in DIR/NAME, which is not served yet: its roles, and who may connect
 * as which. BINDIR contains its programs.
 */
struct error *server_make_roles(const struct server *server, const char *name,
				const char *bindir) MUST_CHECK;
/* Does the data exist without them? */
bool server_lacks_roles(const struct server *server);

struct server_process {
	int pid;
	long long started; /* seconds since the epoch */
	bool ready;        /* accepts connections */
};
/* Finds the postmaster of the data; false if none is running, whatever postmaster.pid says. */
bool server_process(struct server_process *out, const struct server *server);
/* After a crash: stops the remaining processes and removes pid file and socket. */
struct error *server_clear_stale(const struct server *server) MUST_CHECK;

/*
 * Takes DIR/lock, which is held while the server is started or stopped. The file contains
 * hop.serverIdle; its modification time is when a command last asked for the server. ERROR_AGAIN
 * after a minute.
 */
struct error *server_lock(int *fd, const struct server *server) MUST_CHECK;
struct error *server_note_use(int lock, const struct server *server) MUST_CHECK;
/* Call with the lock held: does a fast shutdown and waits for its end. */
struct error *server_stop_locked(bool *stopped, const struct server *server) MUST_CHECK;

/* Starts the process that watches the server, unless it is running. */
void server_watch_begin(const struct server *server);
/* After a stop: waits, at most 2 s, until that process no longer touches the directory. */
void server_watch_end(const struct server *server);

/* Sleeps. All loops that wait for the server use this. */
void server_pause(int milliseconds);

#endif
