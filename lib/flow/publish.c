/* The one commit point of every command that changes what all share. */
#include "flow/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "flow/follow.h"

/* With twenty who merge at once the last one loses nineteen times. */
#define PUBLISH_TRIES 50

#define HOP_PREFIX "refs/hop/"

static bool is_hop(const char *ref)
{
	return strncmp(ref, HOP_PREFIX, strlen(HOP_PREFIX)) == 0;
}

static bool is_head(const char *ref)
{
	return strncmp(ref, "refs/heads/", 11) == 0;
}

static struct error *push(struct project *p, const struct publication *pub)
{
	SCOPE(tmp, p);
	struct git_ref_change *there = mem_array(tmp, struct git_ref_change, pub->count);

	for (size_t i = 0; i < pub->count; i++) {
		there[i] = pub->changes[i];
		if (is_hop(there[i].ref))
			there[i].ref = mem_printf(tmp, "%s/%s", p->namespace,
						  there[i].ref + strlen(HOP_PREFIX));
	}
#ifdef HOP_FAILPOINTS
	/* A commit point in two halves, to show that the crash tests see it (HOP_SPLIT_PUSH). */
	if (getenv("HOP_SPLIT_PUSH") && pub->count > 1) {
		struct error *err = git_push(&p->unsure, tmp, NULL, p->remote, there, 1);

		if (!err)
			err = fail_point("publish.split");
		return err ? err
			   : git_push(&p->unsure, tmp, NULL, p->remote, there + 1, pub->count - 1);
	}
#endif
	return git_push(&p->unsure, tmp, NULL, p->remote, there, pub->count);
}

/* What the remote has taken is known here: tracking refs, tags, refs/hop, whatever they were. */
static struct error *mirror(struct project *p, const struct publication *pub, const char *reason)
{
	SCOPE(tmp, p);
	struct git_ref_change *here = mem_array(tmp, struct git_ref_change, pub->count);
	struct error *err;
	size_t used = 0;

	for (size_t i = 0; i < pub->count; i++) {
		struct git_ref_change *c = &here[used];
		char *now;

		*c = pub->changes[i];
		if (is_head(c->ref))
			c->ref = project_ref(tmp, p, c->ref + strlen("refs/heads/"));
		err = repo_ref(&now, tmp, p->repo, c->ref);
		if (err)
			return err;
		c->old = now;
		if (now && c->new ? strcmp(now, c->new) != 0 : now != c->new)
			used++;
	}
	return git_update_refs(tmp, NULL, here, used, reason);
}

/*
 * A ref that is to be made but is there already will not go away by trying again: somebody made it
 * with git.
 */
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
					  "there is a '%s' already that git hop did not "
					  "make",
					  c->ref),
				"that name is needed: rename or delete it, here and at the "
				"remote");
	}
	return NULL;
}

/* Tags are not fetched: of one that was in the way, the next attempt should know. */
static void learn_tags(struct project *p, const struct publication *pub)
{
	SCOPE(tmp, p);

	for (size_t i = 0; i < pub->count; i++) {
		const char *ref = pub->changes[i].ref;

		if (strncmp(ref, "refs/tags/", 10) == 0 && !pub->changes[i].old)
			error_free(git_run(NULL, tmp, NULL, "fetch", "--quiet", "--no-tags",
					   p->remote, mem_printf(tmp, "%s:%s", ref, ref), NULL));
	}
}

static struct error *commit_point(struct project *p, const struct publication *pub,
				  const char *reason)
{
	struct error *err;

	err = fail_point("publish.before");
	if (err)
		return err;
	if (p->remote)
		err = push(p, pub);
	else
		err = git_update_refs(p, NULL, pub->changes, pub->count, reason);
	p->moved = err && err->code == ERROR_AGAIN;
	if (p->moved && p->remote)
		learn_tags(p, pub);
	return err;
}

/* As git push --dry-run says it: what happens to each ref. */
static void print_plan(const struct publication *pub)
{
	for (size_t i = 0; i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];

		if (publication_is_guard(c))
			continue;
		if (!c->old)
			printf("would create %s\n", c->ref);
		else if (!c->new)
			printf("would delete %s\n", c->ref);
		else
			printf("would move   %s\n", c->ref);
	}
	fflush(stdout);
}

/* It has happened: from here on nothing is a failure, but what lags here is said. */
static void bring_up(struct project *p, const struct publication *pub, const char *reason,
		     struct follow *follow, const char *stand)
{
	struct error *err = fail_point("publish.after");

	if (!err && p->remote)
		err = mirror(p, pub, reason);
	if (!err)
		err = fail_point("publish.mirrored");
	if (!err)
		err = follow_finish(follow, stand);
	if (!err)
		return;
	warn("done, but this clone lags behind: %s", err->message);
	hint("the next git hop command brings it up");
	error_free(err);
}

struct error *publish(struct project *p, const struct publication *pub, const char *stand,
		      const char *reason)
{
	SCOPE(tmp, p);
	struct follow *follow = NULL;
	struct error *err;
	int suspended;

	if (p->dry_run) {
		print_plan(pub);
		return NULL;
	}
	err = refuse_occupied(p, pub);
	if (!err)
		err = follow_prepare(&follow, tmp, p, pub);
	if (!err)
		err = signals_check();
	if (!err)
		err = commit_point(p, pub, reason);
	else if (!follow)
		return err;
	/* A signal that came meanwhile does not stop what has to follow. */
	suspended = signals_suspend();
	if (!err)
		bring_up(p, pub, reason, follow, stand);
	else
		error_free(follow_undo(follow));
	signals_resume(suspended);
	return err;
}

struct error *publish_retry(struct project *p, struct error *(*attempt)(void *arg), void *arg)
{
	struct error *err;

	for (int try = 1;; try++) {
		p->moved = false;
		err = project_fetch(p);
		if (!err)
			err = follow_branches(p);
		if (!err)
			err = fail_point("publish.fetched");
		if (!err)
			err = attempt(arg);
		if (!err || !p->moved || err->code != ERROR_AGAIN)
			return err;
		if (try == PUBLISH_TRIES)
			return error_hint(err,
					  "tried %d times, others were faster each time; "
					  "nothing was changed, try again",
					  try);
		error_free(err);
		debug("others were faster: once more, on what they made");
		usleep((useconds_t)(random() % 20000 * (try < 10 ? try : 10)));
	}
}
