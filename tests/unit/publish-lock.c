/* publish/lock: taking, keeping, releasing and breaking locks at the remote. */
#include "publish/lock.h"

#include "core/branch.h"
#include "sample.h"
#include "unit.h"

/* A sample project whose origin is a bare repository beside it. */
static struct project *shared(void *ctx, char **guard)
{
	struct sample *s = sample_new(ctx);
	char *origin = path_join(ctx, s->dir, ".git/origin.git");

	ck_good(git_run(NULL, s, NULL, "init", "-q", "--bare", origin, NULL));
	ck_good(git_run(NULL, s, s->repo, "remote", "add", "origin", origin, NULL));
	ck_good(git_run(NULL, s, s->repo, "push", "-q", "-u", "origin", "ho-prod", NULL));
	ck_good(git_run(guard, ctx, s->repo, "rev-parse", "HEAD", NULL));
	return sample_open(ctx, s);
}

/* The locks at the remote, as those who have fetched see them. */
static size_t count(void *ctx, struct project *p, struct lock_info **out)
{
	size_t n;

	ck_good(git_fetch(ctx, p->repo, p->remote, p->namespace));
	ck_good(lock_list(out, &n, ctx, p));
	return n;
}

START_TEST(life)
{
	SCOPE(tmp, NULL);
	struct publication guards = {NULL, 0};
	struct lock_info *locks;
	char *oid, *again;
	struct project *p = shared(tmp, &oid);
	struct session *s = session_new(tmp, p, false);

	publication_guard(&guards, tmp, BRANCH_PROD, oid);
	/* Not worth a push. */
	ck_good(lock_take(s, "test", &guards, false));
	ck_assert_ptr_null(s->lock);
	ck_good(lock_take(s, "test", &guards, true));
	ck_assert_ptr_nonnull(s->lock);
	ck_assert_uint_eq(count(tmp, p, &locks), 1);
	ck_assert_str_eq(locks[0].branch, BRANCH_PROD);
	ck_assert_int_eq(locks[0].state, LOCK_HELD);
	again = mem_dup(tmp, locks[0].oid);
	/* It is kept by the next attempt. */
	ck_good(lock_take(s, "test", &guards, true));
	ck_assert_uint_eq(count(tmp, p, &locks), 1);
	ck_assert_str_eq(locks[0].oid, again);
	lock_release(s);
	ck_assert_ptr_null(s->lock);
	ck_assert_uint_eq(count(tmp, p, &locks), 0);
}
END_TEST

START_TEST(broken)
{
	SCOPE(tmp, NULL);
	struct publication guards = {NULL, 0};
	struct lock_info *locks, old;
	char *oid;
	struct project *p = shared(tmp, &oid);
	struct session *s = session_new(tmp, p, false), *other = session_new(tmp, p, false);
	bool lost;

	publication_guard(&guards, tmp, BRANCH_PROD, oid);
	ck_good(lock_take(s, "test", &guards, true));
	ck_good(lock_forget_lost(&lost, s, true));
	ck_assert(!lost);
	ck_assert_uint_eq(count(tmp, p, &locks), 1);
	old = locks[0];
	ck_good(lock_break(other, &old));
	ck_assert_uint_eq(count(tmp, p, &locks), 0);
	ck_good(lock_forget_lost(&lost, s, true));
	ck_assert(lost);
	ck_good(lock_take(other, "another", &guards, true));
	/* Another lock than the one that was looked at. */
	ck_error(lock_break(s, &old), ERROR_AGAIN);
	ck_assert_uint_eq(count(tmp, p, &locks), 1);
	lock_release(other);
}
END_TEST

START_TEST(dry_run)
{
	SCOPE(tmp, NULL);
	struct publication guards = {NULL, 0};
	struct lock_info *locks;
	char *oid;
	struct project *p = shared(tmp, &oid);
	struct session *s = session_new(tmp, p, true);

	publication_guard(&guards, tmp, BRANCH_PROD, oid);
	ck_good(lock_take(s, "test", &guards, true));
	ck_assert_ptr_null(s->lock);
	ck_assert_uint_eq(count(tmp, p, &locks), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("publish-lock");
	TCase *tc = tcase_create("lock");

	tcase_add_test(tc, life);
	tcase_add_test(tc, broken);
	tcase_add_test(tc, dry_run);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
