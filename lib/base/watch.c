/* Waits for changes to the files in a directory. */
#include "base/watch.h"

#include <errno.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/log.h"

/*
 * Editors save in several steps; after this many milliseconds without a change, they have finished.
 */
#define SILENCE 100

struct watch {
	int fd;
};

static int watch_destroy(struct watch *watch)
{
	close(watch->fd);
	return 0;
}

struct error *watch_open(struct watch **out, void *ctx, const char *dir)
{
	const uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
				IN_DELETE_SELF | IN_ONLYDIR;
	struct watch *watch;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return error_errno("cannot watch '%s'", dir);
	if (inotify_add_watch(fd, dir, events) < 0) {
		struct error *err = error_errno("cannot watch '%s'", dir);

		close(fd);
		return err;
	}
	watch = mem_new(ctx, struct watch);
	watch->fd = fd;
	talloc_set_destructor(watch, watch_destroy);
	*out = watch;
	return NULL;
}

struct error *watch_wait(struct watch *watch)
{
	bool changed = false;

	for (;;) {
		struct pollfd door = {.fd = watch->fd, .events = POLLIN};
		struct error *err = signals_check();
		char events[4096];
		int ready;

		if (err)
			return err;
		/* Also wake up without a change, because a signal may arrive just before poll. */
		ready = poll(&door, 1, changed ? SILENCE : 500);
		if (ready == 0 && changed)
			return NULL;
		if (ready <= 0)
			continue;
		while (read(watch->fd, events, sizeof(events)) > 0)
			changed = true;
	}
}
