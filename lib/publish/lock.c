/* Locks on branches: our own and those of others. */
#include "publish/lock.h"

#include <string.h>

#include "base/log.h"
#include "publish/lock_private.h"
#include "publish/lock_wait.h"
#include "publish/refs.h"

/* Seconds that a short command waits for a holder that has lost an attempt. */
#define LOCK_RESPECT 60

char *lock_ref(void *ctx, const char *branch_ref)
{
	return mem_printf(ctx, LOCK_PREFIX "%s", branch_ref + strlen("refs/heads/"));
}

struct error *lock_look(struct lock_info *info, bool *held, void *ctx, struct project *p,
			const char *ref)
{
	struct error *err;
	char *oid;

	*info = (struct lock_info){.oid = NULL};
	*held = false;
	err = repo_ref(&oid, ctx, p->repo, ref);
	if (err || !oid)
		return err;
	lock_info_read(info, ctx, p, ref, oid);
	*held = info->state == LOCK_HELD;
	return NULL;
}

struct error *lock_queued(struct session *s)
{
	s->moved = true;
	s->queued = true;
	return error_new(ERROR_AGAIN, "the branches have changed in the meantime");
}

/* Waits for one lock; *GONE: it was released, or another holder has it. */
static struct error *respect(bool *gone, struct session *s, const char *ref)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	struct lock_info info;
	struct error *err;
	bool held, over;

	*gone = false;
	err = lock_look(&info, &held, tmp, p, ref);
	if (err || !held || !info.record.lost)
		return err;
	err = lock_wait(&over, s, &info, LOCK_RESPECT);
	*gone = !err && !over;
	if (err && err->code == ERROR_AGAIN) {
		debug("not waiting any longer: %s", err->message);
		error_free(err);
		err = NULL;
	}
	return err;
}

struct error *lock_respect(struct session *s, const struct publication *pub)
{
	SCOPE(tmp, s);

	for (size_t i = 0; !s->lock && i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];
		struct error *err;
		bool gone;

		if (!c->old || publication_is_guard(c) || strncmp(c->ref, "refs/heads/", 11) != 0)
			continue;
		err = respect(&gone, s, lock_ref(tmp, c->ref));
		if (err || gone)
			return err ? err : lock_queued(s);
	}
	return NULL;
}

void lock_give_back(struct publication *pub, void *ctx, const struct session *s)
{
	for (char **ref = s->lock ? s->lock->refs : NULL; ref && *ref; ref++)
		publication_add(pub, ctx, *ref, s->lock->oid, NULL);
}

void lock_forget(struct session *s)
{
	talloc_free(s->lock);
	s->lock = NULL;
}

struct error *lock_forget_lost(bool *lost, struct session *s, bool ask)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	char **left;

	*lost = false;
	if (!s->lock)
		return NULL;
	left = mem_array(s->lock, char *, 1);
	for (char **ref = s->lock->refs; *ref; ref++) {
		struct error *err;
		char *now;

		err = ask ? refs_ask(&now, tmp, p, *ref) : repo_ref(&now, tmp, p->repo, *ref);
		if (err)
			return err;
		if (now && strcmp(now, s->lock->oid) == 0)
			mem_list_add(&left, s->lock, *ref);
		else
			*lost = true;
	}
	s->lock->refs = left;
	if (!*left)
		lock_forget(s);
	return NULL;
}

void lock_release(struct session *s)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	struct publication pub = {NULL, 0};
	bool was_unsure = s->unsure;
	struct error *err;
	int suspended;

	if (!s->lock)
		return;
	suspended = signals_suspend();
	lock_give_back(&pub, tmp, s);
	lock_forget(s);
	err = refs_move(s, &pub, "hop: unlock");
	if (!err)
		err = refs_mirror(p, &pub, "hop: unlock");
	if (err)
		debug("the lock was not released and remains until it expires: %s", err->message);
	error_free(err);
	s->unsure = was_unsure;
	signals_resume(suspended);
}

struct error *lock_break(struct session *s, const struct lock_info *info)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	struct publication pub = {NULL, 0};
	struct error *err;

	publication_add(&pub, tmp, info->ref, info->oid, NULL);
	err = refs_move(s, &pub, "hop: lock --break");
	if (err && s->moved)
		return error_hint(error_wrap(err, "the lock on '%s' has been replaced",
					     info->branch),
				  "git hop lock shows it");
	return err ? err : refs_mirror(p, &pub, "hop: lock --break");
}
