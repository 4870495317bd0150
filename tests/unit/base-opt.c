/* base/opt: option tables. */
#include "base/opt.h"

#include <unistd.h>

#include "base/log.h"
#include "unit.h"

static struct parsed {
	bool flag;
	int count, number;
	const char *text;
	char **list;
	int first;
	bool done;
} got;

/* Parses the words of LINE, which are separated by spaces. */
static struct error *parse(void *ctx, const char *line, bool stop)
{
	const struct opt opts[] = {
		{'f', "flag", OPT_FLAG, &got.flag, NULL, "a flag"},
		{'c', "count", OPT_COUNT, &got.count, NULL, "a count"},
		{'n', "number", OPT_NUMBER, &got.number, "N", "a number"},
		{'t', "text", OPT_TEXT, &got.text, "TEXT", "a text"},
		{'l', "list", OPT_LIST, &got.list, "ITEM", "a list"},
		{0, "long-only", OPT_FLAG, &got.flag, NULL, "no letter"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage = {"git hop test [-f] ARG\ngit hop test --other", "Tests.",
					opts, NULL};
	char **argv = mem_split(ctx, line, ' ');

	got = (struct parsed){.list = mem_array(ctx, char *, 1)};
	return opt_parse(&got.first, &got.done, (int)mem_list_length(argv), argv, &usage, stop);
}

START_TEST(every_kind)
{
	SCOPE(tmp, NULL);

	ck_good(parse(tmp, "x -f -cc --count -n12 --text=hello -l a --list b --list=c arg", false));
	ck_assert(got.flag);
	ck_assert_int_eq(got.count, 3);
	ck_assert_int_eq(got.number, 12);
	ck_assert_str_eq(got.text, "hello");
	ck_assert_uint_eq(mem_list_length(got.list), 3);
	ck_assert_str_eq(got.list[2], "c");
	ck_assert_int_eq(got.first, 11);
	ck_assert(!got.done);
}
END_TEST

START_TEST(options_behind_arguments)
{
	SCOPE(tmp, NULL);

	ck_good(parse(tmp, "x arg -f other", false));
	ck_assert(got.flag);
	ck_assert_int_eq(got.first, 2);
	ck_good(parse(tmp, "x verb -f", true));
	ck_assert(!got.flag);
	ck_assert_int_eq(got.first, 1);
	ck_good(parse(tmp, "x -- -f", false));
	ck_assert(!got.flag);
	ck_assert_int_eq(got.first, 2);
}
END_TEST

START_TEST(verbosity)
{
	SCOPE(tmp, NULL);

	log_set_verbosity(0);
	ck_good(parse(tmp, "x -vv", false));
	ck_assert_int_eq(log_verbosity(), 2);
	ck_good(parse(tmp, "x -q", false));
	ck_assert_int_eq(log_verbosity(), -1);
	ck_good(parse(tmp, "x --verbose", false));
	ck_assert_int_eq(log_verbosity(), 1);
	log_set_verbosity(0);
}
END_TEST

static const struct {
	const char *line, *message;
} refused[] = {
	{"x --absent", "unknown option '--absent'"},
	{"x --absent=1", "unknown option '--absent=1'"},
	{"x -z", "unknown option '-z'"},
	{"x -fz", "unknown option '-z'"},
	{"x -n", "option '-n' requires a value"},
	{"x --text", "option '--text' requires a value"},
	{"x --flag=yes", "option '--flag=yes' takes no value"},
	{"x -n -1", "--number expects an integer, not '-1'"},
	{"x -n 1x", "--number expects an integer, not '1x'"},
	{"x --number=", "--number expects an integer, not ''"},
	{"x -n 9999999999", "--number expects an integer, not '9999999999'"},
};

START_TEST(wrong_command_lines)
{
	SCOPE(tmp, NULL);
	struct error *err = parse(tmp, refused[_i].line, false);

	ck_assert_ptr_nonnull(err);
	ck_assert_str_eq(err->message, refused[_i].message);
	ck_assert_str_eq(err->hint, "usage: git hop test [-f] ARG\nusage: git hop test --other");
	ck_error(err, ERROR_USAGE);
}
END_TEST

static const struct opt only_common[] = {OPT_COMMON, OPT_END};

static const struct opt_verb verbs[] = {{"make", "X", "makes"}, {NULL, NULL, NULL}};
static const struct opt_usage with_verbs = {"git hop thing VERB\n              [--more]\n"
					    "git hop thing",
					    "Things.", only_common, verbs};

START_TEST(number_of_arguments)
{
	ck_good(opt_count(&with_verbs, 1, 1, 2));
	ck_good(opt_count(&with_verbs, 2, 1, 2));
	ck_error(opt_count(&with_verbs, 0, 1, 2), ERROR_USAGE);
	ck_error(opt_count(&with_verbs, 3, 1, 2), ERROR_USAGE);
}
END_TEST

START_TEST(usage_text)
{
	char *text;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	opt_print_usage(stream, &with_verbs);
	fclose(stream);
	ck_assert_ptr_nonnull(strstr(text, "usage: git hop thing VERB\n"
					   "                     [--more]\n"
					   "   or: git hop thing\n"));
	ck_assert_ptr_nonnull(strstr(text, "    make X                       makes\n"));
	ck_assert_ptr_nonnull(strstr(text, "    -q, --quiet                  print errors only"));
	free(text);
}
END_TEST

START_TEST(a_question_needs_a_terminal)
{
	int null = dup(STDIN_FILENO);

	ck_assert_ptr_nonnull(freopen("/dev/null", "r", stdin));
	ck_good(opt_confirm(true, "really?"));
	ck_error(opt_confirm(false, "really?"), ERROR_NO);
	close(null);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-opt");
	TCase *tc = tcase_create("opt");

	tcase_add_test(tc, every_kind);
	tcase_add_test(tc, options_behind_arguments);
	tcase_add_test(tc, verbosity);
	tcase_add_loop_test(tc, wrong_command_lines, 0, (int)COUNT(refused));
	tcase_add_test(tc, number_of_arguments);
	tcase_add_test(tc, usage_text);
	tcase_add_test(tc, a_question_needs_a_terminal);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
