/* Puts back the files that git changed before it failed or was killed. */
#include "publish/checkout.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/path.h"
#include "port/git_work.h"
#include "project/worktree.h"
#include "publish/checkout_private.h"

/* Seconds. While git runs, the time of the mark is set at least this often. */
#define SEEN 1.0

/* A path of which the index still has what FROM has, so git had not come to its end. */
struct half {
	const char *path; /* in the repository */
	char *file;       /* in the working tree */
	bool old;         /* FROM has it */
	bool there;       /* a file or symbolic link is there */
	bool ours;        /* ... and git wrote it */
};

struct halves {
	struct half *list;
	size_t count;
};

static int by_path(const void *key, const void *entry)
{
	return strcmp(key, *(char *const *)entry + strlen("XY "));
}

/* Whether git has to write, or had to, and the index says that it was not done with it. */
static bool is_half(const struct repo_change *change, char *const *status, size_t count)
{
	char *const *entry = bsearch(change->path, status, count, sizeof(*status), by_path);

	if (change->old_mode == MODE_SUBMODULE || change->new_mode == MODE_SUBMODULE)
		return false;
	if (change->old_mode)
		return entry && **entry == ' ';
	/* HEAD may have the first commit already. */
	return !entry || **entry == 'D';
}

static struct error *find_halves(struct halves *out, void *ctx, const struct mark *mark)
{
	struct repo *repo = mark->project->repo;
	struct repo_change *changes;
	struct error *err;
	char **status;
	size_t n, known;

	err = repo_changes(&changes, &n, ctx, repo, mark->from, mark->to);
	if (!err)
		err = git_status(&status, ctx, repo);
	if (err)
		return err;
	known = mem_list_length(status);
	*out = (struct halves){mem_array(ctx, struct half, n), 0};
	for (size_t i = 0; i < n; i++) {
		struct half *h = &out->list[out->count];
		struct stat st;

		h->path = changes[i].path;
		h->file = path_join(ctx, mark->project->root, h->path);
		h->old = changes[i].old_mode != 0;
		if (!is_half(&changes[i], status, known))
			continue;
		/* What is reached through a link is not what git wrote. */
		h->there = !file_has_link(mark->project->root, path_dir(ctx, h->file)) &&
			   lstat(h->file, &st) == 0 && (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode));
		if (h->there || h->old)
			out->count++;
	}
	return NULL;
}

/* Was the file written while git ran? Its beginning alone is proof only together with the time. */
static bool in_time(const struct mark *mark, const struct stat *st, bool whole)
{
	double at = (double)st->st_mtim.tv_sec + (double)st->st_mtim.tv_nsec / 1e9;

	for (size_t i = 0; i < mark->time_count; i++) {
		const struct mark_time *t = &mark->times[i];

		if (at >= t->begin && (whole || t->end == 0 || at <= t->end + SEEN))
			return true;
	}
	return false;
}

static struct error *contents(char **out, size_t *length, void *ctx, const char *path,
			      const struct stat *st)
{
	ssize_t n;

	if (!S_ISLNK(st->st_mode))
		return file_read(out, length, ctx, path);
	*out = mem_array(ctx, char, (size_t)st->st_size + 2);
	n = readlink(path, *out, (size_t)st->st_size + 1);
	if (n < 0)
		return error_errno("cannot read '%s'", path);
	*length = (size_t)n;
	return NULL;
}

/* Did git write the file, in whole or in part, as it is in the worktree DIR? */
static struct error *look(struct half *h, const struct mark *mark, const char *dir)
{
	SCOPE(tmp, NULL);
	const char *whole = path_join(tmp, dir, h->path);
	char *has, *should;
	size_t n, all;
	struct stat st, there;
	struct error *err;

	if (lstat(h->file, &st) < 0 || lstat(whole, &there) < 0 ||
	    file_has_link(dir, path_dir(tmp, whole)) ||
	    (st.st_mode & S_IFMT) != (there.st_mode & S_IFMT) || S_ISDIR(there.st_mode))
		return NULL;
	err = contents(&has, &n, tmp, h->file, &st);
	if (!err)
		err = contents(&should, &all, tmp, whole, &there);
	if (err)
		return err;
	h->ours = n <= all && memcmp(has, should, n) == 0 && in_time(mark, &st, n == all);
	return NULL;
}

/* Writes as many of the files as can be written: a filter may fail for one. */
static struct error *write_each(const struct repo *repo, char **paths)
{
	struct error *err, *first;

	first = git_write_files(repo, paths);
	if (!first || first->code == ERROR_SIGNALLED)
		return first;
	for (; *paths; paths++) {
		char *one[] = {*paths, NULL};

		err = git_write_files(repo, one);
		if (err && err->code == ERROR_SIGNALLED) {
			error_free(first);
			return err;
		}
		error_free(err);
	}
	return first;
}

/* Writes the files into an empty worktree, as filters and attributes of COMMIT make them. */
static struct error *write_expected(struct worktree **out, void *ctx, const struct mark *mark,
				    const char *commit, char **paths)
{
	struct repo *there;
	struct error *err;

	err = worktree_open_empty(out, ctx, mark->project, commit);
	if (!err)
		err = repo_open(&there, ctx, (*out)->tree);
	if (err)
		return err;
	err = write_each(there, paths);
	if (err && err->code == ERROR_SIGNALLED)
		return err;
	error_free(err);
	return NULL;
}

/* Compares files with what git writes for COMMIT. */
static struct error *compare(struct halves *halves, const struct mark *mark, const char *commit)
{
	SCOPE(tmp, NULL);
	char **paths = mem_array(tmp, char *, 1);
	struct worktree *worktree;
	struct error *err;

	for (size_t i = 0; i < halves->count; i++) {
		if (halves->list[i].there && !halves->list[i].ours)
			mem_list_add(&paths, tmp, halves->list[i].path);
	}
	if (!*paths)
		return NULL;
	err = write_expected(&worktree, tmp, mark, commit, paths);
	for (size_t i = 0; !err && i < halves->count; i++) {
		struct half *h = &halves->list[i];

		if (h->there && !h->ours)
			err = look(h, mark, worktree->tree);
	}
	return err;
}

/* Removes a file, and the directories that are empty without it, as git does. */
static struct error *take_away(const struct half *h, const char *root)
{
	SCOPE(tmp, NULL);
	char *dir = path_dir(tmp, h->file);
	size_t n = strlen(root);

	if (unlink(h->file) < 0)
		return error_errno("cannot remove '%s'", h->file);
	while (strlen(dir) > n && rmdir(dir) == 0)
		dir = path_dir(tmp, dir);
	return NULL;
}

/* Nothing is there, and nothing but directories is above it. */
static bool is_free(const char *path)
{
	SCOPE(tmp, NULL);
	struct stat st;

	if (lstat(path, &st) == 0)
		return false;
	do
		path = path_dir(tmp, path);
	while (lstat(path, &st) < 0);
	return S_ISDIR(st.st_mode);
}

struct error *checkout_put_back(const struct mark *mark)
{
	SCOPE(tmp, NULL);
	char **missing = mem_array(tmp, char *, 1);
	struct halves halves;
	struct error *err;

	err = find_halves(&halves, tmp, mark);
	if (!err)
		err = compare(&halves, mark, mark->to);
	if (!err && mark->from)
		err = compare(&halves, mark, mark->from);
	for (size_t i = 0; !err && i < halves.count; i++) {
		if (halves.list[i].ours)
			err = take_away(&halves.list[i], mark->project->root);
	}
	if (!err)
		err = fail_point("checkout.cleared");
	if (err)
		return err;
	for (size_t i = 0; i < halves.count; i++) {
		if (halves.list[i].old && is_free(halves.list[i].file))
			mem_list_add(&missing, tmp, halves.list[i].path);
	}
	return write_each(mark->project->repo, missing);
}

struct error *checkout_is_written(bool *out, const struct mark *mark)
{
	SCOPE(tmp, NULL);
	struct repo *repo = mark->project->repo;
	struct repo_change *changes;
	struct error *err;
	char **differ;
	size_t n;

	err = repo_changes(&changes, &n, tmp, repo, mark->from, mark->to);
	if (!err)
		err = git_index_changes(&differ, tmp, repo, mark->to);
	if (err)
		return err;
	*out = true;
	for (size_t i = 0; *out && *differ && i < n; i++)
		*out = !mem_list_has(differ, changes[i].path);
	return NULL;
}
