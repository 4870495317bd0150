/* The text of a release's files. */
#include "core/manifest.h"

#include <stdio.h>

#include "unit.h"

static const struct {
	const char *text;
	const char *print;
} good[] = {
	{"[patches]\n", "[patches]\n"},
	{"[patches]", "[patches]\n"},
	{"\n# x\n\t\n [ patches ] # y\n", "[patches]\n"},
	{"[\"patches\"]\n", "[patches]\n"},
	{"[patches]\n\"12-a\" = \"candidate\"\n", "[patches]\n\"12-a\" = \"candidate\"\n"},
	{"[patches]\n12-a=\"staged\"", "[patches]\n\"12-a\" = \"staged\"\n"},
	{"[patches]\r\n'12-a'\t=\t'staged'\t# why\r\n", "[patches]\n\"12-a\" = \"staged\"\n"},
	{"\xef\xbb\xbf[patches]\n  7 = 'candidate'#\n", "[patches]\n\"7\" = \"candidate\"\n"},
	{"[patches]\n\"2\" = \"staged\"\n\n# c\n\"1\" = \"candidate\"\n",
	 "[patches]\n\"2\" = \"staged\"\n\"1\" = \"candidate\"\n"},
};

START_TEST(accepted)
{
	SCOPE(tmp, NULL);
	struct manifest *m;
	const char *print;

	ck_good(manifest_parse(&m, tmp, "f", good[_i].text, strlen(good[_i].text)));
	print = manifest_print(tmp, m);
	ck_assert_str_eq(print, good[_i].print);
	ck_good(manifest_parse(&m, tmp, "f", print, strlen(print)));
	ck_assert_str_eq(manifest_print(tmp, m), print);
}
END_TEST

/* The line that is named, and what is wrong there. */
static const struct {
	const char *text;
	const char *where;
} bad[] = {
	{"", "f:1: "},
	{"# [patches]\n", "f:1: "},
	{"\"1\" = \"staged\"\n[patches]\n", "f:1: "},
	{"[patches]\n[patches]\n", "f:2: "},
	{"[patches]\n[more]\n", "f:2: unknown section 'more'"},
	{"[[patches]]\n", "f:1: "},
	{"[patches\n", "f:1: "},
	{"[patches] x\n", "f:1: "},
	{"[patches.more]\n", "f:1: "},
	{"[]\n", "f:1: "},
	{"[patches]\n\n\"1\" = \"merged\"\n", "f:3: unknown state 'merged'"},
	{"[patches]\n\"1\" = \"\"\n", "f:2: unknown state ''"},
	{"[patches]\n\"1\" = \"Staged\"\n", "f:2: unknown state 'Staged'"},
	{"[patches]\n\"1\" = staged\n", "f:2: "},
	{"[patches]\n\"1\" = \n", "f:2: "},
	{"[patches]\n\"1\"\n", "f:2: expected '='"},
	{"[patches]\n\"1\" : \"staged\"\n", "f:2: expected '='"},
	{"[patches]\n= \"staged\"\n", "f:2: "},
	{"[patches]\n\"1 = \"staged\"\n", "f:2: expected '='"},
	{"[patches]\n\"1\" = \"staged\n", "f:2: a quote"},
	{"[patches]\n\"1\" = \"staged'\n", "f:2: a quote"},
	{"[patches]\n\"1\" = \"staged\" \"staged\"\n", "f:2: unexpected text"},
	{"[patches]\n\"1\" = \"\"\"staged\"\"\"\n", "f:2: "},
	{"[patches]\n\"\\u0031\" = \"staged\"\n", "f:2: unexpected '\\'"},
	{"[patches]\n1.2 = \"staged\"\n", "f:2: expected '='"},
	{"[patches]\n\"01-a\" = \"staged\"\n", "f:2: malformed patch ID '01-a'"},
	{"[patches]\n\"\" = \"staged\"\n", "f:2: malformed patch ID ''"},
	{"[patches]\n\"../x\" = \"staged\"\n", "f:2: malformed patch ID '../x'"},
	{"[patches]\nusers = \"staged\"\n", "f:2: malformed patch ID 'users'"},
	{"[patches]\n1 = \"staged\"\n2 = \"staged\"\n\"1\" = 'candidate'\n",
	 "f:4: patch '1' is listed twice"},
	{"[patches]\n1 = \"staged\"\r2 = \"staged\"\n", "f:2: control"},
	{"[patches]\n1 = \"staged\" # \x1b[2J\n", "f:2: control"},
	{"[patches]\n<<<<<<< HEAD\n", "f:2: "},
	{"[patches]\n=======\n", "f:2: "},
	{"{\"patches\": {}}\n", "f:1: "},
};

START_TEST(refused)
{
	SCOPE(tmp, NULL);
	struct manifest *m = NULL;
	struct error *err;

	err = manifest_parse(&m, tmp, "f", bad[_i].text, strlen(bad[_i].text));
	ck_assert_ptr_nonnull(err);
	ck_assert_msg(strncmp(err->message, bad[_i].where, strlen(bad[_i].where)) == 0, "%s",
		      err->message);
	ck_assert_ptr_null(m);
	ck_error(err, ERROR_FAIL);
}
END_TEST

START_TEST(nul_bytes)
{
	static const char text[] = "[patches]\n\"1\" = \"staged\"\n\0\n";
	static const char inside[] = "[patches]\n\"1\0\" = \"staged\"\n";
	SCOPE(tmp, NULL);
	struct manifest *m;
	char **ids;

	ck_error(manifest_parse(&m, tmp, "f", text, sizeof(text) - 1), ERROR_FAIL);
	ck_error(manifest_parse(&m, tmp, "f", inside, sizeof(inside) - 1), ERROR_FAIL);
	ck_error(idlist_parse(&ids, tmp, "f", "1\0\n", 3), ERROR_FAIL);
}
END_TEST

/* Any manifest that the functions can make is what its text says. */
START_TEST(inverse)
{
	SCOPE(tmp, NULL);
	struct manifest *m = manifest_new(tmp);
	struct manifest *again;
	const char *text;

	srand(1);
	for (int i = 0; i < 2000; i++) {
		char *id = mem_printf(tmp, rand() % 2 ? "%d" : "%d-a", 1 + rand() % 200);
		char *other = mem_printf(tmp, rand() % 2 ? "%d" : "%d-a", 1 + rand() % 200);

		if (rand() % 3 == 0) {
			manifest_remove(m, id);
			ck_assert_ptr_null(manifest_find(m, id));
			continue;
		}
		error_free(manifest_add(m, id));
		if (rand() % 2)
			error_free(manifest_stage(m, id, rand() % 2 ? other : NULL));
	}
	text = manifest_print(tmp, m);
	ck_good(manifest_parse(&again, tmp, "f", text, strlen(text)));
	ck_assert_uint_gt(m->count, 0);
	ck_assert_uint_eq(again->count, m->count);
	for (size_t i = 0; i < m->count; i++) {
		ck_assert_str_eq(again->entries[i].id, m->entries[i].id);
		ck_assert_int_eq((int)again->entries[i].state, (int)m->entries[i].state);
	}
	ck_assert_str_eq(manifest_print(tmp, again), text);
	ck_assert_uint_eq(manifest_count(m, PATCH_STAGED) + manifest_count(m, PATCH_CANDIDATE),
			  m->count);
}
END_TEST

/* The IDs in order, staged ones with a star. */
static char *order_of(void *ctx, const struct manifest *m)
{
	char *text = mem_dup(ctx, "");

	for (size_t i = 0; i < m->count; i++)
		mem_append(&text, ctx, "%s%s%s", i ? " " : "", m->entries[i].id,
			   m->entries[i].state == PATCH_STAGED ? "*" : "");
	return text;
}

START_TEST(edited)
{
	SCOPE(tmp, NULL);
	struct manifest *m = manifest_new(tmp);

	ck_assert_str_eq(manifest_print(tmp, m), "[patches]\n");
	ck_good(manifest_add(m, "1"));
	ck_good(manifest_add(m, "2"));
	ck_good(manifest_add(m, "3"));
	ck_good(manifest_stage(m, "2", NULL));
	ck_assert_str_eq(manifest_print(tmp, m), "[patches]\n\"2\" = \"staged\"\n"
						 "\"1\" = \"candidate\"\n\"3\" = \"candidate\"\n");
	ck_error(manifest_add(m, "2"), ERROR_NO);
	ck_error(manifest_add(m, "04"), ERROR_USAGE);
	ck_error(manifest_add(m, "4\""), ERROR_USAGE);
	ck_assert_uint_eq(m->count, 3);
	ck_assert_uint_eq(manifest_count(m, PATCH_CANDIDATE), 2);
	ck_assert(!manifest_remove(m, "4"));
	ck_assert(manifest_remove(m, "1"));
	ck_assert(manifest_remove(m, "3"));
	ck_assert_str_eq(order_of(tmp, m), "2*");
	ck_assert(manifest_remove(m, "2"));
	ck_assert_uint_eq(m->count, 0);
}
END_TEST

/* In the order in which they are merged, whatever the order in which they were created. */
START_TEST(staged)
{
	SCOPE(tmp, NULL);
	struct manifest *m = manifest_new(tmp);

	for (int i = 1; i <= 5; i++)
		ck_good(manifest_add(m, mem_printf(tmp, "%d", i)));
	ck_good(manifest_stage(m, "4", NULL));
	ck_good(manifest_stage(m, "1", NULL));
	ck_assert_str_eq(order_of(tmp, m), "4* 1* 2 3 5");
	ck_good(manifest_stage(m, "5", "1"));
	ck_good(manifest_stage(m, "2", "4"));
	ck_assert_str_eq(order_of(tmp, m), "2* 4* 5* 1* 3");
	ck_error(manifest_stage(m, "3", "6"), ERROR_NO);
	ck_error(manifest_stage(m, "3", "3"), ERROR_NO);
	ck_error(manifest_stage(m, "6", NULL), ERROR_NO);
	ck_assert_str_eq(order_of(tmp, m), "2* 4* 5* 1* 3");
	ck_good(manifest_stage(m, m->entries[4].id, NULL));
	ck_assert_str_eq(order_of(tmp, m), "2* 4* 5* 1* 3*");
}
END_TEST

/* A list that was edited by hand. */
START_TEST(mixed)
{
	static const char text[] = "[patches]\n1 = 'candidate'\n2 = 'staged'\n3 = 'candidate'\n"
				   "4 = 'staged'\n5 = 'staged'\n";
	SCOPE(tmp, NULL);
	struct manifest *m;

	ck_good(manifest_parse(&m, tmp, "f", text, strlen(text)));
	ck_assert_str_eq(order_of(tmp, m), "2* 4* 5* 1 3");
	ck_good(manifest_add(m, "6"));
	ck_assert_str_eq(order_of(tmp, m), "2* 4* 5* 1 3 6");
}
END_TEST

static const struct {
	const char *text;
	const char *print;
} lists[] = {
	{"", ""},
	{"\n# nothing\n", ""},
	{"2-b\n1\n", "2-b\n1\n"},
	{"\xef\xbb\xbf# c\r\n\r\n 12-a \t# why\r\n7", "12-a\n7\n"},
};

START_TEST(lists_read)
{
	SCOPE(tmp, NULL);
	char **ids;

	ck_good(idlist_parse(&ids, tmp, "f", lists[_i].text, strlen(lists[_i].text)));
	ck_assert_ptr_nonnull(ids);
	ck_assert_str_eq(idlist_print(tmp, NULL, ids), lists[_i].print);
}
END_TEST

START_TEST(lists_refused)
{
	static const char *const texts[] = {"1\n01\n", "1\n2 3\n", "1\n\"2\"\n", "1\n1\n",
					    "1\n-\n",  "1\na\n",   "1\n2,3\n",   "1\n2\r3\n"};
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct error *err;
		char **ids;

		err = idlist_parse(&ids, tmp, "f", texts[i], strlen(texts[i]));
		ck_assert_ptr_nonnull(err);
		ck_assert_msg(strncmp(err->message, "f:2: ", 5) == 0, "%s", err->message);
		ck_error(err, ERROR_FAIL);
	}
}
END_TEST

START_TEST(lists_written)
{
	char *const ids[] = {(char[]){"2-b"}, (char[]){"1"}, NULL};
	SCOPE(tmp, NULL);
	const char *text = idlist_print(tmp, "release 1.2.0\n\nby hand", ids);
	char **again;

	ck_assert_str_eq(text, "# release 1.2.0\n#\n# by hand\n2-b\n1\n");
	ck_good(idlist_parse(&again, tmp, "f", text, strlen(text)));
	ck_assert_uint_eq(mem_list_length(again), 2);
	ck_assert_str_eq(again[0], "2-b");
	ck_assert_str_eq(again[1], "1");
	ck_assert_str_eq(idlist_print(tmp, "", NULL), "");
}
END_TEST

/* Long lists take time in proportion to their length; a repeated line is still found. */
START_TEST(long_lists)
{
	SCOPE(tmp, NULL);
	/* The sanitizer measures the rest of the text for each line. */
	size_t lines = unit_many(5000), n = 0, k = 10;
	char *list = mem_array(tmp, char, lines * 10 + 40);
	char *toml = mem_array(tmp, char, lines * 22 + 40), **ids;
	struct manifest *m;
	struct error *err;

	snprintf(toml, 20, "[patches]\n");
	for (size_t i = 1; i <= lines; i++) {
		n += (size_t)snprintf(list + n, 20, "%zu-x\n", i);
		k += (size_t)snprintf(toml + k, 30, "\"%zu-x\" = \"staged\"\n", i);
	}
	ck_good(idlist_parse(&ids, tmp, "f", list, strlen(list)));
	ck_assert_uint_eq(mem_list_length(ids), lines);
	ck_good(manifest_parse(&m, tmp, "f", toml, strlen(toml)));
	ck_assert_uint_eq(m->count, lines);
	snprintf(list + n, 20, "80-x\n70-x\n");
	err = idlist_parse(&ids, tmp, "f", list, strlen(list));
	ck_assert_str_eq(err->message,
			 mem_printf(tmp, "f:%zu: patch '80-x' is listed twice", lines + 1));
	ck_error(err, ERROR_FAIL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-manifest");
	TCase *tc = tcase_create("manifest");

	tcase_add_loop_test(tc, accepted, 0, (int)COUNT(good));
	tcase_add_loop_test(tc, refused, 0, (int)COUNT(bad));
	tcase_add_test(tc, nul_bytes);
	tcase_add_test(tc, inverse);
	tcase_add_test(tc, edited);
	tcase_add_test(tc, staged);
	tcase_add_test(tc, mixed);
	tcase_add_loop_test(tc, lists_read, 0, (int)COUNT(lists));
	tcase_add_test(tc, lists_refused);
	tcase_add_test(tc, lists_written);
	tcase_add_test(tc, long_lists);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
