/* core/recipe: which files of a patch run, how, and which must not be there. */
#include "core/recipe.h"

#include "unit.h"

#define MAX 4

/* FILES: the names of those that run, in order, with a letter for the step; data scripts last. */
static const struct {
	const char *label;
	struct {
		const char *name;
		enum entry_kind kind;
		const char *text;
	} entries[MAX];
	const char *files, *warnings, *refusals;
} recipes[] = {
	{"nothing", {{0}}, "", "", ""},
	{"order of bytes",
	 {{"b.sql", ENTRY_FILE, ""},
	  {"a.sql", ENTRY_FILE, ""},
	  {"B.sql", ENTRY_FILE, ""},
	  {"10.sql", ENTRY_FILE, ""}},
	 "10.sql:t B.sql:t a.sql:t b.sql:t ",
	 "",
	 ""},
	{"not run",
	 {{"README.md", ENTRY_FILE, NULL},
	  {"x.txt", ENTRY_FILE, NULL},
	  {"sub", ENTRY_FOLDER, NULL},
	  {"sub.sql", ENTRY_FOLDER, NULL}},
	 "",
	 "d/sub: a directory, ignored|d/sub.sql: a directory, ignored|"
	 "d/x.txt: not .sql, .py or .psql, ignored|",
	 ""},
	{"steps",
	 {{"1.sql", ENTRY_FILE, "-- @HOP:no-transaction\nVACUUM;"},
	  {"2.py", ENTRY_FILE, "pass\n"},
	  {"3.psql", ENTRY_FILE, "\\echo x\n"},
	  {"4.sql", ENTRY_FILE, "-- @HOP:bootstrap\nSELECT 1;"}},
	 "1.sql:a 2.py:p 3.psql:p 4.sql:b ",
	 "",
	 ""},
	{"a marker that does nothing, one that nobody knows",
	 {{"1.sql", ENTRY_FILE, "SELECT 1;\n-- @HOP:bootstrap\n"},
	  {"2.sql", ENTRY_FILE, "-- @HOP:nonsense\n"}},
	 "1.sql:t ",
	 "d/1.sql:2: @HOP: has no effect here, only on the first line|",
	 "d/2.sql: unknown marker '@HOP:nonsense'|"},
	{"links and submodules, whatever their names",
	 {{"1.sql", ENTRY_LINK, NULL},
	  {"2.txt", ENTRY_LINK, NULL},
	  {"README.md", ENTRY_LINK, NULL},
	  {"x", ENTRY_SUBMODULE, NULL}},
	 "",
	 "",
	 "d/1.sql: a symbolic link|d/2.txt: a symbolic link|d/README.md: a symbolic link|"
	 "d/x: a submodule|"},
	{"names",
	 {{"a\nb.sql", ENTRY_FILE, ""},
	  {"\x1b[2J.txt", ENTRY_FILE, NULL},
	  {"\xe9.sql", ENTRY_FILE, ""},
	  {"\xe2\x80\xae.sql", ENTRY_FILE, ""}},
	 "",
	 "",
	 "\"d/\\033[2J.txt\": its name contains control characters|"
	 "\"d/a\\nb.sql\": its name contains control characters|"
	 "\"d/\\342\\200\\256.sql\": its name contains control characters|"
	 "\"d/\\351.sql\": its name is not UTF-8|"},
	{"names that are fine",
	 {{"1 '\"$(x)\\.sql", ENTRY_FILE, ""}, {"\xc3\xa9.sql", ENTRY_FILE, ""}},
	 "1 '\"$(x)\\.sql:t \xc3\xa9.sql:t ",
	 "",
	 ""},
	{"statements, all of them",
	 {{"1.sql", ENTRY_FILE, "SELECT 1;\nCOMMIT;\n  CREATE ROLE a;"},
	  {"2.sql", ENTRY_FILE, "SELECT 'open"},
	  {"3.sql", ENTRY_FILE, "BEGIN;\nUPDATE hop.project SET role = 'development';\nCOMMIT;"}},
	 "1.sql:t 2.sql:t 3.sql:t ",
	 "",
	 "d/1.sql:2:1: transaction control in a patch file|"
	 "d/1.sql:3:3: a role belongs to the server, not to the database|"
	 "d/2.sql:1:8: unterminated quoted string|"
	 "d/3.sql:2:1: changes schema hop, which is reserved for git hop|"},
	{"a file that begins and commits by itself",
	 {{"1.sql", ENTRY_FILE, "BEGIN;\nSELECT 1;\nCOMMIT;\n"}},
	 "1.sql:t ",
	 "",
	 ""},
	{"outside a transaction",
	 {{"1.sql", ENTRY_FILE, "-- @HOP:no-transaction\nBEGIN;\nVACUUM;\nCOMMIT;"},
	  {"2.sql", ENTRY_FILE, "-- @HOP:no-transaction\nVACUUM;\nCOMMIT;\nDROP ROLE r"},
	  {"3.sql", ENTRY_FILE,
	   "-- @HOP:no-transaction\ncreate index concurrently if not exists on t (i);"
	   "create unique index concurrently i on t (i)"},
	  {"4.py", ENTRY_FILE, "# @HOP:cwd=patch\n"}},
	 "1.sql:a 2.sql:a 3.sql:a 4.py:p ",
	 "",
	 "d/1.sql: BEGIN and COMMIT around a file that runs outside a transaction|"
	 "d/2.sql:3:1: transaction control in a file that runs outside a transaction|"
	 "d/2.sql:4:1: a role belongs to the server, not to the database|"
	 "d/3.sql:2:1: a concurrent index needs a name|"},
	{"markers of another language",
	 {{"1.py", ENTRY_FILE, "# @HOP:no-transaction\n"},
	  {"2.sql", ENTRY_FILE, "-- @HOP:cwd=patch\n"}},
	 "",
	 "",
	 "d/1.py: unknown marker '@HOP:no-transaction'|d/2.sql: unknown marker '@HOP:cwd=patch'|"},
};

static struct recipe *make(void *ctx, int n)
{
	struct recipe_entry entries[MAX];
	size_t count = 0;

	for (; count < MAX && recipes[n].entries[count].name; count++) {
		const char *text = recipes[n].entries[count].text;

		entries[count] = (struct recipe_entry){
			.name = recipes[n].entries[count].name,
			.kind = recipes[n].entries[count].kind,
			.text = text,
			.length = text ? strlen(text) : 0,
		};
		ck_assert(recipe_wants(&entries[count]) == (text != NULL));
	}
	return recipe_make(ctx, "d", entries, count);
}

START_TEST(made)
{
	SCOPE(tmp, NULL);
	struct recipe *r = make(tmp, _i);
	char *files = mem_dup(tmp, ""), *warnings = mem_dup(tmp, ""), *refusals = mem_dup(tmp, "");

	for (size_t i = 0; i < r->count; i++) {
		mem_append(&files, tmp, "%s:%c ", r->files[i].name, "tapb"[r->files[i].step]);
		ck_assert_str_eq(r->files[i].path, mem_printf(tmp, "d/%s", r->files[i].name));
	}
	for (char **text = r->warnings; text && *text; text++)
		mem_append(&warnings, tmp, "%s|", *text);
	for (size_t i = 0; i < r->refusal_count; i++)
		mem_append(&refusals, tmp, "%s|", r->refusals[i].message);
	for (size_t i = 0; i < r->bootstrap_count; i++)
		mem_append(&files, tmp, "%s:%c ", r->bootstrap[i].name,
			   "tapb"[r->bootstrap[i].step]);
	ck_assert_str_eq(files, recipes[_i].files);
	ck_assert_str_eq(warnings, recipes[_i].warnings);
	ck_assert_str_eq(refusals, recipes[_i].refusals);
}
END_TEST

START_TEST(checked)
{
	SCOPE(tmp, NULL);
	struct recipe *good = make(tmp, 1), *links = make(tmp, 5), *wrong = make(tmp, 4);
	struct recipe *list[] = {good, NULL, wrong, links};
	struct error *err;

	ck_good(recipe_check(list, 0));
	ck_good(recipe_check(list, 2));
	err = recipe_check(list, 3);
	ck_assert_str_eq(err->message, "d/2.sql: unknown marker '@HOP:nonsense'");
	ck_assert_ptr_nonnull(strstr(err->hint, "bootstrap"));
	ck_error(err, ERROR_NO);
	err = recipe_check(list, 4);
	ck_assert_str_eq(err->message, "5 errors in patch files");
	ck_assert_ptr_nonnull(strstr(err->detail, "nonsense'\nd/1.sql: a symbolic link\n"));
	/* The hint that four of them share is given once. */
	ck_assert_ptr_null(strstr(strstr(err->hint, "regular files") + 1, "regular files"));
	ck_error(err, ERROR_NO);
}
END_TEST

START_TEST(many_refusals)
{
	SCOPE(tmp, NULL);
	char *text = mem_dup(tmp, "");
	struct recipe_entry entry = {.name = "1.sql"};
	struct recipe *r;
	struct error *err;

	for (int i = 0; i < 100; i++)
		mem_append(&text, tmp, "CREATE ROLE r%d;\n", i);
	entry.text = text;
	entry.length = strlen(text);
	r = recipe_make(tmp, "d", &entry, 1);
	ck_assert_uint_eq(recipe_statements(r), 100);
	err = recipe_check(&r, 1);
	ck_assert_str_eq(err->message, "100 errors in patch files");
	ck_assert_ptr_nonnull(strstr(err->detail, "d/1.sql:20:1: "));
	ck_assert_ptr_null(strstr(err->detail, "d/1.sql:21:1: "));
	ck_assert_ptr_nonnull(strstr(err->detail, "and 80 more"));
	ck_error(err, ERROR_NO);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-recipe");
	TCase *tc = tcase_create("recipe");

	tcase_add_loop_test(tc, made, 0, (int)COUNT(recipes));
	tcase_add_test(tc, checked);
	tcase_add_test(tc, many_refusals);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
