/* publish/session, publish/publish, publish/lock: the attempts of a command, without a remote. */
#include "publish/session.h"

#include "core/branch.h"
#include "publish/lock.h"
#include "publish/publish.h"
#include "sample.h"
#include "unit.h"

#define LOCK_REF "refs/hop/lock/" BRANCH_PROD

struct job {
	struct sample *sample;
	struct session *session;
	char *commit;   /* that branch "side" is to be at */
	int intrusions; /* attempts in which somebody else is faster */
	int attempts;
	bool lock;
};

static char *ref_of(void *ctx, struct project *p, const char *ref)
{
	char *oid;

	ck_good(repo_ref(&oid, ctx, p->repo, ref));
	return oid;
}

/* Moves the branch "side" to COMMIT, from where it is now. */
static struct error *attempt(void *arg)
{
	struct job *job = arg;
	struct session *s = job->session;
	SCOPE(tmp, s);
	struct publication guards = {NULL, 0}, pub = {NULL, 0};
	char *side = ref_of(tmp, s->project, "refs/heads/side");
	struct error *err = NULL;

	job->attempts++;
	ck_assert(!s->moved && !s->queued);
	publication_guard(&guards, tmp, BRANCH_PROD,
			  ref_of(tmp, s->project, "refs/heads/" BRANCH_PROD));
	if (job->lock)
		err = lock_take(s, "test", &guards, true);
	if (job->attempts <= job->intrusions)
		ck_good(git_run(NULL, tmp, job->sample->repo, "branch", "-q", "-f", "side",
				job->attempts % 2 ? "side~1" : "ho-prod", NULL));
	publication_add_branch(&pub, tmp, "side", side, job->commit);
	return err ? err : publish(s, &pub, NULL, "hop: test");
}

/* A project whose branch "side" has two commits. */
static struct job job_new(void *ctx, bool dry_run)
{
	struct job job = {.sample = sample_new(ctx)};

	sample_file(job.sample, "a", "1");
	job.commit = sample_commit(job.sample);
	sample_file(job.sample, "a", "2");
	sample_commit(job.sample);
	ck_good(git_run(NULL, ctx, job.sample->repo, "branch", "-q", "side", NULL));
	job.session = session_new(ctx, sample_open(ctx, job.sample), dry_run);
	return job;
}

START_TEST(retried)
{
	SCOPE(tmp, NULL);
	struct job job = job_new(tmp, false);

	job.commit = ref_of(tmp, job.session->project, "refs/heads/ho-prod");
	ck_good(git_run(NULL, tmp, job.sample->repo, "branch", "-q", "-f", "side", "side~1", NULL));
	job.intrusions = 0;
	ck_good(publish_retry(job.session, attempt, &job));
	ck_assert_int_eq(job.attempts, 1);
	ck_assert_str_eq(ref_of(tmp, job.session->project, "refs/heads/side"), job.commit);
	ck_assert(job.session->lost == 0);

	/* Somebody moves the branch between the reading and the publication, twice. */
	job = job_new(tmp, false);
	job.intrusions = 2;
	ck_good(publish_retry(job.session, attempt, &job));
	ck_assert_int_eq(job.attempts, 3);
	ck_assert_str_eq(ref_of(tmp, job.session->project, "refs/heads/side"), job.commit);
	ck_assert(job.session->lost > 0);
	ck_assert(!job.session->unsure);
}
END_TEST

START_TEST(dry_run)
{
	SCOPE(tmp, NULL);
	struct job job = job_new(tmp, true);
	struct project *p = job.session->project;
	char *before = ref_of(tmp, p, "refs/heads/side");

	job.lock = true;
	ck_good(publish_retry(job.session, attempt, &job));
	ck_assert_int_eq(job.attempts, 1);
	ck_assert_str_eq(ref_of(tmp, p, "refs/heads/side"), before);
	ck_assert_ptr_null(ref_of(tmp, p, LOCK_REF));
}
END_TEST

START_TEST(locked)
{
	SCOPE(tmp, NULL);
	struct job job = job_new(tmp, false);
	struct project *p = job.session->project;
	struct session *other = session_new(tmp, p, false);
	struct publication guards = {NULL, 0};
	char *prod = ref_of(tmp, p, "refs/heads/" BRANCH_PROD);

	publication_guard(&guards, tmp, BRANCH_PROD, prod);
	/* Without tests, and with nothing lost, it is not worth a push. */
	ck_good(lock_take(other, "test", &guards, false));
	ck_assert_ptr_null(ref_of(tmp, p, LOCK_REF));
	ck_good(lock_take(other, "test", &guards, true));
	ck_assert_ptr_nonnull(ref_of(tmp, p, LOCK_REF));
	/* Each session has its own: this one waits no second, and publishes nothing. */
	ck_good(git_run(NULL, tmp, job.sample->repo, "config", "hop.lockTimeout", "0", NULL));
	job.lock = true;
	ck_error(publish_retry(job.session, attempt, &job), ERROR_AGAIN);
	ck_assert_int_eq(job.attempts, 1);
	ck_assert(job.session->waited == false && job.session->lock == NULL);
	lock_release(other);
	ck_assert_ptr_null(ref_of(tmp, p, LOCK_REF));
	/* Then it takes it, and gives it back with what it publishes. */
	ck_good(publish_retry(job.session, attempt, &job));
	ck_assert_ptr_null(ref_of(tmp, p, LOCK_REF));
	ck_assert_ptr_null(job.session->lock);
	ck_assert_str_eq(ref_of(tmp, p, "refs/heads/side"), job.commit);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("publish-session");
	TCase *tc = tcase_create("session");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, retried);
	tcase_add_test(tc, dry_run);
	tcase_add_test(tc, locked);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
