/* base/proc: running programs. */
#include "base/proc.h"

#include <signal.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "unit.h"

static struct proc shell(void *ctx, const char *line)
{
	return (struct proc){.argv = proc_argv(ctx, "sh", "-c", line, NULL), .capture = true};
}

START_TEST(output_and_status)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "echo out; echo err >&2; exit 7");

	proc.capture_err = true;
	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, "out\n");
	ck_assert_uint_eq(proc.output_length, 4);
	ck_assert_str_eq(proc.errors, "err\n");
	ck_assert_int_eq(proc.status, 7);
}
END_TEST

START_TEST(merged_output)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "echo a; echo b >&2; echo c");

	proc.merge = true;
	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, "a\nb\nc\n");
}
END_TEST

/* More than a pipe holds, both ways at once. */
START_TEST(a_megabyte_through_cat)
{
	SCOPE(tmp, NULL);
	size_t length = 1 << 20;
	char *input = mem_array(tmp, char, length);
	struct proc proc = {.argv = proc_argv(tmp, "cat", NULL),
			    .capture = true,
			    .input = input,
			    .input_length = length};

	for (size_t i = 0; i < length; i++)
		input[i] = (char)(i * 7);
	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(proc.status, 0);
	ck_assert_uint_eq(proc.output_length, length);
	ck_assert_mem_eq(proc.output, input, length);
}
END_TEST

START_TEST(a_child_that_does_not_read)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "exec true");

	signal(SIGPIPE, SIG_IGN);
	proc.input = mem_array(tmp, char, 1 << 20);
	proc.input_length = 1 << 20;
	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(proc.status, 0);
}
END_TEST

START_TEST(standard_input_is_empty)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "cat");

	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, "");
	proc = shell(tmp, "cat");
	proc.input = "";
	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, "");
}
END_TEST

START_TEST(environment_and_folder)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "echo \"$A|${B-unset}|$C\"; pwd");

	setenv("A", "inherited", 1);
	setenv("B", "inherited", 1);
	proc.env = proc_argv(tmp, "B", "C=new", NULL);
	proc.dir = "/usr";
	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, "inherited|unset|new\n/usr\n");
}
END_TEST

START_TEST(arguments_arrive_as_they_are)
{
	SCOPE(tmp, NULL);
	struct proc proc = {.argv = proc_argv(tmp, "printf", "%s|", "", "a b", "$x", "`y`", "*",
					      "it's", NULL),
			    .capture = true};

	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, "|a b|$x|`y`|*|it's|");
}
END_TEST

START_TEST(what_cannot_be_started)
{
	SCOPE(tmp, NULL);
	struct proc proc = {.argv = proc_argv(tmp, "no-such-program", NULL)};
	struct error *err = proc_run(tmp, &proc);

	/* Under valgrind the child is a true fork, whose trouble shows in its exit status alone. */
	if (!err && unit_is_one_process()) {
		ck_assert_int_eq(proc.status, 127);
		return;
	}
	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err->message, "'no-such-program'"));
	ck_error(err, ERROR_FAIL);
}
END_TEST

START_TEST(killed_by_a_signal)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "kill -9 $$");

	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(proc.status, 128 + 9);
}
END_TEST

START_TEST(check_tells_what_it_said)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, "echo why >&2; exit 3");
	struct error *err = proc_check(tmp, &proc);

	ck_assert_ptr_nonnull(err);
	ck_assert_str_eq(err->message, "'sh' ended with status 3");
	ck_assert_str_eq(err->detail, "why\n");
	ck_error(err, ERROR_FAIL);
	proc = shell(tmp, "echo good");
	ck_good(proc_check(tmp, &proc));
	ck_assert_str_eq(proc.output, "good\n");
}
END_TEST

static const struct {
	const char *text;
	int n;
	const char *tail;
} tails[] = {
	{"", 2, ""},
	{"a\n", 2, "a\n"},
	{"a\nb\nc\n", 2, "b\nc\n"},
	{"a\nb\nc", 1, "c"},
	{"a\nb\n\n\n", 1, "b\n\n\n"},
};

START_TEST(tail)
{
	ck_assert_str_eq(proc_tail(tails[_i].text, tails[_i].n), tails[_i].tail);
}
END_TEST

START_TEST(find_on_path)
{
	SCOPE(tmp, NULL);
	char *dir, *file;

	ck_good(file_make_temp_dir(&dir, tmp, "hop-unit"));
	file = path_join(tmp, dir, "prog");
	ck_good(file_make_dirs(path_join(tmp, dir, "first/prog"), 0755));
	ck_good(file_write(file, "", 0, 0755));
	ck_good(file_write(path_join(tmp, dir, "data"), "", 0, 0644));
	setenv("PATH", mem_printf(tmp, "/nowhere:%s/first:%s", dir, dir), 1);
	ck_assert_str_eq(proc_find(tmp, "prog"), file);
	ck_assert_ptr_null(proc_find(tmp, "data"));
	ck_assert_ptr_null(proc_find(tmp, "absent"));
	ck_good(file_remove_tree(dir));
}
END_TEST

/* The child sends the signal that a person would send to us; its own child must go too. */
START_TEST(a_signal_to_us_ends_the_group)
{
	SCOPE(tmp, NULL);
	struct proc proc = shell(tmp, mem_printf(tmp, "sleep 600 & kill -TERM %d; wait; wait",
						 getpid()));
	double begin = log_clock();

	signals_catch();
	proc.group = true;
	ck_error(proc_run(tmp, &proc), ERROR_SIGNALLED);
	ck_assert_int_eq(signals_caught(), SIGTERM);
	ck_assert(log_clock() - begin < 100);
	signals_suspend();
}
END_TEST

START_TEST(another_user_for_root)
{
	SCOPE(tmp, NULL);
	struct proc proc = {.argv = proc_argv(tmp, "id", "-un", NULL), .capture = true};
	char *self;

	ck_good(proc_run(tmp, &proc));
	self = proc.output;
	proc.user = "daemon";
	ck_good(proc_run(tmp, &proc));
	ck_assert_str_eq(proc.output, geteuid() == 0 ? "daemon\n" : self);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-proc");
	TCase *tc = tcase_create("proc");

	tcase_add_test(tc, output_and_status);
	tcase_add_test(tc, merged_output);
	tcase_add_test(tc, a_megabyte_through_cat);
	tcase_add_test(tc, a_child_that_does_not_read);
	tcase_add_test(tc, standard_input_is_empty);
	tcase_add_test(tc, environment_and_folder);
	tcase_add_test(tc, arguments_arrive_as_they_are);
	tcase_add_test(tc, what_cannot_be_started);
	tcase_add_test(tc, killed_by_a_signal);
	tcase_add_test(tc, check_tells_what_it_said);
	tcase_add_loop_test(tc, tail, 0, (int)COUNT(tails));
	tcase_add_test(tc, a_signal_to_us_ends_the_group);
	tcase_add_test(tc, another_user_for_root);
	tcase_add_test(tc, find_on_path);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
