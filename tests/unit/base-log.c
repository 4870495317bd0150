/* base/log: what is said, the trace, signals. */
#include "base/log.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "unit.h"

/* What is said on standard error at a level of verbosity. */
static char *said(void *ctx, int level)
{
	char *dir, *file, *text;
	int saved = dup(STDERR_FILENO);

	ck_good(file_make_temp_dir(&dir, ctx, "hop-unit"));
	file = path_join(ctx, dir, "err");
	ck_assert_ptr_nonnull(freopen(file, "w", stderr));
	log_set_verbosity(level);
	debug("debug %d", 1);
	note("note %d", 2);
	progress("never shown in a file");
	warn("warn %d", 3);
	hint("hint %d", 4);
	log_set_verbosity(0);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	ck_good(file_read(&text, NULL, ctx, file));
	ck_good(file_remove_tree(dir));
	return text;
}

START_TEST(levels)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(said(tmp, -1), "");
	ck_assert_str_eq(said(tmp, 0), "note 2\nwarning: warn 3\nhint: hint 4\n");
	ck_assert_str_eq(said(tmp, 1), "debug 1\nnote 2\nwarning: warn 3\nhint: hint 4\n");
}
END_TEST

START_TEST(a_file_has_no_colour)
{
	int fd = open("/dev/null", O_RDWR);

	ck_assert(!log_colour(fd));
	close(fd);
}
END_TEST

START_TEST(trace_lines)
{
	SCOPE(tmp, NULL);
	char *dir, *file, *text;

	ck_good(file_make_temp_dir(&dir, tmp, "hop-unit"));
	file = path_join(tmp, dir, "trace");
	unsetenv("HOP_TRACE");
	trace("nobody hears");
	setenv("HOP_TRACE", file, 1);
	trace("one %d", 1);
	trace("two");
	setenv("HOP_TRACE", "/absent/file", 1);
	trace("goes nowhere");
	unsetenv("HOP_TRACE");
	ck_good(file_read(&text, NULL, tmp, file));
	ck_assert_ptr_nonnull(strstr(text, " one 1\n"));
	ck_assert_ptr_nonnull(strstr(text, " two\n"));
	ck_assert_ptr_null(strstr(text, "nobody"));
	ck_assert_uint_eq(mem_list_length(mem_split(tmp, text, '\n')), 2);
	ck_good(file_remove_tree(dir));
}
END_TEST

static int hooked;

static void hook(void)
{
	hooked++;
}

START_TEST(signals_set_a_flag)
{
	int was;

	signals_catch();
	signals_set_hook(hook);
	hooked = 0;
	ck_good(signals_check());
	raise(SIGINT);
	ck_assert_int_eq(hooked, 1);
	ck_assert_int_eq(signals_caught(), SIGINT);
	ck_error(signals_check(), ERROR_SIGNALLED);
	was = signals_suspend();
	ck_good(signals_check());
	signals_resume(was);
	ck_error(signals_check(), ERROR_SIGNALLED);
	signals_suspend();
	raise(SIGTERM);
	signals_resume(was);
	ck_assert_int_eq(signals_caught(), SIGTERM);
	signals_suspend();
	signals_set_hook(NULL);
}
END_TEST

START_TEST(the_clock_goes_forward)
{
	double begin = log_clock();

	ck_assert(log_clock() >= begin);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-log");
	TCase *tc = tcase_create("log");

	tcase_add_test(tc, levels);
	tcase_add_test(tc, a_file_has_no_colour);
	tcase_add_test(tc, trace_lines);
	tcase_add_test(tc, signals_set_a_flag);
	tcase_add_test(tc, the_clock_goes_forward);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
