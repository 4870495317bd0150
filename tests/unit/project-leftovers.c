/* project/leftovers: lists of what commands made, and what happens to those of dead ones. */
#include "project/leftovers.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "sample.h"
#include "unit.h"

/* The names in COMMON/hop/run. */
static size_t count_lists(struct project *p)
{
	SCOPE(tmp, NULL);
	char *dir, **names;
	size_t count;

	ck_good(project_place(&dir, tmp, p, "run"));
	if (!file_is_dir(dir))
		return 0;
	ck_good(file_list(&names, &count, tmp, dir));
	return count;
}

/* What a command that was killed leaves: TEXT in a file that nobody holds. */
static void leave(struct project *p, const char *name, const char *bytes, size_t length)
{
	SCOPE(tmp, NULL);
	char *dir;

	ck_good(project_place(&dir, tmp, p, "run"));
	ck_good(file_make_dirs(dir, 0777));
	ck_good(file_write(path_join(tmp, dir, name), bytes, length, 0600));
}

static struct error *note_name(bool *gone, void *arg, const char *name)
{
	char **said = arg;

	mem_append(said, NULL, "%s;", name);
	*gone = strcmp(name, "stays") != 0;
	return NULL;
}

static char *sweep(void *ctx, struct project *p)
{
	char *said = mem_dup(NULL, "");

	ck_good(leftovers_sweep_databases(p, note_name, &said));
	return talloc_steal(ctx, said);
}

START_TEST(a_live_command_keeps_its_things)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	struct leftovers *one, *two;

	ck_assert_str_eq(sweep(tmp, p), "");
	ck_good(leftovers_open(&one, tmp, p));
	ck_good(leftovers_open(&two, tmp, p));
	ck_good(leftovers_add(one, "database", "a"));
	ck_good(leftovers_add(two, "database", "b"));
	ck_assert_str_eq(sweep(tmp, p), "");
	ck_assert_uint_eq(count_lists(p), 2);
	talloc_free(one);
	ck_assert_uint_eq(count_lists(p), 1);
	talloc_free(two);
	ck_assert_uint_eq(count_lists(p), 0);
}
END_TEST

START_TEST(what_a_dead_one_left_is_swept)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	static const char list[] = "database a\0database b c\0database half";

	leave(p, "1-0", list, sizeof(list) - 1);
	leave(p, "2-0", "", 0);
	ck_assert_str_eq(sweep(tmp, p), "a;b c;");
	ck_assert_uint_eq(count_lists(p), 0);
	ck_assert_str_eq(sweep(tmp, p), "");
}
END_TEST

START_TEST(what_is_not_gone_stays_listed)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	struct leftovers *l;

	ck_good(leftovers_open(&l, tmp, p));
	ck_good(leftovers_add(l, "database", "stays"));
	ck_good(leftovers_add(l, "database", "goes"));
	leftovers_keep(l);
	talloc_free(l);
	ck_assert_str_eq(sweep(tmp, p), "stays;goes;");
	ck_assert_str_eq(sweep(tmp, p), "stays;goes;");
	/* Of a server that nobody asked for a month. */
	{
		char *dir, **names;
		size_t count;
		struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

		ck_good(project_place(&dir, tmp, p, "run"));
		ck_good(file_list(&names, &count, tmp, dir));
		ck_assert_uint_eq(count, 1);
		utimensat(AT_FDCWD, path_join(tmp, dir, names[0]), old, 0);
	}
	ck_assert_str_eq(sweep(tmp, p), "stays;goes;");
	ck_assert_uint_eq(count_lists(p), 0);
}
END_TEST

START_TEST(worktrees)
{
	SCOPE(tmp, NULL);
	struct sample *s = sample_new(tmp);
	struct project *p = sample_open(tmp, s);
	char *known = mem_printf(tmp, "%s/wt\nodd", s->dir);
	char *unknown = path_join(tmp, s->dir, "unknown");
	struct leftovers *l;
	char *list;

	ck_good(git_worktree_add(tmp, p->repo, known, "HEAD", true));
	ck_good(file_make_dirs(unknown, 0777));
	ck_good(leftovers_open(&l, tmp, p));
	ck_good(leftovers_add(l, "worktree", known));
	ck_good(leftovers_add(l, "worktree", unknown));
	ck_good(leftovers_add(l, "worktree", "/no/such/folder"));
	ck_good(leftovers_add(l, "database", "goes"));
	ck_good(leftovers_sweep(p));
	ck_assert(file_is_dir(known));
	leftovers_keep(l);
	talloc_free(l);
	ck_good(leftovers_sweep(p));
	ck_assert(!file_exists(known) && !file_exists(unknown));
	ck_good(git_run(&list, tmp, p->repo, "worktree", "list", "--porcelain", NULL));
	ck_assert_ptr_null(strstr(list, "odd"));
	/* The database is still listed. */
	ck_assert_uint_eq(count_lists(p), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("project/leftovers");
	TCase *tc = tcase_create("leftovers");

	tcase_add_test(tc, a_live_command_keeps_its_things);
	tcase_add_test(tc, what_a_dead_one_left_is_swept);
	tcase_add_test(tc, what_is_not_gone_stays_listed);
	tcase_add_test(tc, worktrees);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
