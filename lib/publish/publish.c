/* The one commit point of every command that changes shared refs. */
#include "publish/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/out.h"
#include "publish/checkout.h"
#include "publish/lock.h"
#include "publish/refs.h"
#include "project/keep.h"
#include "project/remote.h"

/* With twenty merges at once the last one loses nineteen times. */
#define PUBLISH_TRIES 50
/* Attempts that lose objects to git gc. */
#define GC_TRIES 10
/* Seconds. */
#define WORTH_A_WORD 1

static bool is_head(const char *ref)
{
	return strncmp(ref, "refs/heads/", 11) == 0;
}

/* Retrying does not help if a ref to be created exists already: it was made with git. */
static struct error *refuse_occupied(struct project *p, const struct publication *pub)
{
	SCOPE(tmp, p);

	for (size_t i = 0; i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];
		struct error *err;
		char *oid;

		if (c->old)
			continue;
		if (is_head(c->ref))
			err = project_tip(&oid, tmp, p, c->ref + strlen("refs/heads/"));
		else
			err = repo_ref(&oid, tmp, p->repo, c->ref);
		if (err)
			return err;
		if (oid)
			return error_hint(
				error_new(ERROR_NO,
					  "'%s' already exists, and was not created by git hop",
					  c->ref),
				"git hop needs that name: rename or delete it, locally and at "
				"the remote");
	}
	return NULL;
}

/* Locks are released together with what they were taken for. */
static struct publication with_locks(void *ctx, const struct publication *pub,
				     const struct session *s)
{
	struct publication all = {NULL, 0};

	publication_add_all(&all, ctx, pub);
	lock_give_back(&all, ctx, s);
	return all;
}

/* ALL is PUB with the locks. PUB may still succeed if a lock was taken over meanwhile. */
static struct error *commit_point(struct session *s, void *ctx, struct publication *all,
				  const struct publication *pub, const char *reason)
{
	struct error *err, *looked;
	bool lost;

	err = fail_point("publish.before");
	if (!err)
		err = keep_check(s->project, pub->changes, pub->count);
	if (!err)
		err = refs_move(s, all, reason);
	if (!err || !s->moved || all->count == pub->count)
		return err;
	looked = lock_forget_lost(&lost, s, true);
	if (looked || !lost) {
		error_free(looked);
		s->moved = true;
		return err;
	}
	error_free(err);
	*all = with_locks(ctx, pub, s);
	return refs_move(s, all, reason);
}

/* Prints what would happen to each ref, like git push --dry-run. */
static void print_plan(const struct publication *pub)
{
	for (size_t i = 0; i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];

		if (publication_is_guard(c))
			continue;
		if (!c->old)
			out_print("would create %s\n", c->ref);
		else if (!c->new)
			out_print("would delete %s\n", c->ref);
		else
			out_print("would move   %s\n", c->ref);
	}
	fflush(stdout);
}

/* After publishing, nothing can fail: what goes wrong is a warning that this clone is behind. */
static void bring_up(struct project *p, const struct publication *pub, const char *reason,
		     struct checkout *checkout, const char *stand)
{
	struct error *err = fail_point("publish.after");

	if (!err)
		err = refs_mirror(p, pub, reason);
	if (!err)
		err = fail_point("publish.mirrored");
	if (!err)
		err = checkout_finish(checkout, stand);
	if (!err)
		return;
	warn("done, but this clone is not up to date: %s", err->message);
	hint("the next git hop command brings it up to date");
	error_free(err);
}

struct error *publish(struct session *s, const struct publication *pub, const char *stand,
		      const char *reason)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	struct checkout *checkout = NULL;
	struct publication all;
	struct error *err;
	int suspended;

	if (s->dry_run) {
		print_plan(pub);
		return NULL;
	}
	err = lock_respect(s, pub);
	if (err)
		return err;
	all = with_locks(tmp, pub, s);
	err = refuse_occupied(p, pub);
	if (!err)
		err = checkout_prepare(&checkout, tmp, p, pub);
	if (!err)
		err = signals_check();
	if (!err)
		err = commit_point(s, tmp, &all, pub, reason);
	else if (!checkout)
		return err;
	/* A signal that arrived in the meantime must not prevent what follows. */
	suspended = signals_suspend();
	if (!err)
		lock_forget(s);
	if (!err)
		bring_up(p, &all, reason, checkout, stand);
	else
		error_free(checkout_undo(checkout));
	signals_resume(suspended);
	return err;
}

/* Commands that lost at the same time must not retry at the same time. */
static void spread(int lost)
{
	usleep((useconds_t)(random() % 20000 * (lost < 1 ? 1 : lost < 10 ? lost : 10)));
}

/* Explains to the user why tests that passed are run again. */
static void say_again(double lost)
{
	const char *text = "the branch has changed; starting over on its new tip";

	if (lost >= WORTH_A_WORD)
		note("%s", text);
	else
		debug("%s", text);
}

/* Did git gc remove objects of the attempt? Then nothing has changed, and it starts over. */
static bool lost_objects(struct session *s, const struct error *err, int *times)
{
	struct error *unread;

	if (!err || !keep_was_lost(err) || (*times)++ == GC_TRIES)
		return false;
	/* Refs to what is gone would be in the way of git; libgit2 trusts packs that are gone. */
	keep_end(s->project);
	unread = repo_read_again(s->project->repo);
	if (unread) {
		error_free(unread);
		return false;
	}
	note("objects have disappeared, as git gc --prune=now removes them; starting over");
	debug("%s", err->message);
	return true;
}

/* Runs ATTEMPT until it does not fail because a branch moved or objects were removed. */
static struct error *retry(struct session *s, struct error *(*attempt)(void *arg), void *arg)
{
	struct project *p = s->project;
	struct error *err;
	int lost = 0, gone = 0;

	for (;; spread(lost)) {
		double begin = log_clock(), vain;

		s->moved = false;
		s->queued = false;
		err = signals_check();
		if (!err)
			err = project_fetch(p);
		if (!err)
			err = checkout_branches(p);
		if (!err)
			err = fail_point("publish.fetched");
		if (!err)
			err = attempt(arg);
		if (lost_objects(s, err, &gone)) {
			error_free(err);
			continue;
		}
		if (!err || !s->moved || err->code != ERROR_AGAIN)
			return err;
		/* Waiting in the queue does not count as a lost attempt. */
		vain = s->queued ? 0 : log_clock() - begin;
		s->lost += vain;
		lost += !s->queued;
		if (lost == PUBLISH_TRIES)
			return error_hint(
				err,
				"tried %d times, and the branch changed each time; nothing was "
				"changed, try again",
				lost);
		error_free(err);
		say_again(vain);
	}
}

struct error *publish_retry(struct session *s, struct error *(*attempt)(void *arg), void *arg)
{
	struct error *err = retry(s, attempt, arg);

	lock_release(s);
	keep_end(s->project);
	return err;
}
