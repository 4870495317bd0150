/* Comments that allow findings, and what to write instead. */
#include "core/finding.h"

#include "unit.h"

/* GOT: "STATEMENT LINE NAME REASON|" or "STATEMENT LINE ! PROBLEM|" for each. */
static const struct {
	const char *text, *got;
} allows[] = {
	{"", ""},
	{"SELECT 1;", ""},
	{"-- @HOP:allow lock why not\nSELECT 1;", "0 1 lock why not|"},
	{"\xef\xbb\xbf-- @HOP:allow lock why\nSELECT 1;", "0 1 lock why|"},
	{"--@HOP:allow\tscan\t a  b \r\nSELECT 1;\r\n", "0 1 scan a  b|"},
	{"SELECT 1; -- @HOP:allow held x\nSELECT 2;", "0 1 held x|"},
	{"SELECT 1 -- @HOP:allow held x\n; SELECT 2;", "0 1 held x|"},
	{"SELECT 1;\n-- @HOP:allow held x\n\n;\n-- @HOP:allow rows y\nSELECT 2;",
	 "1 2 held x|1 5 rows y|"},
	{"BEGIN;\n-- @HOP:allow index x\nSELECT 1;\nCOMMIT;", "0 2 index x|"},
	{"COPY t FROM stdin;\n-- @HOP:allow lock x\n\\.\n-- @HOP:allow lock y\nSELECT 1;",
	 "1 4 lock y|"},
	{"-- @HOP:allowed lock x\n-- see @HOP:allow lock x\n# @HOP:allow lock x\nSELECT 1;", ""},
	{"SELECT '\n-- @HOP:allow lock x\n';", ""},
	{"-- @HOP:allow\nSELECT 1;", "0 1 ! there is no finding ''|"},
	{"-- @HOP:allow Lock x\nSELECT 1;", "0 1 ! there is no finding 'Lock'|"},
	{"-- @HOP:allow loc x\nSELECT 1;", "0 1 ! there is no finding 'loc'|"},
	{"-- @HOP:allow lock\nSELECT 1;", "0 1 ! a reason is missing|"},
	{"SELECT 1;\n-- @HOP:allow lock x", "1 2 ! no statement follows|"},
};

START_TEST(allowed)
{
	SCOPE(tmp, NULL);
	const char *text = allows[_i].text;
	struct finding_allow *list;
	struct script *s;
	char *got = mem_dup(tmp, "");
	size_t count;

	ck_good(script_read(&s, tmp, "a.sql", text, strlen(text)));
	finding_read_allows(&list, &count, tmp, s);
	for (size_t i = 0; i < count; i++)
		mem_append(&got, tmp, "%zu %d %s %s|", list[i].statement, list[i].line,
			   list[i].problem ? "!" : finding_name(list[i].kind),
			   list[i].problem ? list[i].problem : list[i].reason);
	ck_assert_str_eq(got, allows[_i].got);
}
END_TEST

START_TEST(instead)
{
	for (enum finding_kind i = 0; i < FINDING_KINDS; i++) {
		ck_assert_ptr_nonnull(finding_instead(i, NULL));
		ck_assert_str_eq(finding_instead(i, NULL), finding_instead(i, "SELECT"));
	}
	ck_assert_ptr_nonnull(strstr(finding_instead(FINDING_INDEX, "reindex"), "REINDEX"));
	ck_assert_ptr_null(strstr(finding_instead(FINDING_INDEX, "CREATE"), "REINDEX"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-finding");
	TCase *tc = tcase_create("finding");

	tcase_add_loop_test(tc, allowed, 0, (int)COUNT(allows));
	tcase_add_test(tc, instead);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
