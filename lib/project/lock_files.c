/* Removes the lock files of killed commands, but not those of running ones. */
#include "project/lock_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/path.h"

/* Seconds. A program that runs is seen more often than that, so it ended this long after, at most.
 */
#define SEEN 1.0
/* For how long a lock file must have outlived its maker before it counts as left. */
#define PATIENCE 1.0

struct live {
	char *path;
	int fd;
};

/* A command of which nothing lives, in seconds since 1970. */
struct dead {
	double begin, end;
};

static double seconds(struct timespec t)
{
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return seconds(t);
}

static int live_free(struct live *live)
{
	unlink(live->path);
	close(live->fd);
	return 0;
}

/* The file holds when it was made, by the clock that sets times of files. */
static struct error *live_open(struct project *p, const char *dir)
{
	struct live *live = mem_new(p, struct live);
	struct stat st;

	live->fd = -1;
	for (int i = 0; live->fd < 0 || !file_has_name(live->fd); i++) {
		struct error *err;

		if (live->fd >= 0)
			close(live->fd);
		live->path = mem_printf(live, "%s/%ld-%d", dir, (long)getpid(), i);
		if (file_exists(live->path)) {
			live->fd = -1;
			continue;
		}
		err = file_lock(&live->fd, live->path, false);
		if (err)
			return err;
	}
	talloc_set_destructor(live, live_free);
	if (fstat(live->fd, &st) < 0 || dprintf(live->fd, "%.9f\n", seconds(st.st_mtim)) < 0)
		return error_errno("cannot write '%s'", live->path);
	repo_set_live(p->repo, REPO_LIVE_COMMAND, live->fd);
	return NULL;
}

static bool is_lock(const char *name)
{
	size_t n = strlen(name);

	return (n > 5 && strcmp(name + n - 5, ".lock") == 0) ||
	       strcmp(name, "packed-refs.new") == 0;
}

/* Adds the lock files in the folder, and below it if DEEP. */
static struct error *find_locks(char ***list, void *ctx, const char *dir, bool deep)
{
	SCOPE(tmp, ctx);
	struct error *err;
	size_t count;
	char **names;

	if (!file_is_dir(dir))
		return NULL;
	err = file_list(&names, &count, tmp, dir);
	for (size_t i = 0; !err && i < count; i++) {
		char *path = path_join(tmp, dir, names[i]);
		struct stat st;

		if (lstat(path, &st) < 0)
			continue;
		if (S_ISREG(st.st_mode) && is_lock(names[i]))
			mem_list_add(list, ctx, path);
		else if (S_ISDIR(st.st_mode) && deep)
			err = find_locks(list, ctx, path, true);
	}
	return err;
}

static struct error *all_locks(char ***list, void *ctx, const struct project *p)
{
	static const struct {
		const char *dir;
		bool deep;
	} places[] = {{"", false},     {"refs", true},         {"worktrees", true},
		      {"info", false}, {"objects/info", true}, {"objects/pack", false}};
	struct error *err = NULL;

	*list = mem_array(ctx, char *, 1);
	for (size_t i = 0; !err && i < sizeof(places) / sizeof(*places); i++)
		err = find_locks(list, ctx, path_join(ctx, p->common, places[i].dir),
				 places[i].deep);
	return err;
}

/* Was the lock file created while the killed command ran? */
static bool is_of(const struct dead *dead, const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && seconds(st.st_mtim) >= dead->begin &&
	       seconds(st.st_mtim) <= dead->end + SEEN;
}

/*
 * git commit keeps index.lock while its editor is open: a git program in this repository that is
 * older than the lock may be its owner.
 */
static bool may_be_in_use(const struct project *p, const char *path)
{
	const char *dirs[] = {p->common, repo_git_dir(p->repo), repo_work_dir(p->repo)};
	struct stat st;

	return lstat(path, &st) == 0 &&
	       machine_program_in("git", "hop", dirs, 3, seconds(st.st_mtim) + PATIENCE);
}

/* *KEPT: one could still be in use. */
static struct error *remove_locks(bool *kept, const struct project *p, const struct dead *dead)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char **locks;

	*kept = false;
	err = all_locks(&locks, tmp, p);
	for (; !err && *locks; locks++) {
		double certain = dead->end + SEEN + PATIENCE;

		if (!is_of(dead, *locks))
			continue;
		while (!err && now() < certain && is_of(dead, *locks)) {
			usleep(50000);
			err = signals_check();
		}
		if (err || !is_of(dead, *locks))
			continue;
		if (may_be_in_use(p, *locks)) {
			*kept = true;
			debug("'%s' may be in use", *locks);
			continue;
		}
		if (unlink(*locks) == 0)
			note("removing '%s', left by a command that was killed", *locks);
		else if (errno != ENOENT)
			err = error_errno("cannot remove '%s'", *locks);
	}
	return err;
}

static struct error *sweep_dead(const struct project *p, int fd, const char *path)
{
	char text[64] = "";
	struct dead dead;
	struct stat st;
	struct error *err;
	bool kept;

	if (fstat(fd, &st) < 0 || pread(fd, text, sizeof(text) - 1, 0) < 0)
		return error_errno("cannot read '%s'", path);
	/* Killed before it wrote the time: it started nothing. */
	if (!strchr(text, '\n')) {
		unlink(path);
		return NULL;
	}
	dead.begin = strtod(text, NULL);
	dead.end = seconds(st.st_mtim);
	err = remove_locks(&kept, p, &dead);
	if (!err && !kept)
		unlink(path);
	return err;
}

static struct error *sweep(const struct project *p, const char *dir)
{
	SCOPE(tmp, NULL);
	struct error *err;
	size_t count;
	char **names;

	err = file_list(&names, &count, tmp, dir);
	for (size_t i = 0; !err && i < count; i++) {
		char *path = path_join(tmp, dir, names[i]);
		int fd = open(path, O_RDWR | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 && file_has_name(fd))
			err = sweep_dead(p, fd, path);
		close(fd);
	}
	return err;
}

struct error *lock_files_begin(struct project *p)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *dir;

	err = project_place(&dir, tmp, p, "live");
	if (!err)
		err = file_make_dirs(dir, 0777);
	if (!err)
		err = sweep(p, dir);
	return err ? err : live_open(p, dir);
}
