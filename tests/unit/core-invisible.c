/* core/invisible: characters in SQL that nobody sees. */
#include "core/invisible.h"

#include "unit.h"

/* Of the only statement. */
static const struct {
	const char *text, *name, *code;
	size_t offset;
} cases[] = {
	{"create\u00a0table t ()", "no-break space", "U+00A0", 6},
	{"\u00a0create table t ()", "no-break space", "U+00A0", 0},
	{"create table t (i int);\n\u00a0", "no-break space", "U+00A0", 24},
	{"select 1,\u2003 2", "space of a fixed width", "U+2003", 9},
	{"select a\u200b from t", "zero width space", "U+200B", 8},
	{"select 1\ufeff", "byte order mark", "U+FEFF", 8},
	{"select \u3000"
	 "1",
	 "ideographic space", "U+3000", 7},
	{"select u\u00a9\u00a0", "no-break space", "U+00A0", 10},
	{"\ufeffselect 1", NULL, NULL, 0},
	{"select '\u00a0', \"\u00a0\", $$\u00a0$$, E'\u00a0' /* \u00a0 */ -- \u00a0", NULL, NULL,
	 0},
	{"select \u00e9t\u00e9, \u20ac, \U0001f600 from \u4f60", NULL, NULL, 0},
	{"select 1", NULL, NULL, 0},
};

START_TEST(named)
{
	SCOPE(tmp, NULL);
	const char *text = cases[_i].text;
	struct invisible found;
	struct script *s;
	bool any = false;

	ck_good(script_read(&s, tmp, "f", text, strlen(text)));
	for (size_t n = 0; n < s->count && !any; n++)
		any = invisible_find(&found, s, n);
	ck_assert_int_eq(any, cases[_i].name != NULL);
	if (!any)
		return;
	ck_assert_str_eq(found.name, cases[_i].name);
	ck_assert_str_eq(found.code, cases[_i].code);
	ck_assert_uint_eq(found.offset, cases[_i].offset);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-invisible");
	TCase *tc = tcase_create("invisible");

	tcase_add_loop_test(tc, named, 0, (int)COUNT(cases));
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
