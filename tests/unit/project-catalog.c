/* project/catalog: reading the releases from the refs of a repository. */
#include "project/catalog.h"

#include "core/branch.h"
#include "sample.h"
#include "unit.h"

/* The branch of a release with this list. */
static void open_release(struct sample *s, const char *version, const char *list)
{
	SCOPE(tmp, s);

	ck_good(git_run(NULL, tmp, s->repo, "switch", "-q", "-c",
			mem_printf(tmp, "ho-release/%s", version), "ho-prod", NULL));
	sample_file(s, mem_printf(tmp, ".hop/releases/%s-patches.toml", version), list);
	sample_commit(s);
	ck_good(git_run(NULL, tmp, s->repo, "switch", "-q", "ho-prod", NULL));
}

START_TEST(read_once)
{
	SCOPE(tmp, NULL);
	struct sample *s = sample_new(tmp);
	struct project *p;
	const struct catalog *before, *after;
	char *tip;

	open_release(s, "1.10.0", "[patches]\n\"2-b\" = \"candidate\"\n");
	open_release(s, "1.2.0", "[patches]\n\"1-a\" = \"staged\"\n");
	open_release(s, "1.0.0", "[patches]\n");
	p = sample_open(tmp, s);
	ck_good(catalog_read(&before, tmp, p));
	ck_assert_uint_eq(before->open_count, 3);
	/* Lowest first; what is in production already is a hotfix. */
	ck_assert_str_eq(version_print(tmp, &before->open[0].becomes), "1.0.0-hotfix1");
	ck_assert(before->open[0].hotfix && !before->open[1].hotfix);
	ck_assert_str_eq(before->open[1].branch, "ho-release/1.2.0");
	ck_assert_str_eq(before->open[2].branch, "ho-release/1.10.0");
	ck_assert_uint_eq(before->released_count, 2);
	ck_assert_str_eq(version_print(tmp, &before->production), "1.0.0");
	ck_good(project_tip(&tip, tmp, p, BRANCH_PROD));
	ck_assert_str_eq(before->prod, tip);
	ck_assert(catalog_release_of(before, "1-a") == &before->open[1]);

	/* It stays what it was, whatever happens to the refs and to a copy of a list. */
	ck_assert(manifest_remove(manifest_copy(tmp, before->open[1].manifest), "1-a"));
	ck_good(git_run(NULL, tmp, s->repo, "branch", "-q", "-D", "ho-release/1.2.0", NULL));
	ck_good(catalog_read(&after, tmp, p));
	ck_assert_uint_eq(after->open_count, 2);
	ck_assert_ptr_nonnull(manifest_find(before->open[1].manifest, "1-a"));
}
END_TEST

static void skip(void *arg, const char *branch, struct error *err)
{
	char **said = arg;

	mem_append(said, NULL, "%s;", branch);
	error_free(err);
}

START_TEST(unreadable)
{
	SCOPE(tmp, NULL);
	struct sample *s = sample_new(tmp);
	const struct open_release *release;
	const struct catalog *catalog;
	struct project *p;
	char *said = mem_dup(tmp, "");

	open_release(s, "1.1.0", "[patches]\n\"1-a\" = \"what\"\n");
	open_release(s, "1.2.0", "[patches]\n");
	/* Not a release of hop's. */
	ck_good(git_run(NULL, tmp, s->repo, "branch", "ho-release/next", "ho-prod", NULL));
	p = sample_open(tmp, s);
	/* Named, and passed over but for itself and what comes after it. */
	ck_good(catalog_read(&catalog, tmp, p));
	ck_assert_uint_eq(catalog->open_count, 1);
	ck_assert_uint_eq(catalog->unreadable_count, 1);
	ck_assert_str_eq(catalog->unreadable[0].branch, "ho-release/1.1.0");
	ck_error(catalog_find(&release, catalog, &catalog->unreadable[0].version), ERROR_FAIL);
	ck_error(catalog_refuse_unreadable(catalog, &catalog->open[0].version, true), ERROR_FAIL);
	ck_good(catalog_refuse_unreadable(catalog, &catalog->open[0].version, false));
	ck_good(catalog_refuse_unreadable(catalog, &catalog->production, true));
	ck_good(catalog_read_readable(&catalog, tmp, p, skip, &said));
	ck_assert_str_eq(said, "ho-release/1.1.0;");
	ck_assert_uint_eq(catalog->open_count, 1);
	ck_assert_str_eq(catalog->open[0].branch, "ho-release/1.2.0");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("project-catalog");
	TCase *tc = tcase_create("catalog");

	tcase_add_test(tc, read_once);
	tcase_add_test(tc, unreadable);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
