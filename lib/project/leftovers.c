/* Lists the temporary objects of commands, and removes those left by killed ones. */
#include "project/leftovers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "port/git.h"

#define MONTH (30 * 86400)
#define WORKTREE "worktree"
#define FOLDER "folder"
#define REF "ref"
#define DATABASE "database"

struct leftovers {
	char *path;
	int fd;
	bool keep;
};

static struct error *run_folder(char **dir, void *ctx, const struct project *p)
{
	return project_place(dir, ctx, p, "run");
}

static int leftovers_free(struct leftovers *l)
{
	if (!l->keep)
		unlink(l->path);
	close(l->fd);
	return 0;
}

struct error *leftovers_open(struct leftovers **out, void *ctx, struct project *p)
{
	struct leftovers *l = mem_new(ctx, struct leftovers);
	struct error *err;
	char *dir;

	err = run_folder(&dir, l, p);
	if (!err)
		err = file_make_dirs(dir, 0777);
	for (int i = 0; !err; i++) {
		l->path = mem_printf(l, "%s/%ld-%d", dir, (long)getpid(), i);
		err = file_lock(&l->fd, l->path, false);
		if (err || (l->fd >= 0 && file_has_name(l->fd)))
			break;
		if (l->fd >= 0)
			close(l->fd);
	}
	/* A killed process with the same ID left a list: do not overwrite it. */
	if (!err && lseek(l->fd, 0, SEEK_END) > 0)
		l->keep = true;
	if (err) {
		talloc_free(l);
		return err;
	}
	talloc_set_destructor(l, leftovers_free);
	*out = l;
	return NULL;
}

struct error *leftovers_add(struct leftovers *l, const char *kind, const char *name)
{
	SCOPE(tmp, l);
	char *entry = mem_printf(tmp, "%s %s", kind, name);
	size_t length = strlen(entry) + 1;

	if (write(l->fd, entry, length) != (ssize_t)length)
		return error_errno("cannot write '%s'", l->path);
	return NULL;
}

struct error *leftovers_name(char **path, void *ctx, const char *prefix)
{
	const char *base = getenv("TMPDIR");
	unsigned int number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return error_errno("cannot get a random number");
	*path = path_absolute(ctx, mem_printf(ctx, "%s/%s-%ld-%08x", base && *base ? base : "/tmp",
					      prefix, (long)getpid(), number));
	return NULL;
}

void leftovers_keep(struct leftovers *l)
{
	l->keep = true;
}

/* What to do with entries of KINDS. A file with other entries is kept. */
struct sweep {
	struct project *project;
	const char *kinds[4]; /* up to NULL */
	bool look;            /* no file is removed */
	struct error *(*remove)(bool *gone, void *arg, const char *name);
	void *arg;
};

static struct error *sweep_entry(bool *gone, const struct sweep *s, const char *entry)
{
	*gone = false;
	for (size_t i = 0; s->kinds[i]; i++) {
		size_t n = strlen(s->kinds[i]);

		if (strncmp(entry, s->kinds[i], n) == 0 && entry[n] == ' ')
			return s->remove(gone, s->arg, entry + n + 1);
	}
	return NULL;
}

static struct error *sweep_locked(const struct sweep *s, int fd, const char *path)
{
	SCOPE(tmp, NULL);
	struct stat st;
	size_t length;
	char *text;
	bool all = true;
	struct error *err = file_read(&text, &length, tmp, path);

	if (err)
		return err;
	/* An entry without a final NUL was never created, because it is recorded first. */
	for (char *end, *entry = text; (end = memchr(entry, '\0', (size_t)(text + length - entry)));
	     entry = end + 1) {
		bool gone;

		err = sweep_entry(&gone, s, entry);
		if (err)
			return err;
		all = all && gone;
	}
	if (s->look)
		return NULL;
	if (all || (fstat(fd, &st) == 0 && st.st_mtime < time(NULL) - MONTH))
		unlink(path);
	return NULL;
}

static struct error *sweep_all(const struct sweep *s)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *dir, **names;
	size_t count;

	err = run_folder(&dir, tmp, s->project);
	if (err || !file_is_dir(dir))
		return err;
	err = file_list(&names, &count, tmp, dir);
	for (size_t i = 0; !err && i < count; i++) {
		char *path = path_join(tmp, dir, names[i]);
		int fd;

		err = file_lock(&fd, path, false);
		if (err || fd < 0)
			continue;
		if (file_has_name(fd))
			err = sweep_locked(s, fd, path);
		close(fd);
	}
	return err;
}

/* A directory, or a worktree known to git, whether its directory exists or not. */
static struct error *remove_folder(bool *gone, void *arg, const char *path)
{
	struct project *p = arg;
	struct error *err;

	*gone = true;
	err = git_worktree_remove(p, p->repo, path);
	if (err)
		debug("%s", err->message);
	error_free(err);
	if (!file_exists(path))
		return NULL;
	note("removing '%s', left by a command that was killed", path);
	return file_remove_tree(path);
}

struct error *leftovers_drop_refs(struct project *p, char *const *refs)
{
	struct error *err = NULL;

	for (; !err && *refs; refs++)
		err = repo_remove_temporary(p->repo, *refs);
	return err;
}

static struct error *remove_local(bool *gone, void *arg, const char *name)
{
	char *refs[] = {mem_dup(arg, name), NULL};

	if (strncmp(name, LEFTOVERS_REFS, strlen(LEFTOVERS_REFS)) != 0)
		return remove_folder(gone, arg, name);
	*gone = true;
	return leftovers_drop_refs(arg, refs);
}

struct error *leftovers_sweep(struct project *p)
{
	const struct sweep s = {p, {WORKTREE, FOLDER, REF, NULL}, false, remove_local, p};

	return sweep_all(&s);
}

struct error *leftovers_sweep_databases(struct project *p,
					struct error *(*drop)(bool *gone, void *arg,
							      const char *name),
					void *arg)
{
	const struct sweep s = {p, {DATABASE, NULL}, false, drop, arg};

	return sweep_all(&s);
}

static struct error *count_one(bool *gone, void *arg, const char *name)
{
	size_t *count = arg;

	(void)name;
	*gone = false;
	(*count)++;
	return NULL;
}

struct error *leftovers_count(size_t *folders, size_t *databases, struct project *p)
{
	const struct sweep f = {p, {WORKTREE, FOLDER, REF, NULL}, true, count_one, folders};
	const struct sweep d = {p, {DATABASE, NULL}, true, count_one, databases};
	struct error *err;

	*folders = 0;
	*databases = 0;
	err = sweep_all(&f);
	return err ? err : sweep_all(&d);
}
