/* Text that may be anything, read as UTF-8. */
#include "base/utf8.h"

#include "unit.h"

static const struct {
	const char *text;
	size_t length;
} lengths[] = {
	{"a", 1},
	{"\u00e9", 2},
	{"\u20ac", 3},
	{"\U0001f600", 4},
	{"\x80", 0},
	{"\xc3", 0},
	{"\xc0\xaf", 0},         /* overlong */
	{"\xe0\x80\xaf", 0},     /* overlong */
	{"\xed\xa0\x80", 0},     /* surrogate */
	{"\xf4\x90\x80\x80", 0}, /* above U+10FFFF */
	{"\xf5\x80\x80\x80", 0},
	{"\xff", 0},
};

START_TEST(length)
{
	ck_assert_uint_eq(utf8_length(lengths[_i].text, strlen(lengths[_i].text)),
			  lengths[_i].length);
}
END_TEST

START_TEST(length_left)
{
	ck_assert_uint_eq(utf8_length("\u20ac", 2), 0);
}
END_TEST

static const struct {
	const char *text;
	int first;
	size_t bytes;
} firsts[] = {
	{"a", 'a', 1},
	{"\t", '\t', 1},
	{"\n", '\n', 1},
	{"\u00e9x", 0xE9, 2},
	{"\u20ac", 0x20AC, 3},
	{"\U0001f600", 0x1F600, 4},
	{"", 0, 0},
	{"\x1b[31m", UTF8_REPLACEMENT, 1},
	{"\x7f", UTF8_REPLACEMENT, 1},
	{"\xc2\x9b", UTF8_REPLACEMENT, 2},
	{"\u202e", UTF8_REPLACEMENT, 3},
	{"\u2067", UTF8_REPLACEMENT, 3},
	{"\ufffe", UTF8_REPLACEMENT, 3},
	{"\U0001fffe", UTF8_REPLACEMENT, 4},
	{"\xff", UTF8_REPLACEMENT, 1},
	{"\xe2\x82", UTF8_REPLACEMENT, 1}, /* the NUL is not passed */
	{"\xf0\x9f\x98", UTF8_REPLACEMENT, 1},
};

START_TEST(first)
{
	const char *at = firsts[_i].text;

	ck_assert_int_eq(utf8_next(&at), firsts[_i].first);
	ck_assert_uint_eq((size_t)(at - firsts[_i].text), firsts[_i].bytes);
}
END_TEST

/* Any bytes: it comes to the end, and what it makes of them can be shown. */
START_TEST(any_bytes)
{
	char bytes[64];

	srand(1);
	for (int round = 0; round < 500; round++) {
		const char *at = bytes;
		int c, steps = 0;

		for (size_t i = 0; i + 1 < sizeof(bytes); i++)
			bytes[i] = (char)(rand() % 256);
		bytes[sizeof(bytes) - 1] = 0;
		while ((c = utf8_next(&at)) != 0) {
			ck_assert_int_gt(c, 0);
			ck_assert_int_le(c, 0x10FFFF);
			ck_assert(c >= 0x20 || c == '\t' || c == '\n');
			ck_assert_int_le(++steps, (int)sizeof(bytes));
		}
		ck_assert(at < bytes + sizeof(bytes));
		ck_assert_int_eq(*at, 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/utf8");
	TCase *tests = tcase_create("utf8");

	tcase_add_loop_test(tests, length, 0, COUNT(lengths));
	tcase_add_test(tests, length_left);
	tcase_add_loop_test(tests, first, 0, COUNT(firsts));
	tcase_add_test(tests, any_bytes);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
