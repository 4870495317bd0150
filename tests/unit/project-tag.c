/* project/tag: which tags count, and what 0.0.0 is. */
#include "project/tag.h"

#include "sample.h"
#include "unit.h"

static struct version version_of(const char *text)
{
	struct version v;

	ck_good(version_parse(&v, text));
	return v;
}

static void git(struct sample *s, const char *line)
{
	SCOPE(tmp, NULL);

	ck_good(git_run_argv(NULL, tmp, s->repo,
			     mem_split(tmp, mem_printf(tmp, "git %s", line), ' ')));
}

static char *head(struct sample *s)
{
	char *commit;

	ck_good(git_run(&commit, s, s->repo, "rev-parse", "HEAD", NULL));
	return commit;
}

/* A commit with the list of VERSION, on the branch that is checked out. */
static char *list(struct sample *s, const char *version)
{
	sample_file(s, mem_printf(s, ".hop/releases/%s.txt", version), version);
	return sample_commit(s);
}

static void ck_counts(struct sample *s, const char *version, const char *want)
{
	struct project *p = sample_open(s, s);
	struct version v = version_of(version);
	char *commit;

	ck_good(tag_commit(&commit, s, p, &v));
	if (want)
		ck_assert_str_eq(commit, want);
	else
		ck_assert_ptr_null(commit);
}

static void ck_refused(struct sample *s, const char *version, const char *why)
{
	struct project *p = sample_open(s, s);
	struct version v = version_of(version);
	char *commit;
	struct error *err = tag_commit(&commit, s, p, &v);

	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err->message, why));
	ck_assert_ptr_nonnull(err->hint);
	ck_error(err, ERROR_NO);
}

/* Production at 1.1.0: ho-release/1.1.0 with rc1, merged; the patch's branch is 'patch'. */
static struct sample *promoted(void *ctx, char **rc, char **prod)
{
	struct sample *s = sample_new(ctx);

	git(s, "switch -q -c ho-release/1.1.0");
	git(s, "switch -q -c patch");
	list(s, "1.1.0-rc9");
	git(s, "switch -q ho-release/1.1.0");
	git(s, "merge -q --no-ff -m Merge patch");
	*rc = list(s, "1.1.0-rc1");
	git(s, "tag v1.1.0-rc1");
	git(s, "switch -q ho-prod");
	git(s, "merge -q --no-ff --no-commit ho-release/1.1.0");
	*prod = list(s, "1.1.0");
	git(s, "tag -a -m Tag v1.1.0");
	return s;
}

START_TEST(a_promoted_version_is_its_tag)
{
	SCOPE(tmp, NULL);
	char *rc, *prod;
	struct sample *s = promoted(tmp, &rc, &prod);

	list(s, "1.1.0-hotfix1");
	git(s, "tag v1.1.0-hotfix1");
	ck_counts(s, "1.1.0", prod);
	ck_counts(s, "1.1.0-hotfix1", head(s));
	ck_counts(s, "1.2.0", NULL);
	ck_counts(s, "1.1.0-rc2", NULL);
}
END_TEST

START_TEST(a_candidate_counts_before_and_after_its_release)
{
	SCOPE(tmp, NULL);
	char *rc, *prod;
	struct sample *s = promoted(tmp, &rc, &prod);

	ck_counts(s, "1.1.0-rc1", rc);
	git(s, "branch -D ho-release/1.1.0");
	ck_counts(s, "1.1.0-rc1", rc);
	git(s, "tag -d v1.1.0");
	ck_refused(s, "1.1.0-rc1", "ho-release/1.1.0");
}
END_TEST

START_TEST(an_ancestor_is_not_enough)
{
	SCOPE(tmp, NULL);
	char *rc, *prod;
	struct sample *s = promoted(tmp, &rc, &prod);

	git(s, "tag v1.1.0-rc9 patch");
	ck_refused(s, "1.1.0-rc9", "no promotion made it on 'ho-release/1.1.0'");
	git(s, "tag -f v1.1.0 ho-release/1.1.0");
	ck_refused(s, "1.1.0", "no promotion made it on 'ho-prod'");
}
END_TEST

START_TEST(a_tag_elsewhere_or_without_a_list_does_not_count)
{
	SCOPE(tmp, NULL);
	char *rc, *prod;
	struct sample *s = promoted(tmp, &rc, &prod);

	git(s, "tag v1.2.0");
	ck_refused(s, "1.2.0", "has no .hop/releases/1.2.0.txt");
	git(s, "switch -q -c aside");
	list(s, "1.3.0");
	git(s, "tag v1.3.0");
	ck_refused(s, "1.3.0", "ho-prod");
	/* What is no commit is no release. */
	git(s, "tag v1.4.0 HEAD^{tree}");
	ck_refused(s, "1.4.0", "names no commit");
	ck_counts(s, "1.5.0", NULL);
}
END_TEST

/* However many commits there are before it and after it. */
START_TEST(the_start_is_the_commit_that_brought_its_list)
{
	SCOPE(tmp, NULL);

	for (int before = 0; before < 3; before++) {
		struct sample *s = sample_new(tmp);
		char *start;

		git(s, "rm -q -r --cached .hop");
		git(s, "commit -q --amend --allow-empty -m Older");
		for (int i = 0; i < before; i++)
			git(s, "commit -q --allow-empty -m Older");
		start = sample_commit(s);
		for (int after = 0; after < 6; after++) {
			ck_counts(s, "0.0.0", start);
			git(s, "commit -q --allow-empty -m Newer");
		}
	}
}
END_TEST

START_TEST(a_tag_named_after_the_start_is_not_asked)
{
	SCOPE(tmp, NULL);
	struct sample *s = sample_new(tmp);
	char *start = head(s);

	git(s, "commit -q --allow-empty -m Newer");
	git(s, "tag v0.0.0");
	ck_counts(s, "0.0.0", start);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("project/tag");
	TCase *tags = tcase_create("tags");

	tcase_set_timeout(tags, 60);
	tcase_add_test(tags, a_promoted_version_is_its_tag);
	tcase_add_test(tags, a_candidate_counts_before_and_after_its_release);
	tcase_add_test(tags, an_ancestor_is_not_enough);
	tcase_add_test(tags, a_tag_elsewhere_or_without_a_list_does_not_count);
	tcase_add_test(tags, the_start_is_the_commit_that_brought_its_list);
	tcase_add_test(tags, a_tag_named_after_the_start_is_not_asked);
	suite_add_tcase(suite, tags);
	return unit_run(suite);
}
