/* base/out: the same fields as text, as porcelain, as JSON. */
#include "base/out.h"

#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "unit.h"

static void write_sample(enum out_format format)
{
	SCOPE(tmp, NULL);
	struct out *out = out_open(tmp, format, "list");

	ck_assert(out_is_text(out) == (format == OUT_TEXT));
	out_record(out, "patch");
	out_text(out, "id", "1-a\tb\\c\nd");
	out_text(out, "release", NULL);
	out_number(out, "files", -3);
	out_bool(out, "staged", true);
	out_record(out, "patch");
	out_text(out, "id", "2");
	out_record(out, "other");
	out_bool(out, "bytes", false);
	out_text(out, "name", "\xff");
	out_end(out);
}

/* What write_sample prints on standard output. */
static char *sample(void *ctx, enum out_format format)
{
	char *dir, *file, *text;
	int saved;

	ck_good(file_make_temp_dir(&dir, ctx, "hop-unit"));
	file = path_join(ctx, dir, "out");
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	ck_assert_ptr_nonnull(freopen(file, "w", stdout));
	write_sample(format);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	ck_good(file_read(&text, NULL, ctx, file));
	ck_good(file_remove_tree(dir));
	return text;
}

START_TEST(text_is_left_to_the_command)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(sample(tmp, OUT_TEXT), "");
}
END_TEST

START_TEST(porcelain)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(sample(tmp, OUT_PORCELAIN), "# git-hop list 1\n"
						     "patch\t\"1-a\\tb\\\\c\\nd\"\t-\t-3\ttrue\n"
						     "patch\t2\n"
						     "other\tfalse\t\"\\377\"\n");
}
END_TEST

START_TEST(json)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(sample(tmp, OUT_JSON), "{\n"
						"  \"version\": 1,\n"
						"  \"command\": \"list\",\n"
						"  \"patch\": [\n"
						"    {\n"
						"      \"id\": \"1-a\\tb\\\\c\\nd\",\n"
						"      \"release\": null,\n"
						"      \"files\": -3,\n"
						"      \"staged\": true\n"
						"    },\n"
						"    {\n"
						"      \"id\": \"2\"\n"
						"    }\n"
						"  ],\n"
						"  \"other\": [\n"
						"    {\n"
						"      \"bytes\": false,\n"
						"      \"name\": \"\\\"\\\\377\\\"\"\n"
						"    }\n"
						"  ]\n"
						"}\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-out");
	TCase *tc = tcase_create("out");

	tcase_add_test(tc, text_is_left_to_the_command);
	tcase_add_test(tc, porcelain);
	tcase_add_test(tc, json);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
