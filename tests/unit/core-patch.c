/* Patch IDs and the files of a patch. */
#include "core/patch.h"

#include "unit.h"

#define TEN "abcdefghij"
#define NINETY "-" TEN TEN TEN TEN TEN TEN TEN TEN "abcdefghi"

static const struct {
	const char *text, *id;
	int number;
} ids[] = {
	{"1", "1", 1},
	{"12", "12", 12},
	{"999999999", "999999999", 999999999},
	{"12-users", "12-users", 12},
	{"012-users", "12-users", 12},
	{"00000000000000000000000007", "7", 7},
	{"100", "100", 100},
	{"1-a-b-c", "1-a-b-c", 1},
	{"1-2-3", "1-2-3", 1},
	{"1-007", "1-007", 1},
	{"123456789" NINETY "j", "123456789" NINETY "j", 123456789},
};

START_TEST(id_good)
{
	SCOPE(tmp, NULL);
	struct patch_id id, again;

	ck_good(patch_id_parse(&id, tmp, ids[_i].text));
	ck_assert_str_eq(id.id, ids[_i].id);
	ck_assert_int_eq(id.number, ids[_i].number);
	ck_assert(patch_id_valid(id.id));
	ck_assert(patch_id_valid(ids[_i].text) == (strcmp(ids[_i].text, ids[_i].id) == 0));
	ck_good(patch_id_parse(&again, tmp, id.id));
	ck_assert_str_eq(again.id, id.id);
}
END_TEST

static const char *const bad_ids[] = {
	"",
	"0",
	"00",
	"-",
	"-1",
	"+1",
	" 1",
	"1 ",
	"1\n",
	"1-",
	"1--a",
	"1-a-",
	"1-a--b",
	"1-A",
	"1-a_b",
	"1-\xc3\xa9",
	"1a",
	"a",
	"a-1",
	"1/a",
	"1-../x",
	"1-a;rm -rf",
	"1-a'b",
	"1.a",
	"1-a.b",
	"#1",
	"1000000000",
	"99999999999999999999",
	"4294967297",
	"0x1",
	"--help",
	"-rf",
	"1-$(id)",
	"1234567890" NINETY,
	"123456789" NINETY "jk",
};

START_TEST(id_bad)
{
	SCOPE(tmp, NULL);
	struct patch_id id;

	ck_assert(!patch_id_valid(bad_ids[_i]));
	ck_error(patch_id_parse(&id, tmp, bad_ids[_i]), ERROR_USAGE);
}
END_TEST

static const struct {
	const char *name;
	enum patch_file_kind kind;
} files[] = {
	{"01_a.sql", PATCH_SQL},     {"a b.sql", PATCH_SQL},        {"-rf.sql", PATCH_SQL},
	{"a\n.sql", PATCH_SQL},      {"01_a.psql", PATCH_PSQL},     {"01_a.py", PATCH_PYTHON},
	{"README.md", PATCH_README}, {"readme.md", PATCH_OTHER},    {"01_a.SQL", PATCH_OTHER},
	{"01_a.sql~", PATCH_OTHER},  {"01_a.sql.bak", PATCH_OTHER}, {".sql", PATCH_OTHER},
	{".py", PATCH_OTHER},        {"sql", PATCH_OTHER},          {"", PATCH_OTHER},
	{"01_a.pyc", PATCH_OTHER},   {"01_amysql", PATCH_OTHER},
};

START_TEST(kinds)
{
	ck_assert_int_eq((int)patch_file_kind(files[_i].name), (int)files[_i].kind);
}
END_TEST

static const struct {
	enum patch_file_kind kind;
	const char *text;
	enum patch_mark mark;
	int stray;
} marks[] = {
	{PATCH_SQL, "", MARK_NONE, 0},
	{PATCH_SQL, "SELECT 1;\n", MARK_NONE, 0},
	{PATCH_SQL, "-- @HOP:no-transaction\nVACUUM;\n", MARK_NO_TRANSACTION, 0},
	{PATCH_SQL, "-- @HOP:no-transaction", MARK_NO_TRANSACTION, 0},
	{PATCH_SQL, "-- @HOP:bootstrap\r\nSELECT 1;\r\n", MARK_BOOTSTRAP, 0},
	{PATCH_SQL, "\t --@HOP:bootstrap \t\n", MARK_BOOTSTRAP, 0},
	{PATCH_SQL, "--   @HOP: bootstrap\n", MARK_BOOTSTRAP, 0},
	{PATCH_SQL, "\xef\xbb\xbf-- @HOP:bootstrap\n", MARK_BOOTSTRAP, 0},
	{PATCH_SQL, "\n-- @HOP:bootstrap\n", MARK_NONE, 2},
	{PATCH_SQL, "\n\nSELECT 1;\n  -- @HOP:frob", MARK_NONE, 4},
	{PATCH_SQL, "-- @HOP:bootstrap\n-- @HOP:no-transaction\n", MARK_BOOTSTRAP, 2},
	{PATCH_SQL, "# @HOP:bootstrap\n", MARK_NONE, 0},
	{PATCH_SQL, "-- see @HOP:bootstrap\n", MARK_NONE, 0},
	{PATCH_SQL, "SELECT 1; -- @HOP:bootstrap\n", MARK_NONE, 0},
	{PATCH_SQL, "-- @HOP:allow lock why\nSELECT 1;\n--@HOP:allow\n", MARK_NONE, 0},
	{PATCH_SQL, "SELECT 1;\n-- @HOP:allowed lock why\n", MARK_NONE, 2},
	{PATCH_PYTHON, "print()\n# @HOP:allow lock why\n", MARK_NONE, 2},
	{PATCH_PSQL, "-- @HOP:bootstrap\n", MARK_BOOTSTRAP, 0},
	{PATCH_PYTHON, "# @HOP:bootstrap\n", MARK_BOOTSTRAP, 0},
	{PATCH_PYTHON, "#!/usr/bin/env python3\n# @HOP:bootstrap\n", MARK_NONE, 2},
	{PATCH_PYTHON, "-- @HOP:bootstrap\n", MARK_NONE, 0},
	{PATCH_README, "-- @HOP:frob\n-- @HOP:frob\n", MARK_NONE, 0},
	{PATCH_OTHER, "# @HOP:frob\n# @HOP:frob\n", MARK_NONE, 0},
};

START_TEST(marks_good)
{
	enum patch_mark mark;
	int stray = -1;

	ck_good(patch_mark_parse(&mark, &stray, marks[_i].kind, marks[_i].text,
				 strlen(marks[_i].text)));
	ck_assert_int_eq((int)mark, (int)marks[_i].mark);
	ck_assert_int_eq(stray, marks[_i].stray);
	ck_good(patch_mark_parse(&mark, NULL, marks[_i].kind, marks[_i].text,
				 strlen(marks[_i].text)));
}
END_TEST

static const char *const bad_marks[] = {
	"-- @HOP:",
	"-- @HOP:frob\n",
	"-- @HOP:Bootstrap\n",
	"-- @HOP:bootstrap now\n",
	"-- @HOP:allows lock why\n",
	"-- @HOP:no-transactions\n",
	"-- @HOP:no_transaction\n",
};

START_TEST(marks_bad)
{
	enum patch_mark mark = MARK_BOOTSTRAP;
	int stray = 7;

	ck_error(patch_mark_parse(&mark, &stray, PATCH_SQL, bad_marks[_i], strlen(bad_marks[_i])),
		 ERROR_NO);
	ck_assert_int_eq((int)mark, (int)MARK_BOOTSTRAP);
	ck_assert_int_eq(stray, 7);
}
END_TEST

START_TEST(order)
{
	const char *list[] = {"b", "a b", "\xc3\xa9", "Z", "10_a", "9_a", "a"};
	static const char *const want[] = {"10_a", "9_a", "Z", "a", "a b", "b", "\xc3\xa9"};

	qsort(list, COUNT(list), sizeof(list[0]), patch_file_order);
	for (size_t i = 0; i < COUNT(list); i++)
		ck_assert_str_eq(list[i], want[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-patch");
	TCase *tc = tcase_create("patch");

	tcase_add_loop_test(tc, id_good, 0, (int)COUNT(ids));
	tcase_add_loop_test(tc, id_bad, 0, (int)COUNT(bad_ids));
	tcase_add_loop_test(tc, kinds, 0, (int)COUNT(files));
	tcase_add_loop_test(tc, marks_good, 0, (int)COUNT(marks));
	tcase_add_loop_test(tc, marks_bad, 0, (int)COUNT(bad_marks));
	tcase_add_test(tc, order);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
