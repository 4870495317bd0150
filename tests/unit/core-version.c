/* Versions. */
#include "core/version.h"

#include "unit.h"

/* In ascending order: also the table of what parses. */
static const char *const ascending[] = {
	"0.0.0",         "0.0.1",           "0.1.0-rc1",
	"0.1.0",         "1.0.0",           "1.2.0-rc1",
	"1.2.0-rc2",     "1.2.0-rc10",      "1.2.0",
	"1.2.0-hotfix1", "1.2.0-hotfix2",   "1.2.0-hotfix10",
	"1.2.1-rc1",     "1.2.1",           "1.10.0",
	"2.0.0",         "10.0.0-rc999999", "999999.999999.999999",
};

START_TEST(inverse)
{
	SCOPE(tmp, NULL);
	struct version v;

	ck_good(version_parse(&v, ascending[_i]));
	ck_assert_str_eq(version_print(tmp, &v), ascending[_i]);
}
END_TEST

START_TEST(order)
{
	struct version a, b;

	ck_good(version_parse(&a, ascending[_i]));
	for (int j = 0; j < (int)COUNT(ascending); j++) {
		int c;

		ck_good(version_parse(&b, ascending[j]));
		c = version_compare(&a, &b);
		ck_assert_int_eq((c > 0) - (c < 0), (_i > j) - (_i < j));
	}
}
END_TEST

static const char *const malformed[] = {
	"",
	" ",
	"1",
	"1.2",
	"1.2.",
	"1.2.3.",
	"1.2.3.4",
	"v1.2.3",
	" 1.2.3",
	"1.2.3 ",
	"1.2.3\n",
	"01.2.3",
	"1.02.3",
	"1.2.03",
	"00.0.0",
	"-1.2.3",
	"+1.2.3",
	"1.-2.3",
	"1..3",
	".1.2",
	"1.2.3-",
	"1.2.3-rc",
	"1.2.3-rc0",
	"1.2.3-rc01",
	"1.2.3-rc-1",
	"1.2.3-rc1x",
	"1.2.3-RC1",
	"1.2.3-hotfix",
	"1.2.3-hotfix0",
	"1.2.3-hotfix1-rc1",
	"1.2.3rc1",
	"1.2.3-beta1",
	"1000000.0.0",
	"0.0.1000000",
	"1.2.3-rc1000000",
	"99999999999999999999.0.0",
	"4294967297.0.0",
	"1.2.3-hotfix4294967297",
	"1,2,3",
	"1.2.x",
	"1.2.3;rm",
	"../1.2.3",
	"\xd9\xa1.2.3",
	"0x1.2.3",
	"1e1.2.3",
};

START_TEST(refused)
{
	struct version v = {7, 7, 7, VERSION_RC, 7};

	ck_error(version_parse(&v, malformed[_i]), ERROR_USAGE);
	ck_assert_int_eq(v.major, 7);
}
END_TEST

static const struct {
	const char *from;
	const char *patch, *minor, *major;
} nexts[] = {
	{"1.2.3", "1.2.4", "1.3.0", "2.0.0"},
	{"0.0.0", "0.0.1", "0.1.0", "1.0.0"},
	{"1.2.3-rc4", "1.2.4", "1.3.0", "2.0.0"},
	{"1.2.3-hotfix4", "1.2.4", "1.3.0", "2.0.0"},
};

START_TEST(next)
{
	SCOPE(tmp, NULL);
	const char *const want[] = {nexts[_i].patch, nexts[_i].minor, nexts[_i].major};
	static const char *const words[] = {"patch", "minor", "major"};
	struct version from, to;

	ck_good(version_parse(&from, nexts[_i].from));
	for (size_t i = 0; i < COUNT(words); i++) {
		enum version_level level;

		ck_good(version_level_parse(&level, words[i]));
		ck_good(version_next(&to, &from, level));
		ck_assert_str_eq(version_print(tmp, &to), want[i]);
	}
}
END_TEST

START_TEST(no_next)
{
	enum version_level level;
	struct version from, to;

	ck_good(version_parse(&from, "999999.999999.999999"));
	ck_error(version_next(&to, &from, LEVEL_PATCH), ERROR_NO);
	ck_error(version_next(&to, &from, LEVEL_MINOR), ERROR_NO);
	ck_error(version_next(&to, &from, LEVEL_MAJOR), ERROR_NO);
	ck_error(version_level_parse(&level, ""), ERROR_USAGE);
	ck_error(version_level_parse(&level, "Major"), ERROR_USAGE);
	ck_error(version_level_parse(&level, "majo"), ERROR_USAGE);
}
END_TEST

START_TEST(base)
{
	SCOPE(tmp, NULL);
	struct version v, b;

	ck_good(version_parse(&v, "1.2.3-hotfix4"));
	b = version_base(&v);
	ck_assert_str_eq(version_print(tmp, &b), "1.2.3");
	v = version_next_hotfix(&v);
	ck_assert_str_eq(version_print(tmp, &v), "1.2.3-hotfix5");
	v = version_next_hotfix(&b);
	ck_assert_str_eq(version_print(tmp, &v), "1.2.3-hotfix1");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-version");
	TCase *tc = tcase_create("version");

	tcase_add_loop_test(tc, inverse, 0, (int)COUNT(ascending));
	tcase_add_loop_test(tc, order, 0, (int)COUNT(ascending));
	tcase_add_loop_test(tc, refused, 0, (int)COUNT(malformed));
	tcase_add_loop_test(tc, next, 0, (int)COUNT(nexts));
	tcase_add_test(tc, no_next);
	tcase_add_test(tc, base);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
