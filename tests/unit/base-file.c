/* base/file: reading, writing whole or not at all, folders, locks. */
#include "base/file.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/path.h"
#include "unit.h"

static char *dir;

static void make_dir(void)
{
	ck_good(file_make_temp_dir(&dir, NULL, "hop unit"));
}

static void remove_dir(void)
{
	ck_good(file_remove_tree(dir));
	ck_assert(!file_exists(dir));
	talloc_free(dir);
}

static char *in_dir(void *ctx, const char *name)
{
	return path_join(ctx, dir, name);
}

static void put(const char *name, const char *text)
{
	SCOPE(tmp, NULL);

	ck_good(file_write(in_dir(tmp, name), text, strlen(text), 0644));
}

START_TEST(what_was_written_is_read)
{
	SCOPE(tmp, NULL);
	size_t length = (size_t)_i * 4096 + (size_t)_i, got;
	char *bytes = mem_array(tmp, char, length + 1), *text;

	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(i * 31);
	ck_good(file_write(in_dir(tmp, "f"), bytes, length, 0640));
	ck_good(file_read(&text, &got, tmp, in_dir(tmp, "f")));
	ck_assert_uint_eq(got, length);
	ck_assert_mem_eq(text, bytes, length);
	ck_assert_int_eq(text[got], 0);
}
END_TEST

START_TEST(writing_replaces_and_leaves_nothing_beside)
{
	SCOPE(tmp, NULL);
	struct stat st;
	char **names, *text;
	size_t count;

	put("f", "old and long");
	ck_good(file_write(in_dir(tmp, "f"), "new", 3, 0600));
	ck_good(file_read(&text, NULL, tmp, in_dir(tmp, "f")));
	ck_assert_str_eq(text, "new");
	ck_assert_int_eq(stat(in_dir(tmp, "f"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_good(file_list(&names, &count, tmp, dir));
	ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(a_write_that_fails_leaves_nothing)
{
	SCOPE(tmp, NULL);
	char **names;
	size_t count;

	ck_good(file_make_dirs(in_dir(tmp, "d/x"), 0755));
	ck_error(file_write(in_dir(tmp, "d"), "x", 1, 0644), ERROR_FAIL);
	ck_error(file_write(in_dir(tmp, "absent/f"), "x", 1, 0644), ERROR_FAIL);
	ck_good(file_list(&names, &count, tmp, dir));
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(names[0], "d");
}
END_TEST

START_TEST(reading_what_is_no_file)
{
	SCOPE(tmp, NULL);
	char *text;

	ck_error(file_read(&text, NULL, tmp, in_dir(tmp, "absent")), ERROR_FAIL);
	ck_error(file_read(&text, NULL, tmp, dir), ERROR_FAIL);
	ck_good(file_read(&text, NULL, tmp, "/proc/self/status"));
	ck_assert_ptr_nonnull(strstr(text, "Pid:"));
}
END_TEST

START_TEST(folders)
{
	SCOPE(tmp, NULL);

	ck_good(file_make_dirs(in_dir(tmp, "a/b/c"), 0755));
	ck_good(file_make_dirs(in_dir(tmp, "a/b/c"), 0755));
	ck_assert(file_is_dir(in_dir(tmp, "a/b/c")));
	put("a/f", "");
	ck_assert(file_exists(in_dir(tmp, "a/f")));
	ck_assert(!file_is_dir(in_dir(tmp, "a/f")));
	ck_error(file_make_dirs(in_dir(tmp, "a/f"), 0755), ERROR_FAIL);
	ck_error(file_make_dirs(in_dir(tmp, "a/f/g"), 0755), ERROR_FAIL);
}
END_TEST

START_TEST(names_come_in_byte_order)
{
	SCOPE(tmp, NULL);
	static const char *const sorted[] = {".x", "-rf", "10",  "9",       "A",
					     "a",  "a b", "b\n", "\xc3\xa9"};
	char **names;
	size_t count;

	put("-rf", "");
	for (size_t i = COUNT(sorted); i > 0; i--)
		put(sorted[i - 1], "");
	ck_good(file_list(&names, &count, tmp, dir));
	ck_assert_uint_eq(count, COUNT(sorted));
	ck_assert_str_eq(names[0], "-rf");
	ck_assert_str_eq(names[1], ".x");
	for (size_t i = 2; i < count; i++)
		ck_assert_str_eq(names[i], sorted[i]);
	ck_error(file_list(&names, &count, tmp, in_dir(tmp, "absent")), ERROR_FAIL);
}
END_TEST

START_TEST(removing_does_not_follow_links)
{
	SCOPE(tmp, NULL);

	ck_good(file_make_dirs(in_dir(tmp, "keep"), 0755));
	put("keep/f", "x");
	ck_good(file_make_dirs(in_dir(tmp, "tree/sub"), 0755));
	ck_assert_int_eq(symlink(in_dir(tmp, "keep"), in_dir(tmp, "tree/sub/link")), 0);
	ck_good(file_remove_tree(in_dir(tmp, "tree")));
	ck_assert(!file_exists(in_dir(tmp, "tree")));
	ck_assert(file_exists(in_dir(tmp, "keep/f")));
	ck_good(file_remove_tree(in_dir(tmp, "tree")));
}
END_TEST

START_TEST(one_holder_of_a_lock)
{
	SCOPE(tmp, NULL);
	int one, two;

	ck_good(file_lock(&one, in_dir(tmp, "lock"), false));
	ck_assert_int_ge(one, 0);
	ck_good(file_lock(&two, in_dir(tmp, "lock"), false));
	ck_assert_int_eq(two, -1);
	close(one);
	ck_good(file_lock(&two, in_dir(tmp, "lock"), true));
	ck_assert_int_ge(two, 0);
	close(two);
	ck_error(file_lock(&two, in_dir(tmp, "absent/lock"), true), ERROR_FAIL);
}
END_TEST

/* The child waits for the lock; it must end by the signal that it catches, not wait on. */
START_TEST(a_signal_ends_the_wait_for_a_lock)
{
	SCOPE(tmp, NULL);
	int fd, status, ready[2];
	struct error *err;
	char byte;
	pid_t pid;

	ck_good(file_lock(&fd, in_dir(tmp, "lock"), false));
	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		signals_catch();
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		err = file_lock(&fd, in_dir(tmp, "lock"), true);
		status = err ? (int)err->code : 0;
		error_free(err);
		talloc_free(tmp);
		talloc_free(dir);
		_exit(status);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	/* Until it arrives in flock(2), the flag alone would not wake it: tell it again. */
	while (waitpid(pid, &status, WNOHANG) == 0) {
		kill(pid, SIGTERM);
		usleep(1000);
	}
	ck_assert_int_eq(WEXITSTATUS(status), ERROR_SIGNALLED);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-file");
	TCase *tc = tcase_create("file");

	tcase_add_checked_fixture(tc, make_dir, remove_dir);
	tcase_add_loop_test(tc, what_was_written_is_read, 0, 4);
	tcase_add_test(tc, writing_replaces_and_leaves_nothing_beside);
	tcase_add_test(tc, a_write_that_fails_leaves_nothing);
	tcase_add_test(tc, reading_what_is_no_file);
	tcase_add_test(tc, folders);
	tcase_add_test(tc, names_come_in_byte_order);
	tcase_add_test(tc, removing_does_not_follow_links);
	tcase_add_test(tc, one_holder_of_a_lock);
	tcase_add_test(tc, a_signal_ends_the_wait_for_a_lock);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
