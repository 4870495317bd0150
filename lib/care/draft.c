/* Directories that are filled under another name, and get their own when they are complete. */
#include "care/draft.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"

/* Is it PREFIX, a command, a dash and a number? */
static bool is_draft(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);
	const char *dash = strrchr(name, '-');

	if (strncmp(name, prefix, n) != 0 || !dash || dash < name + n)
		return false;
	return dash[1] && strspn(dash + 1, "0123456789") == strlen(dash + 1);
}

static struct error *sweep(const char *dir, const char *prefix)
{
	SCOPE(tmp, NULL);
	char **names;
	struct error *err;
	size_t count;

	err = file_list(&names, &count, tmp, dir);
	for (size_t i = 0; !err && i < count; i++) {
		char *path = path_join(tmp, dir, names[i]);
		int fd = is_draft(names[i], prefix) ? file_lock_dir(path) : -1;

		if (fd < 0)
			continue;
		note("removing directory '%s', left by a killed command", path);
		err = file_remove_tree(path);
		close(fd);
	}
	return err;
}

void draft_sweep(const char *target)
{
	SCOPE(tmp, NULL);
	char *dir = path_dir(tmp, target);
	struct error *err = NULL;

	if (file_is_dir(dir))
		err = sweep(dir, mem_printf(tmp, "%s.hop-", path_base(target)));
	if (!err && file_is_dir(target))
		err = sweep(target, ".hop-");
	if (err)
		warn("%s", err->message);
	error_free(err);
}

/* An empty directory may be used. */
static struct error *refuse_taken(bool *there, const char *target)
{
	SCOPE(tmp, NULL);
	struct error *err;
	struct stat st;
	char **names;
	size_t count;

	*there = lstat(target, &st) == 0;
	if (!*there)
		return NULL;
	if (!file_is_dir(target))
		return error_new(ERROR_NO, "'%s' already exists", target);
	err = file_list(&names, &count, tmp, target);
	if (!err && count > 0)
		err = error_new(ERROR_NO, "'%s' already exists, and is not empty", target);
	return err;
}

static struct error *make(struct draft *draft)
{
	if (mkdir(draft->path, 0777) < 0)
		return error_errno("cannot create directory '%s'", draft->path);
	draft->lock = open(draft->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (draft->lock < 0 || flock(draft->lock, LOCK_EX) < 0)
		return error_errno("cannot lock directory '%s'", draft->path);
	return fail_point("draft.made");
}

struct error *draft_begin(struct draft **out, void *ctx, const char *target, const char *command)
{
	struct draft *draft = mem_new(ctx, struct draft);
	struct error *err;

	draft->target = mem_dup(draft, target);
	draft->lock = -1;
	draft_sweep(target);
	err = refuse_taken(&draft->inside, target);
	if (err)
		return err;
	draft->path = mem_printf(draft, draft->inside ? "%s/.hop-%s-%ld" : "%s.hop-%s-%ld", target,
				 command, (long)getpid());
	if (!draft->inside)
		err = file_make_dirs(path_dir(draft, target), 0777);
	if (!err)
		err = make(draft);
	if (!err)
		*out = draft;
	return err;
}

struct error *draft_place(struct draft *draft)
{
	SCOPE(tmp, NULL);
	char *from = draft->inside ? path_join(tmp, draft->path, ".git") : draft->path;
	char *to = draft->inside ? path_join(tmp, draft->target, ".git") : draft->target;
	struct error *err;

	if (rename(from, to) < 0)
		return error_errno("cannot rename '%s' to '%s'", from, to);
	if (!draft->inside)
		return NULL;
	err = fail_point("draft.placed");
	if (!err && rmdir(draft->path) < 0)
		err = error_errno("cannot remove '%s'", draft->path);
	return err;
}

void draft_drop(struct draft *draft)
{
	struct error *err = file_remove_tree(draft->path);

	if (err)
		warn("%s", err->message);
	error_free(err);
}
