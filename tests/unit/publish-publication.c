/* publish/publication, publish/refs: what is published together, and what this clone records. */
#include "publish/publication.h"

#include "core/branch.h"
#include "publish/refs.h"
#include "sample.h"
#include "unit.h"

#define OLD "1111111111111111111111111111111111111111"
#define NEW "2222222222222222222222222222222222222222"

START_TEST(changes)
{
	SCOPE(tmp, NULL);
	struct publication one = {NULL, 0}, all = {NULL, 0};
	char text[] = "refs/tags/v1.0.0";

	publication_add(&one, tmp, text, NULL, NEW);
	memset(text, 'x', strlen(text));
	publication_add_branch(&one, tmp, "ho-patch/1", OLD, NULL);
	publication_guard(&one, tmp, BRANCH_PROD, OLD);
	publication_add(&all, tmp, "refs/hop/patch/1", OLD, NEW);
	publication_add_all(&all, tmp, &one);
	ck_assert_uint_eq(one.count, 3);
	ck_assert_uint_eq(all.count, 4);
	ck_assert_str_eq(all.changes[1].ref, "refs/tags/v1.0.0");
	ck_assert(!all.changes[1].old && strcmp(all.changes[1].new, NEW) == 0);
	ck_assert_str_eq(all.changes[2].ref, "refs/heads/ho-patch/1");
	ck_assert(strcmp(all.changes[2].old, OLD) == 0 && !all.changes[2].new);
	ck_assert_str_eq(all.changes[3].ref, "refs/heads/" BRANCH_PROD);
	/* A guard neither moves its branch, nor is a creation, a deletion or a move one. */
	for (size_t i = 0; i < all.count; i++)
		ck_assert(publication_is_guard(&all.changes[i]) == (i == 3));
}
END_TEST

static char *ref_of(void *ctx, struct sample *s, const char *ref)
{
	char *oid;

	ck_good(repo_ref(&oid, ctx, s->repo, ref));
	return oid;
}

/* One ref that is elsewhere, and none moves. */
START_TEST(all_or_nothing)
{
	SCOPE(tmp, NULL);
	struct sample *s = sample_new(tmp);
	struct project *p = sample_open(tmp, s);
	struct session *session = session_new(tmp, p, false);
	struct publication pub = {NULL, 0};
	char *first = ref_of(tmp, s, "refs/heads/" BRANCH_PROD);

	sample_file(s, "a", "1");
	publication_add_branch(&pub, tmp, "one", NULL, first);
	publication_add_branch(&pub, tmp, "two", first, NULL);
	publication_guard(&pub, tmp, BRANCH_PROD, first);
	ck_error(refs_move(session, &pub, "hop: test"), ERROR_AGAIN);
	ck_assert(session->moved);
	ck_assert_ptr_null(ref_of(tmp, s, "refs/heads/one"));
	ck_good(git_run(NULL, tmp, s->repo, "branch", "-q", "two", NULL));
	ck_good(refs_move(session, &pub, "hop: test"));
	ck_assert(!session->moved);
	ck_assert_str_eq(ref_of(tmp, s, "refs/heads/one"), first);
	ck_assert_ptr_null(ref_of(tmp, s, "refs/heads/two"));
	/* A guard alone stops it, too. */
	sample_commit(s);
	pub.changes[0].new = NULL;
	pub.changes[0].old = first;
	pub.changes[1] = pub.changes[2];
	pub.count = 2;
	ck_error(refs_move(session, &pub, "hop: test"), ERROR_AGAIN);
	ck_assert_str_eq(ref_of(tmp, s, "refs/heads/one"), first);
}
END_TEST

/* With a remote: its branches are recorded as tracking refs, all else under its name. */
START_TEST(mirror)
{
	SCOPE(tmp, NULL);
	struct sample *s = sample_new(tmp);
	struct publication pub = {NULL, 0};
	struct project *p;
	char *first = ref_of(tmp, s, "refs/heads/" BRANCH_PROD), *second;

	sample_file(s, "a", "1");
	second = sample_commit(s);
	ck_good(git_run(NULL, tmp, s->repo, "remote", "add", "origin", "nowhere", NULL));
	ck_good(git_run(NULL, tmp, s->repo, "update-ref", "refs/remotes/origin/ho-patch/1", first,
			NULL));
	p = sample_open(tmp, s);
	publication_add_branch(&pub, tmp, BRANCH_PROD, first, second);
	publication_add_branch(&pub, tmp, "ho-patch/1", second, NULL);
	publication_add_branch(&pub, tmp, "ho-patch/2", second, NULL);
	publication_add(&pub, tmp, "refs/hop/patch/1", NULL, first);
	publication_add(&pub, tmp, "refs/tags/v1.0.0", NULL, first);
	/* Whatever this clone had recorded before, and as often as it is done. */
	for (int i = 0; i < 2; i++) {
		ck_good(refs_mirror(p, &pub, "hop: test"));
		ck_assert_str_eq(ref_of(tmp, s, "refs/remotes/origin/" BRANCH_PROD), second);
		ck_assert_ptr_null(ref_of(tmp, s, "refs/remotes/origin/ho-patch/1"));
		ck_assert_str_eq(ref_of(tmp, s, "refs/hop/patch/1"), first);
		ck_assert_str_eq(ref_of(tmp, s, "refs/tags/v1.0.0"), first);
		ck_assert_str_eq(ref_of(tmp, s, "refs/heads/" BRANCH_PROD), second);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("publish-publication");
	TCase *tc = tcase_create("publication");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, changes);
	tcase_add_test(tc, all_or_nothing);
	tcase_add_test(tc, mirror);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
