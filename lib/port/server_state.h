/* What the files of the private server share: its folders, its lock, its process. */
#ifndef PORT_SERVER_STATE_H
#define PORT_SERVER_STATE_H

#include <stdbool.h>

#include "base/error.h"
#include "port/server.h"

/* The folders but data; each is checked to be a real folder of the right user. */
struct error *server_make_folders(const struct server *server) MUST_CHECK;
/* PATH, a folder of the user who runs the server, mode 0700. */
struct error *server_make_own(const struct server *server, const char *path) MUST_CHECK;

struct server_process {
	int pid;
	long long started; /* seconds since the epoch */
	bool ready;        /* accepts connections */
};
/* The postmaster of the data; false when none is alive, whatever postmaster.pid says. */
bool server_process(struct server_process *out, const struct server *server);
/* After a crash: ends what is left of the processes and removes pid file and socket. */
struct error *server_clear_stale(const struct server *server) MUST_CHECK;

/*
 * DIR/lock: whoever starts or stops the server holds it. It contains the seconds of idleness to
 * stop after; its time of change is when somebody last asked for the server. ERROR_AGAIN after
 * a minute.
 */
struct error *server_lock(int *fd, const struct server *server) MUST_CHECK;
struct error *server_note_use(int lock, const struct server *server) MUST_CHECK;
/* With the lock held: fast shutdown, waited for. */
struct error *server_stop_locked(bool *stopped, const struct server *server) MUST_CHECK;

/* Has a process watch the server, unless one does. */
void server_watch_begin(const struct server *server);
/* After a stop: that process touches nothing any more when this returns (2 s at most). */
void server_watch_end(const struct server *server);

/* Sleeps; the waiting of all loops around the server. */
void server_pause(int milliseconds);

#endif
