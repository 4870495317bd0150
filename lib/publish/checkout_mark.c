/* Marks a checkout that is being changed. */
#include "publish/checkout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "publish/checkout_private.h"

char *mark_path(const void *ctx, const struct project *p)
{
	return path_join(ctx, repo_git_dir(p->repo), "hop-head");
}

static int mark_free(struct mark *mark)
{
	struct repo *repo = mark->project->repo;

	if (mark->fd >= 0 && repo_live(repo, REPO_LIVE_CHECKOUT) == mark->fd)
		repo_set_live(repo, REPO_LIVE_CHECKOUT, 0);
	if (mark->fd >= 0)
		close(mark->fd);
	return 0;
}

static double modified(const struct mark *mark)
{
	struct stat st;

	return fstat(mark->fd, &st) < 0
		       ? 0
		       : (double)st.st_mtim.tv_sec + (double)st.st_mtim.tv_nsec / 1e9;
}

/* Files that git left half changed must be put in order first; a branch alone may be obsolete. */
static struct error *take_over(struct mark *mark)
{
	SCOPE(tmp, mark);
	struct error *err;
	char *text;

	err = file_read(&text, NULL, tmp, mark->path);
	if (err)
		return err;
	if (strncmp(text, "move ", 5) == 0 || strstr(text, "\nmove "))
		return error_hint(error_new(ERROR_FAIL,
					    "the files of the checkout are half changed, "
					    "as a command that was killed left them"),
				  "git hop check");
	return ftruncate(mark->fd, 0) < 0 ? error_errno("cannot write '%s'", mark->path) : NULL;
}

struct error *mark_open(struct mark **out, void *ctx, struct project *p, bool left)
{
	struct mark *mark = mem_new(ctx, struct mark);
	struct error *err = NULL;

	*out = NULL;
	mark->project = p;
	mark->path = mark_path(mark, p);
	mark->fd = -1;
	talloc_set_destructor(mark, mark_free);
	/* Its owner may remove it between our opening and our locking. */
	while (!err && (mark->fd < 0 || !file_has_name(mark->fd))) {
		if (mark->fd >= 0)
			close(mark->fd);
		err = file_lock(&mark->fd, mark->path, false);
		if (!err && mark->fd < 0)
			return NULL;
	}
	if (!err && !left)
		err = take_over(mark);
	if (!err)
		*out = mark;
	return err;
}

static struct error *add_line(struct mark *mark, const char *line)
{
	size_t n = strlen(line);

	if (lseek(mark->fd, 0, SEEK_END) < 0 || write(mark->fd, line, n) != (ssize_t)n)
		return error_errno("cannot write '%s'", mark->path);
	return NULL;
}

static void add_time(struct mark *mark, double begin)
{
	mark->times = mem_resize(mark, mark->times, struct mark_time, mark->time_count + 1);
	mark->times[mark->time_count++] = (struct mark_time){begin, 0};
}

/* From here on git programs hold the mark. */
static struct error *begin(struct mark *mark)
{
	SCOPE(tmp, mark);

	add_time(mark, modified(mark));
	repo_set_live(mark->project->repo, REPO_LIVE_CHECKOUT, mark->fd);
	return add_line(mark, mem_printf(tmp, "begin %.9f\n", modified(mark)));
}

struct error *mark_branch(struct mark *mark, const char *branch)
{
	SCOPE(tmp, mark);

	mark->branch = branch ? mem_dup(mark, branch) : NULL;
	return branch ? add_line(mark, mem_printf(tmp, "branch %s\n", branch)) : NULL;
}

struct error *mark_move(struct mark *mark, const char *from, const char *to, const char *stand)
{
	SCOPE(tmp, mark);
	struct error *err;

	mark->from = from ? mem_dup(mark, from) : NULL;
	mark->to = mem_dup(mark, to);
	mark->stand = mem_dup(mark, stand);
	err = add_line(mark, mem_printf(tmp, "move %s %s %s\n", from ? from : OID_NONE, to, stand));
	return err ? err : begin(mark);
}

static void read_move(struct mark *mark, const char *line)
{
	if (strlen(line) < 2 * (OID_LENGTH + 1))
		return;
	mark->from = mem_dup_n(mark, line, OID_LENGTH);
	if (strcmp(mark->from, OID_NONE) == 0)
		mark->from = NULL;
	mark->to = mem_dup_n(mark, line + OID_LENGTH + 1, OID_LENGTH);
	mark->stand = mem_dup(mark, line + 2 * (OID_LENGTH + 1));
}

static void read_line(struct mark *mark, const char *line)
{
	if (strncmp(line, "branch ", 7) == 0)
		mark->branch = mem_dup(mark, line + 7);
	else if (strncmp(line, "move ", 5) == 0)
		read_move(mark, line + 5);
	else if (strncmp(line, "begin ", 6) == 0)
		add_time(mark, strtod(line + 6, NULL));
	else if (strncmp(line, "end ", 4) == 0 && mark->time_count > 0)
		mark->times[mark->time_count - 1].end = strtod(line + 4, NULL);
}

/* ENDED: when the mark was last modified. */
static struct error *next_time(struct mark *mark, double ended)
{
	SCOPE(tmp, mark);
	struct mark_time *last = &mark->times[mark->time_count - 1];
	struct error *err;

	/* A command that was killed between the two lines ran no git. */
	if (last->end != 0)
		return futimens(mark->fd, NULL) < 0 ? error_errno("cannot touch '%s'", mark->path)
						    : begin(mark);
	last->end = ended;
	err = add_line(mark, mem_printf(tmp, "end %.9f\n", ended));
	return err ? err : begin(mark);
}

struct error *mark_read(struct mark *mark)
{
	SCOPE(tmp, mark);
	double ended = modified(mark);
	struct error *err;
	char *text;

	err = file_read(&text, NULL, tmp, mark->path);
	if (err)
		return err;
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		read_line(mark, line);
	}
	/* It was killed before it started git. */
	if (mark->time_count == 0)
		mark->to = NULL;
	return mark->to ? next_time(mark, ended) : NULL;
}

void mark_forget(struct mark *mark)
{
	unlink(mark->path);
	repo_set_live(mark->project->repo, REPO_LIVE_CHECKOUT, 0);
}
