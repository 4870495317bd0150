/* Taking the locks on branches. */
#include "publish/lock.h"

#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "base/machine.h"
#include "core/branch.h"
#include "project/keep.h"
#include "publish/lock_private.h"
#include "publish/lock_wait.h"
#include "publish/refs.h"

/* hop.lockTimeout: seconds until a lock expires, and for which a command waits for one. */
#define LOCK_TIMEOUT 600
/* Seconds of lost attempts without a lock after which the next attempt takes it. */
#define LOCK_WORTH 2

static bool holds(const struct session *s, const char *ref)
{
	for (char **own = s->lock ? s->lock->refs : NULL; own && *own; own++) {
		if (strcmp(*own, ref) == 0)
			return true;
	}
	return false;
}

static bool holds_all(struct session *s, const struct publication *guards)
{
	SCOPE(tmp, s);

	for (size_t i = 0; i < guards->count; i++) {
		if (!holds(s, lock_ref(tmp, guards->changes[i].ref)))
			return false;
	}
	return true;
}

static struct error *make_object(char **oid, void *ctx, struct session *s, const char *command,
				 int timeout)
{
	struct project *p = s->project;
	SCOPE(tmp, ctx);
	long long now = time(NULL);
	struct lock_record record = {
		.command = mem_printf(tmp, "git hop %s", command),
		.host = machine_host(tmp),
		.clone = p->root ? p->root : p->common,
		.process = machine_process(tmp),
		.machine = machine_id(tmp),
		.lost = s->lost > 0 ? mem_printf(tmp, "%.1f s", s->lost) : NULL,
		.since = now,
		.until = now + (timeout > 0 ? timeout : LOCK_TIMEOUT),
	};
	struct error *err;
	char *tree;

	err = repo_edit_tree(&tree, tmp, p->repo, "", NULL, 0);
	if (!err)
		err = git_run(oid, ctx, p->repo, "commit-tree", "-m",
			      lock_record_print(tmp, &record, "Lock"), tree, NULL);
	return err ? err : keep_object(p, *oid);
}

/* Locks that are taken together, provided that the branches are where GUARDS says. */
struct taking {
	struct session *session;
	const struct publication *guards;
	int timeout;
	char *oid;              /* the object that says who holds them */
	struct publication pub; /* those that are held and those that are claimed */
	bool claimed;
};

static void begin(struct taking *t)
{
	const struct lock *lock = t->session->lock;

	t->pub = (struct publication){NULL, 0};
	t->claimed = false;
	for (char **ref = lock ? lock->refs : NULL; ref && *ref; ref++)
		publication_add(&t->pub, t, *ref, lock->oid, t->oid);
}

static void keep(struct taking *t)
{
	struct session *s = t->session;

	lock_forget(s);
	s->lock = mem_new(s, struct lock);
	s->lock->oid = mem_dup(s->lock, t->oid);
	s->lock->lost = s->lost > 0;
	s->lock->refs = mem_array(s->lock, char *, 1);
	for (size_t i = 0; i < t->pub.count; i++) {
		const char *ref = t->pub.changes[i].ref;

		if (strncmp(ref, LOCK_PREFIX, strlen(LOCK_PREFIX)) == 0)
			mem_list_add(&s->lock->refs, s->lock, ref);
	}
}

/* All or none. */
static struct error *take(struct taking *t)
{
	struct session *s = t->session;
	struct error *err, *behind;

	err = refs_move(s, &t->pub, "hop: lock");
	/* If the push was cut off the lock may exist: then it is released. */
	if (!err || s->unsure)
		keep(t);
	s->queued = err && s->moved;
	s->crowded = s->queued;
	if (err)
		return err;
	behind = refs_mirror(s->project, &t->pub, "hop: lock");
	error_free(behind);
	return fail_point("lock.taken");
}

/*
 * A promotion to production needs every branch, and would never find them all free: while it holds
 * the first, no other command takes a lock.
 */
static struct error *let_promotion_through(struct taking *t)
{
	struct session *s = t->session;
	struct lock_info info;
	bool held, over = true;
	struct error *err;

	for (size_t i = 0; i < t->guards->count; i++) {
		if (strcmp(t->guards->changes[i].ref, "refs/heads/" BRANCH_PROD) == 0)
			return NULL;
	}
	err = lock_look(&info, &held, t, s->project, LOCK_PREFIX BRANCH_PROD);
	if (!err && held)
		err = lock_wait(&over, s, &info, t->timeout);
	return err || over ? err : lock_queued(s);
}

/*
 * Takes the locks before the first one that is held by another command, then waits for it. There is
 * no deadlock: a command that wants several locks takes that of production first.
 */
static struct error *claim(struct taking *t, const char *ref)
{
	struct session *s = t->session;
	bool held, over = true;
	struct lock_info info;
	struct error *err;

	err = lock_look(&info, &held, t, s->project, ref);
	if (!err && held && t->claimed) {
		err = take(t);
		if (!err)
			begin(t);
	}
	if (!err && held)
		err = lock_wait(&over, s, &info, t->timeout);
	if (err || !over)
		return err ? err : lock_queued(s);
	publication_add(&t->pub, t, ref, info.oid, t->oid);
	t->claimed = true;
	return NULL;
}

/*
 * One push takes the locks and checks the branches. Under contention it is refused again and again:
 * then take the locks first, and look at the branches afterwards.
 */
static struct error *take_all(struct taking *t)
{
	struct session *s = t->session;
	bool looked = !s->crowded;
	struct error *err = NULL;

	begin(t);
	for (size_t i = 0; !err && i < t->guards->count; i++) {
		char *ref = lock_ref(t, t->guards->changes[i].ref);

		if (!holds(s, ref))
			err = claim(t, ref);
	}
	if (looked && t->claimed)
		publication_add_all(&t->pub, t, t->guards);
	if (!err)
		err = fail_point("lock.before");
	if (!err)
		err = take(t);
	return err || looked || !t->claimed ? err : lock_queued(s);
}

/* Not worth a push: no tests and nothing lost yet; or all are held and up to date. */
static bool is_needless(struct session *s, const struct publication *guards, bool tests)
{
	if (s->dry_run)
		return true;
	if (!s->lock)
		return !tests && s->lost < LOCK_WORTH;
	return holds_all(s, guards) && (s->lost == 0 || s->lock->lost);
}

struct error *lock_take(struct session *s, const char *command, const struct publication *guards,
			bool tests)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	struct taking *t = mem_new(tmp, struct taking);
	struct error *err;
	bool lost;

	err = lock_forget_lost(&lost, s, false);
	t->session = s;
	t->guards = guards;
	if (err || is_needless(s, guards, tests))
		return err;
	err = repo_config_number(&t->timeout, p->repo, "hop.lockTimeout", LOCK_TIMEOUT);
	if (!err && !s->lock)
		err = let_promotion_through(t);
	if (!err)
		err = make_object(&t->oid, t, s, command, t->timeout);
	return err ? err : take_all(t);
}
