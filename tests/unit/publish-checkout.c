/* publish/checkout: what is left when git is killed while it changes the files of the checkout. */
#include "publish/checkout.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "sample.h"
#include "unit.h"

enum state { OLD, NEW, MISSING, PARTIAL, STATES };

/* The files before and after; NULL: there is none. "->" begins the target of a symbolic link. */
static const struct file {
	const char *path, *old, *new;
	bool exec; /* from here on, afterwards */
} files[] = {
	{".gitattributes", NULL, "*.txt text eol=crlf\n", false},
	{"added", NULL, "added\n", false},
	{"appended", "one\ntwo\n", "one\ntwo\nthree\n", false},
	{"begun", "", "no longer empty\n", false},
	{"changed", "old\n", "new, and longer\n", false},
	{"deep/er/added", NULL, "deep\n", false},
	{"emptied", "full\n", "", false},
	{"gone", "gone\n", NULL, false},
	/* a directory becomes a file, and a file a directory */
	{"folder/file", "in it\n", NULL, false},
	{"folder", NULL, "a file\n", false},
	{"kind", "a file\n", NULL, false},
	{"kind/file", NULL, "in it\n", false},
	{"lines.txt", "a\nb\n", "a\r\nc\r\n", false},
	{"link", "->old", "->new", false},
	{"linked", "a file\n", "->added", false},
	{"run", "same\n", "same\n", true},
};

struct half {
	struct sample *sample;
	struct project *project;
	char *from, *to;
	double begin;
};

static bool is_dir(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Replaces what is at PATH, but not a directory with something in it. */
static void put(const char *path, const char *text, size_t length, mode_t mode)
{
	SCOPE(tmp, NULL);
	char *dir = path_dir(tmp, path);
	struct stat st;

	if (unlink(path) < 0 && (errno == EISDIR || errno == EPERM))
		rmdir(path);
	if (text && !is_dir(dir) && lstat(dir, &st) == 0)
		return;
	if (text)
		ck_good(file_make_dirs(dir, 0777));
	if (!text || is_dir(path)) {
		if (strcmp(dir, ".") != 0)
			rmdir(dir);
		return;
	}
	if (strncmp(text, "->", 2) == 0)
		ck_assert_int_eq(symlink(text + 2, path), 0);
	else
		ck_good(file_write_new(path, text, length, mode));
}

static void put_state(const struct file *f, enum state state)
{
	const char *text = state == OLD ? f->old : state == NEW || state == PARTIAL ? f->new : NULL;
	size_t length = text ? strlen(text) : 0;

	if (state == PARTIAL && text && strncmp(text, "->", 2) == 0)
		text = NULL;
	put(f->path, text, state == PARTIAL ? length / 2 : length,
	    f->exec && state != OLD ? 0777 : 0666);
}

static void put_all(enum state state)
{
	for (size_t i = 0; i < COUNT(files); i++)
		put_state(&files[i], MISSING);
	for (size_t i = 0; i < COUNT(files); i++)
		put_state(&files[i], state);
}

static double file_time(void)
{
	struct stat st;

	ck_good(file_write("../clock", "", 0, 0666));
	ck_assert_int_eq(stat("../clock", &st), 0);
	unlink("../clock");
	return (double)st.st_mtim.tv_sec + (double)st.st_mtim.tv_nsec / 1e9;
}

static char *said(void *ctx, struct half *h, const char *command, const char *argument)
{
	char *out;

	ck_good(git_run(&out, ctx, h->sample->repo, command, argument, NULL));
	return out;
}

/* On ho-prod, where the files are old; those of the branch "side" are new. */
static struct half half_new(void *ctx)
{
	struct half h = {.sample = sample_new(ctx)};

	h.project = sample_open(ctx, h.sample);
	sample_file(h.sample, "same", "same\n");
	put_all(OLD);
	h.from = sample_commit(h.sample);
	ck_good(git_run(NULL, ctx, h.sample->repo, "switch", "-q", "-c", "side", NULL));
	put_all(NEW);
	h.to = sample_commit(h.sample);
	ck_good(git_run(NULL, ctx, h.sample->repo, "switch", "-q", "ho-prod", NULL));
	ck_assert_str_eq(said(ctx, &h, "status", "--porcelain"), "");
	h.begin = file_time();
	return h;
}

static void leave_mark(struct half *h)
{
	SCOPE(tmp, NULL);
	char *text = mem_printf(tmp, "branch ho-prod\nmove %s %s side\nbegin %.9f\n", h->from,
				h->to, h->begin);

	ck_good(file_write(".git/hop-head", text, strlen(text), 0600));
}

/* Sets the time of a file to SECONDS after that of the mark. */
static void set_time(const char *path, int seconds)
{
	struct timespec times[2];
	struct stat st;

	ck_assert_int_eq(stat(".git/hop-head", &st), 0);
	times[0] = times[1] = (struct timespec){st.st_mtim.tv_sec + seconds, 0};
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static void recover(struct half *h)
{
	ck_assert(checkout_is_left(h->project));
	ck_good(checkout_recover(h->project));
	ck_assert(!checkout_is_left(h->project));
	ck_assert_str_eq(said(h->sample, h, "worktree", "prune"), "");
}

static void ck_at(struct half *h, const char *branch, const char *status)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(said(tmp, h, "symbolic-ref", "HEAD"),
			 mem_printf(tmp, "refs/heads/%s", branch));
	ck_assert_str_eq(said(tmp, h, "status", "--porcelain"), status);
}

static void back(struct half *h)
{
	ck_good(git_run(NULL, h->sample, h->sample->repo, "switch", "-q", "-f", "ho-prod", NULL));
	ck_good(git_run(NULL, h->sample, h->sample->repo, "clean", "-qfd", NULL));
	ck_at(h, "ho-prod", "");
}

static void ck_file(const char *path, const char *text)
{
	SCOPE(tmp, NULL);
	char *has;

	ck_good(file_read(&has, NULL, tmp, path));
	ck_assert_str_eq(has, text);
}

START_TEST(every_state_is_finished)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);

	for (enum state all = OLD; all < STATES; all++) {
		put_all(all);
		leave_mark(&h);
		recover(&h);
		ck_at(&h, "side", "");
		back(&h);
	}
	/* Each file alone is in a state of its own. */
	for (size_t n = 0; n < unit_many(20); n++) {
		put_all(MISSING);
		for (size_t i = 0; i < COUNT(files); i++)
			put_state(&files[i], (enum state)(random() % STATES));
		leave_mark(&h);
		recover(&h);
		ck_at(&h, "side", "");
		back(&h);
	}
}
END_TEST

/* The first commit of a branch: there was neither a commit nor an index. */
START_TEST(the_first_one_is_finished)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);
	char *text = mem_printf(tmp, "branch ho-prod\nmove " OID_NONE " %s ho-prod\nbegin %.9f\n",
				h.from, h.begin);

	/* The user has added a file of his own, or not. */
	for (int own = 0; own < 2; own++) {
		put_all(MISSING);
		unlink(".git/index");
		put("appended", "one\n", 4, 0666);
		put("changed", "old\n", 4, 0666);
		ck_good(file_remove_tree(".hop"));
		unlink("same");
		sample_file(h.sample, "mine", "mine\n");
		if (own)
			ck_good(git_run(NULL, tmp, h.sample->repo, "add", "mine", NULL));
		ck_good(file_write(".git/hop-head", text, strlen(text), 0600));
		recover(&h);
		ck_at(&h, "ho-prod", own ? "A  mine" : "?? mine");
		ck_file("mine", "mine\n");
	}
}
END_TEST

/* git writes the index when all files are written, and HEAD after it. */
START_TEST(the_end_is_finished)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);

	put_all(NEW);
	ck_good(git_run(NULL, tmp, h.sample->repo, "read-tree", "side", NULL));
	leave_mark(&h);
	recover(&h);
	ck_at(&h, "side", "");
	back(&h);
	/* git had done all. */
	ck_good(git_run(NULL, tmp, h.sample->repo, "switch", "-q", "side", NULL));
	leave_mark(&h);
	put("changed", "mine\n", 5, 0666);
	recover(&h);
	ck_at(&h, "side", " M changed");
	back(&h);
	/* The user has gone elsewhere since. */
	ck_good(git_run(NULL, tmp, h.sample->repo, "switch", "-q", "-c", "other", NULL));
	put("changed", "new, and longer\n", 16, 0666);
	leave_mark(&h);
	recover(&h);
	ck_at(&h, "other", " M changed");
}
END_TEST

/* TEXT at PATH is the user's: all else is as it was before, and git has refused to switch. */
static void ck_kept(struct half *h, const char *path, const char *text, const char *status)
{
	leave_mark(h);
	recover(h);
	ck_at(h, "ho-prod", status);
	ck_file(path, text);
	back(h);
}

START_TEST(work_of_the_user_is_kept)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);

	/* an edit of a file that git had not come to, had written, or had removed */
	for (enum state state = OLD; state < STATES; state++) {
		put_all(state);
		put("changed", "mine\n", 5, 0666);
		put("gone", "mine\n", 5, 0666);
		ck_kept(&h, "changed", "mine\n", " M changed\n M gone");
	}
	/* an untracked file where git is to write one */
	put_all(NEW);
	put("deep/er/added", "mine\n", 5, 0666);
	ck_kept(&h, "deep/er/added", "mine\n", "?? deep/");
	/* a directory with something in it, where a file was */
	put_all(NEW);
	put("kind/mine", "mine\n", 5, 0666);
	put("changed", "mine\n", 5, 0666);
	ck_kept(&h, "kind/mine", "mine\n", " M changed\n D kind");
	/* staged */
	put_all(MISSING);
	put("changed", "mine\n", 5, 0666);
	ck_good(git_run(NULL, tmp, h.sample->repo, "add", "changed", NULL));
	ck_kept(&h, "changed", "mine\n", "M  changed");
}
END_TEST

/* The beginning of what git writes is git's only if it was written while git ran. */
START_TEST(the_time_decides)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);

	/* The user had removed the end of the file before. */
	put_all(PARTIAL);
	leave_mark(&h);
	set_time("appended", -10);
	recover(&h);
	ck_at(&h, "ho-prod", " M appended");
	ck_file("appended", "one\ntwo");
	back(&h);
	/* The user has done so since. */
	put_all(NEW);
	put("appended", "one\ntwo", 7, 0666);
	h.begin -= 100;
	leave_mark(&h);
	set_time(".git/hop-head", -99);
	recover(&h);
	ck_at(&h, "ho-prod", " M appended");
	ck_file("appended", "one\ntwo");
	back(&h);
	h.begin += 100;
	/* The user had made the same change before: git would have refused. */
	put_all(PARTIAL);
	put("changed", "new, and longer\n", 16, 0666);
	leave_mark(&h);
	set_time("changed", -10);
	recover(&h);
	ck_at(&h, "ho-prod", " M changed");
	ck_file("changed", "new, and longer\n");
}
END_TEST

START_TEST(work_beside_is_carried_over)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);

	put_all(PARTIAL);
	put("same", "mine\n", 5, 0666);
	put("deep/er/mine", "mine\n", 5, 0666);
	leave_mark(&h);
	recover(&h);
	ck_at(&h, "side", " M same\n?? deep/er/mine");
	ck_file("same", "mine\n");
}
END_TEST

/* Files are not looked for behind a link that somebody has put in the place of a directory. */
START_TEST(links_are_not_followed)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);

	put_all(OLD);
	ck_good(file_make_dirs("out/er", 0777));
	put("out/er/added", "deep\n", 5, 0666);
	put("deep", "->out", 0, 0);
	ck_kept(&h, "out/er/added", "deep\n", "?? deep\n?? out/");
}
END_TEST

START_TEST(a_mark_that_was_being_written)
{
	SCOPE(tmp, NULL);
	struct half h = half_new(tmp);
	char *text = mem_printf(tmp, "branch ho-prod\nmove %s %s side\nbegin %.9f\n", h.from, h.to,
				h.begin);

	for (size_t n = 0; n < strlen(text); n++) {
		put("changed", "new, and longer\n", 16, 0666);
		ck_good(file_write(".git/hop-head", text, n, 0600));
		recover(&h);
		ck_at(&h, "ho-prod", " M changed");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("publish-checkout");
	TCase *tc = tcase_create("half");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, every_state_is_finished);
	tcase_add_test(tc, the_first_one_is_finished);
	tcase_add_test(tc, the_end_is_finished);
	tcase_add_test(tc, work_of_the_user_is_kept);
	tcase_add_test(tc, the_time_decides);
	tcase_add_test(tc, work_beside_is_carried_over);
	tcase_add_test(tc, links_are_not_followed);
	tcase_add_test(tc, a_mark_that_was_being_written);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
