/* base/path: paths as text, and quoting for a shell. */
#include "base/path.h"

#include <unistd.h>

#include "base/proc.h"
#include "unit.h"

static const struct {
	const char *dir, *name, *joined;
} joins[] = {
	{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"},
	{"/", "b", "/b"},  {"a", "/b", "/b"},  {"a b", "c d", "a b/c d"},
};

START_TEST(join)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(path_join(tmp, joins[_i].dir, joins[_i].name), joins[_i].joined);
}
END_TEST

static const struct {
	const char *path, *dir, *base;
} parts[] = {
	{"a", ".", "a"},         {"a/b", "a", "b"}, {"/a", "/", "a"},
	{"/a/b/c", "/a/b", "c"}, {"", ".", ""},
};

START_TEST(split)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(path_dir(tmp, parts[_i].path), parts[_i].dir);
	ck_assert_str_eq(path_base(parts[_i].path), parts[_i].base);
}
END_TEST

static const char *const words[] = {
	"",  "plain", "a b",      "it's",  "$HOME",     "`id`", "a\nb", "-rf",
	"*", "\\",    "; rm -r",  "\"",    "''",        "#x",   "~",    "a=b",
	"!", "{a,b}", "\xc3\xa9", "a'b'c", "$(exit 3)", "\t",
};

START_TEST(a_shell_reads_back_what_was_quoted)
{
	SCOPE(tmp, NULL);
	char *line = mem_printf(tmp, "printf %%s %s", path_quote(tmp, words[_i]));
	struct proc proc = {.argv = proc_argv(tmp, "sh", "-c", line, NULL), .capture = true};

	ck_good(proc_run(tmp, &proc));
	ck_assert_int_eq(proc.status, 0);
	ck_assert_str_eq(proc.output, words[_i]);
}
END_TEST

START_TEST(plain_words_stay_as_they_are)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(path_quote(tmp, "Patches/12-users/01_a.sql"), "Patches/12-users/01_a.sql");
	ck_assert_str_eq(path_quote(tmp, "a b"), "'a b'");
}
END_TEST

START_TEST(real_and_absolute)
{
	SCOPE(tmp, NULL);
	char *dir, *real;

	ck_good(path_real(&dir, tmp, "/tmp"));
	ck_assert_int_eq(chdir("/tmp"), 0);
	ck_assert_str_eq(path_absolute(tmp, "x"), mem_printf(tmp, "%s/x", dir));
	ck_assert_str_eq(path_absolute(tmp, "/y/../z"), "/y/../z");
	ck_good(path_real(&real, tmp, "/tmp/../tmp/."));
	ck_assert_str_eq(real, dir);
	ck_error(path_real(&real, tmp, "/no such file"), ERROR_FAIL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-path");
	TCase *tc = tcase_create("path");

	tcase_add_loop_test(tc, join, 0, (int)COUNT(joins));
	tcase_add_loop_test(tc, split, 0, (int)COUNT(parts));
	tcase_add_loop_test(tc, a_shell_reads_back_what_was_quoted, 0, (int)COUNT(words));
	tcase_add_test(tc, plain_words_stay_as_they_are);
	tcase_add_test(tc, real_and_absolute);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
