/* base/proc: output without bounds, time that is up, and what a program leaves running. */
#include "base/proc.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "unit.h"

static struct proc shell(void *ctx, const char *line)
{
	return (struct proc){.argv = proc_argv(ctx, "sh", "-c", line, NULL), .capture = true};
}

/* The start and the end of a megabyte, in memory that does not grow with it. */
START_TEST(output_without_bounds)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "echo first; yes 0123456789 | head -c 1000000; echo last");
	char *dir, *text;
	size_t length;

	ck_good(file_make_temp_dir(&dir, tmp, "hop-unit"));
	proc.keep = 100;
	proc.log = path_join(tmp, dir, "log");
	proc.log_limit = 1000;
	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(proc.status, 0);
	ck_assert_uint_eq(proc.output_length, 100);
	ck_assert_uint_eq(strlen(proc.output), 100);
	ck_assert_str_eq(proc.output + 100 - strlen("last\n"), "last\n");
	ck_assert_uint_le(talloc_get_size(proc.output), 8192);
	ck_good(file_read(&text, &length, tmp, proc.log));
	ck_assert_uint_lt(length, 1200);
	ck_assert(strncmp(text, "first\n0123456789\n", 17) == 0);
	/* 6 + 1000000 + 5 bytes came. */
	ck_assert_ptr_nonnull(strstr(text, "\n[998911 bytes omitted]\n"));
	ck_assert_str_eq(text + length - 100, proc.output);
	ck_good(file_remove_tree(dir));
}
END_TEST

static const struct {
	const char *line;
	size_t limit;
	const char *log, *output;
} logs[] = {
	{"printf 123456789", 9, "123456789", "6789"},
	{"printf 123456789", 5, "123456789", "6789"},
	{"printf 123456789", 4, "1234\n[1 bytes omitted]\n6789", "6789"},
	{"printf 123", 2, "123", "123"},
	{"printf ''", 2, "", ""},
	{"echo a; echo b >&2", 100, "a\nb\n", "a\nb\n"},
};

START_TEST(log_and_last_bytes)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, logs[_i].line);
	char *dir, *text;

	ck_good(file_make_temp_dir(&dir, tmp, "hop-unit"));
	proc.merge = true;
	proc.keep = 4;
	proc.log = path_join(tmp, dir, "log");
	proc.log_limit = logs[_i].limit;
	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, logs[_i].output);
	ck_good(file_read(&text, NULL, tmp, proc.log));
	ck_assert_str_eq(text, logs[_i].log);
	ck_error(proc_run(tmp, &proc), ERROR_FAIL); /* it is there already */
	ck_good(file_remove_tree(dir));
}
END_TEST

/* A full disk does not stop what runs. */
START_TEST(log_that_cannot_be_written)
{
	SCOPE(tmp, NULL);
	struct rlimit limit = {5, RLIM_INFINITY}, before;
	struct proc proc = shell(tmp, "echo 0123456789; exit 3");
	char *dir;

	ck_good(file_make_temp_dir(&dir, tmp, "hop-unit"));
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	proc.log = path_join(tmp, dir, "log");
	proc.log_limit = 100;
	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	ck_assert_int_eq(proc.status, 3);
	ck_assert_str_eq(proc.output, "0123456789\n");
	ck_good(file_remove_tree(dir));
}
END_TEST

static bool is_alive(int pid)
{
	return kill(pid, 0) == 0;
}

/* What others hold open does not keep us, and what is of the group is ended. */
START_TEST(what_is_left_running)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "sleep 1000 & echo $!");
	double begin = log_clock();
	int pid;

	proc.group = true;
	proc.linger = 0.3;
	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(proc.status, 0);
	ck_assert(log_clock() - begin < 100);
	pid = atoi(proc.output);
	ck_assert_int_gt(pid, 0);
	ck_assert_ptr_nonnull(proc.left);
	ck_assert_str_eq(proc.left, mem_printf(tmp, "%d (sleep)", pid));
	for (int i = 0; i < 500 && is_alive(pid); i++)
		usleep(10000);
	ck_assert(!is_alive(pid));
}
END_TEST

START_TEST(what_is_left_without_our_output)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "sleep 1000 >/dev/null 2>&1 & echo $!");
	int pid;

	proc.group = true;
	proc.linger = 0.1;
	ck_good(proc_run(tmp, &proc));
	pid = atoi(proc.output);
	ck_assert_str_eq(proc.left, mem_printf(tmp, "%d (sleep)", pid));
	for (int i = 0; i < 500 && is_alive(pid); i++)
		usleep(10000);
	ck_assert(!is_alive(pid));
}
END_TEST

/* One that went its own way is named, and lives on. */
START_TEST(what_left_the_session)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "setsid sh -c 'echo $$; exec sleep 1000' & sleep 0.2");
	int pid;

	proc.group = true;
	proc.linger = 0.3;
	ck_good(proc_run(tmp, &proc));
	pid = atoi(proc.output);
	ck_assert_int_gt(pid, 0);
	ck_assert_str_eq(proc.left, mem_printf(tmp, "%d (sleep)", pid));
	ck_assert(is_alive(pid));
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
}
END_TEST

START_TEST(nothing_left)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "sleep 0.3 & exit 4");

	proc.group = true;
	proc.linger = 60;
	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(proc.status, 4);
	ck_assert_ptr_null(proc.left);
}
END_TEST

START_TEST(time_is_up)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "echo begun; trap '' TERM; sleep 1000 & wait; sleep 1000");
	double begin = log_clock();

	proc.group = true;
	proc.linger = 1;
	proc.timeout = 0.3;
	ck_good(proc_run(tmp, &proc));
	ck_assert(proc.timed_out);
	ck_assert_int_eq(proc.status, 128 + 9);
	ck_assert_str_eq(proc.output, "begun\n");
	ck_assert(log_clock() - begin < 100);
	proc = shell(tmp, "exit 0");
	proc.timeout = 60;
	ck_good(proc_run(tmp, &proc));
	ck_assert(!proc.timed_out);
}
END_TEST

START_TEST(a_group_has_no_terminal)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "ps -o sid= -o pgid= -p $$; echo $$ $$");
	int a, b, c, d;

	proc.group = true;
	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(sscanf(proc.output, "%d %d %d %d", &a, &b, &c, &d), 4);
	ck_assert(a == b && b == c && c == d);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-proc_talk");
	TCase *tc = tcase_create("talk");

	tcase_add_test(tc, output_without_bounds);
	tcase_add_test(tc, log_that_cannot_be_written);
	tcase_add_test(tc, what_is_left_running);
	tcase_add_test(tc, what_is_left_without_our_output);
	tcase_add_test(tc, what_left_the_session);
	tcase_add_test(tc, nothing_left);
	tcase_add_test(tc, time_is_up);
	tcase_add_test(tc, a_group_has_no_terminal);
	tcase_add_loop_test(tc, log_and_last_bytes, 0, (int)COUNT(logs));
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
