/* base/error: messages, hints, how they print. */
#include "base/error.h"

#include <errno.h>

#include "unit.h"

static char *printed(void *ctx, const struct error *err)
{
	char *text, *copy;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	error_print(stream, err);
	fclose(stream);
	copy = mem_dup(ctx, text);
	free(text);
	return copy;
}

START_TEST(prints_message_detail_hints)
{
	SCOPE(tmp, NULL);
	struct error *err = error_new(ERROR_FAIL, "cannot read '%s'", "x");

	err = error_detail(err, "line 1\nline 2\n");
	err = error_hint(err, "first");
	err = error_add_hint(err, "second");
	err = error_wrap(err, "step %d", 3);
	ck_assert_str_eq(printed(tmp, err), "fatal: step 3: cannot read 'x'\n"
					    "  line 1\n"
					    "  line 2\n"
					    "hint: first\n"
					    "hint: second\n");
	error_free(err);
}
END_TEST

START_TEST(no_is_an_error_not_fatal)
{
	SCOPE(tmp, NULL);
	struct error *err = error_new(ERROR_FAIL, "refused");

	err = error_recode(err, ERROR_NO);
	ck_assert_str_eq(printed(tmp, err), "error: refused\n");
	error_free(err);
}
END_TEST

START_TEST(a_new_hint_replaces_the_old)
{
	struct error *err = error_new(ERROR_NO, "no");

	err = error_add_hint(err, "one");
	ck_assert_str_eq(err->hint, "one");
	err = error_hint(err, "two");
	ck_assert_str_eq(err->hint, "two");
	error_free(err);
}
END_TEST

START_TEST(none_stays_none)
{
	ck_assert_ptr_null(error_wrap(NULL, "x"));
	ck_assert_ptr_null(error_hint(NULL, "x"));
	ck_assert_ptr_null(error_add_hint(NULL, "x"));
	ck_assert_ptr_null(error_detail(NULL, "x"));
	ck_assert_ptr_null(error_recode(NULL, ERROR_NO));
	error_free(NULL);
}
END_TEST

START_TEST(errno_is_in_the_message)
{
	struct error *err;

	errno = ENOENT;
	err = error_errno("cannot open '%s'", "f");
	ck_assert_str_eq(err->message, "cannot open 'f': No such file or directory");
	ck_error(err, ERROR_FAIL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-error");
	TCase *tc = tcase_create("error");

	tcase_add_test(tc, prints_message_detail_hints);
	tcase_add_test(tc, no_is_an_error_not_fatal);
	tcase_add_test(tc, a_new_hint_replaces_the_old);
	tcase_add_test(tc, none_stays_none);
	tcase_add_test(tc, errno_is_in_the_message);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
