/* project/audit: what was promoted, and is not as it was. */
#include "project/audit.h"

#include "core/branch.h"
#include "project/catalog.h"
#include "sample.h"
#include "unit.h"

static void git(struct sample *s, const char *line)
{
	SCOPE(tmp, NULL);

	ck_good(git_run_argv(NULL, tmp, s->repo,
			     mem_split(tmp, mem_printf(tmp, "git %s", line), ' ')));
}

/* Version 1.0.0 with one patch, under its tag. */
static struct sample *promoted(void *ctx)
{
	struct sample *s = sample_new(ctx);

	sample_file(s, "Patches/1-a/01.sql", "SELECT 1;\n");
	sample_file(s, ".hop/releases/1.0.0.txt", "1-a\n");
	sample_commit(s);
	git(s, "tag -a -m x v1.0.0");
	return s;
}

/* The faults of ho-prod: "NAME ABOUT;" of each. */
static char *faults(struct sample *s)
{
	struct project *p = sample_open(s, s);
	const struct catalog *catalog;
	struct audit_fault *list;
	char *out = mem_dup(s, "");
	size_t count;

	ck_good(catalog_read(&catalog, s, p));
	ck_good(audit_read(&list, &count, s, p, catalog, NULL, catalog->prod));
	for (size_t i = 0; i < count; i++) {
		ck_assert(*list[i].text && list[i].hint);
		mem_append(&out, s, "%s %s;", list[i].name, list[i].about);
	}
	return out;
}

/* A change past the hooks (TEXT NULL: PATH is removed), and what is found. */
static const struct {
	const char *path, *text, *want;
} changes[] = {
	{"notes", "x", ""},
	{"Patches/1-a/01.sql", "SELECT 2;\n", "patch-changed 1-a;"},
	{"Patches/1-a/02.sql", "SELECT 2;\n", "patch-changed 1-a;"},
	{"Patches/1-a", NULL, "patch-changed 1-a;"},
	{"Patches/2-b/01.sql", "SELECT 2;\n", "patch-unlisted 2-b;"},
	{"Patches/no-id/01.sql", "SELECT 2;\n", ""},
	{".hop/releases/1.0.0.txt", "1-a\n# more\n", "release-list .hop/releases/1.0.0.txt;"},
};

START_TEST(changed)
{
	SCOPE(tmp, NULL);
	struct sample *s = promoted(tmp);

	ck_assert_str_eq(faults(s), "");
	if (changes[_i].text)
		sample_file(s, changes[_i].path, changes[_i].text);
	else
		git(s, mem_printf(tmp, "rm -rq %s", changes[_i].path));
	sample_commit(s);
	ck_assert_str_eq(faults(s), changes[_i].want);
}
END_TEST

START_TEST(tag_gone)
{
	SCOPE(tmp, NULL);
	struct sample *s = promoted(tmp);

	git(s, "tag -d v1.0.0");
	ck_assert_str_eq(faults(s), "release-tag v1.0.0;");
}
END_TEST

/* Its patches are not called unlisted: whether they are is not known. */
START_TEST(unreadable)
{
	SCOPE(tmp, NULL);
	struct sample *s = promoted(tmp);

	sample_file(s, ".hop/releases/1.0.0.txt", "no ID\n");
	sample_commit(s);
	git(s, "tag -f -a -m x v1.0.0");
	ck_assert_str_eq(faults(s), "release-list .hop/releases/1.0.0.txt;");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("project-audit");
	TCase *tc = tcase_create("audit");

	tcase_add_loop_test(tc, changed, 0, COUNT(changes));
	tcase_add_test(tc, tag_gone);
	tcase_add_test(tc, unreadable);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
