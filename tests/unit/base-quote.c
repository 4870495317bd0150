/* base/quote: nothing that drives a terminal gets through, and nothing else is changed. */
#include "base/quote.h"

#include "unit.h"

static const struct {
	const char *text, *name, *field, *lines;
} texts[] = {
	{"", "", "", ""},
	{"a b", "a b", "a b", "a b"},
	{"caf\u00e9 \u6f22 \U0001f600", "caf\u00e9 \u6f22 \U0001f600",
	 "caf\u00e9 \u6f22 \U0001f600", "caf\u00e9 \u6f22 \U0001f600"},
	{"a\"b\\c", "a\"b\\c", "\"a\\\"b\\\\c\"", "a\"b\\c"},
	{"-", "-", "\"-\"", "-"},
	{"a\tb", "a\tb", "\"a\\tb\"", "a\tb"},
	{"a\nb", "\"a\\nb\"", "\"a\\nb\"", "a\nb"},
	{"a\"\n", "\"a\\\"\\n\"", "\"a\\\"\\n\"", "a\"\n"},
	{"\a\b\v\f\r", "\"\\a\\b\\v\\f\\r\"", "\"\\a\\b\\v\\f\\r\"", "\\a\\b\\v\\f\\r"},
	{"\033[2K", "\"\\033[2K\"", "\"\\033[2K\"", "\\033[2K"},
	{"\177", "\"\\177\"", "\"\\177\"", "\\177"},
	{"\302\2332K", "\"\\302\\2332K\"", "\"\\302\\2332K\"", "\\302\\2332K"},
	{"a\u202eb", "\"a\\342\\200\\256b\"", "\"a\\342\\200\\256b\"", "a\\342\\200\\256b"},
	{"\u2066\u061c", "\"\\342\\201\\246\\330\\234\"", "\"\\342\\201\\246\\330\\234\"",
	 "\\342\\201\\246\\330\\234"},
	{"\U000e0041", "\"\\363\\240\\201\\201\"", "\"\\363\\240\\201\\201\"",
	 "\\363\\240\\201\\201"},
	{"caf\xe9", "\"caf\\351\"", "\"caf\\351\"", "caf\\351"},
	{"\x9b", "\"\\233\"", "\"\\233\"", "\\233"},
	{"\uFFFD", "\uFFFD", "\uFFFD", "\uFFFD"},
};

START_TEST(quoted)
{
	SCOPE(tmp, NULL);
	char *name = quote_name(tmp, texts[_i].text);

	ck_assert_str_eq(name, texts[_i].name);
	ck_assert_str_eq(quote_name(tmp, name), name);
	ck_assert_str_eq(quote_field(tmp, texts[_i].text), texts[_i].field);
	ck_assert_str_eq(quote_lines(tmp, texts[_i].text), texts[_i].lines);
}
END_TEST

/* Each conversion as printf does it. */
#define SAME(...)                                                         \
	do {                                                              \
		char expect[200];                                         \
		snprintf(expect, sizeof(expect), __VA_ARGS__);            \
		ck_assert_str_eq(quote_printf(tmp, __VA_ARGS__), expect); \
	} while (0)

START_TEST(conversions)
{
	SCOPE(tmp, NULL);

	SAME("plain, 100%%");
	SAME("%d|%i|%5d|%-5d|%05d|%*d", -1, 2, 3, 4, 5, 6, 7);
	SAME("%u|%zu|%ld|%lu|%lld|%llu", 1u, (size_t)-1, -5L, 5UL, -1234567890123LL, 1ULL << 63);
	SAME("%x|%08x|%02x|%03o|%c", 255u, 0xbeefu, 10u, 8u, 'z');
	SAME("%f|%.2f|%.0f|%8.1f", 1.5, 2.345, 2.5, 9.99);
	SAME("%s|%10s|%-10s|%.3s|%.*s|%*s|%-*s|", "a", "b", "c", "defg", 2, "hij", 4, "k", 4, "l");
	ck_assert_str_eq(quote_printf(tmp, "%.4s", "caf\u00e9"), "caf");
}
END_TEST

START_TEST(arguments_are_quoted_and_the_format_is_not)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(quote_printf(tmp, "\033[1m%s\033[m\n", "a\nb"),
			 "\033[1m\"a\\nb\"\033[m\n");
	ck_assert_str_eq(quote_printf(tmp, "%-9s|%c|%s", "\r", '\033', "%s"),
			 "\"\\r\"     |\"\\033\"|%s");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-quote");
	TCase *tc = tcase_create("quote");

	tcase_add_loop_test(tc, quoted, 0, sizeof(texts) / sizeof(*texts));
	tcase_add_test(tc, conversions);
	tcase_add_test(tc, arguments_are_quoted_and_the_format_is_not);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
