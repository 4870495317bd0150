/* Locks on branches, at the remote. */
#include "flow/lock.h"

#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "base/here.h"
#include "base/log.h"
#include "flow/share.h"

/* Seconds that a lock is good for, and that one waits for it: hop.lockTimeout. */
#define LOCK_TIMEOUT 600
/* Seconds that an attempt without a lock may cost in vain before the next one takes it. */
#define LOCK_WORTH 2
/* Seconds that a short command waits for one who lost an attempt. */
#define LOCK_RESPECT 60

struct lock {
	char **refs;
	char *oid;
	bool lost; /* it says that an attempt was lost */
};

static char *lock_ref(void *ctx, const char *branch_ref)
{
	return mem_printf(ctx, LOCK_PREFIX "%s", branch_ref + strlen("refs/heads/"));
}

static struct error *make_object(char **oid, void *ctx, struct project *p, const char *command,
				 int timeout)
{
	SCOPE(tmp, ctx);
	long long now = time(NULL);
	struct ticket ticket = {
		.command = mem_printf(tmp, "git hop %s", command),
		.host = here_host(tmp),
		.clone = p->root ? p->root : p->common,
		.process = here_process(tmp),
		.machine = here_machine(tmp),
		.lost = p->lost > 0 ? mem_printf(tmp, "%.1f s", p->lost) : NULL,
		.since = now,
		.until = now + (timeout > 0 ? timeout : LOCK_TIMEOUT),
	};
	struct error *err;
	char *tree;

	err = repo_edit_tree(&tree, tmp, p->repo, "", NULL, 0);
	if (!err)
		err = git_run(oid, ctx, NULL, "commit-tree", "-m",
			      ticket_print(tmp, &ticket, "Lock"), tree, NULL);
	return err;
}

static struct error *held(const struct lock_info *info, int timeout)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = error_new(ERROR_AGAIN, "'%s' is locked", info->branch);
	err = error_hint(err, "held by %s", lock_words(tmp, info));
	err = error_add_hint(err, "waited %d s; git config hop.lockTimeout SECONDS sets how long",
			     timeout);
	return error_add_hint(err, "if nobody is at work there: git hop lock --break %s",
			      info->branch);
}

static struct error *ask(char **oid, void *ctx, struct project *p, const char *ref)
{
	if (!p->remote)
		return repo_ref(oid, ctx, p->repo, ref);
	return git_remote_ref(oid, ctx, NULL, p->remote, share_name(ctx, p, ref));
}

static void pause_a_while(double waited)
{
	double most = waited / 4;
	double seconds = (most < 0.1 ? 0.1
			  : most > 5 ? 5
				     : most) *
			 (double)(500 + random() % 500) / 1000;
	struct timespec pause = {(time_t)seconds,
				 (long)((seconds - (double)(time_t)seconds) * 1e9)};

	nanosleep(&pause, NULL);
}

/*
 * Until it is gone or another one's (*MINE is false), or may be taken over. Clocks differ: one that
 * was watched for as long as it is good for is past its time, whatever the time is here.
 */
static struct error *wait_for(bool *mine, struct project *p, const struct lock_info *info,
			      int timeout)
{
	SCOPE(tmp, p);
	const struct ticket *t = &info->ticket;
	double begin = log_clock(), waited = 0;
	struct error *err = NULL;
	char *now;

	*mine = false;
	for (;; waited = log_clock() - begin) {
		if (lock_state_of(t) != LOCK_HELD ||
		    (waited > 0 && waited >= (double)(t->until - t->since))) {
			*mine = true;
			break;
		}
		if (waited >= timeout) {
			err = held(info, timeout);
			break;
		}
		if (p->waits++ == 0) {
			note("waiting up to %d s for the lock on '%s'", timeout, info->branch);
			note("held by %s", lock_words(tmp, info));
		}
		progress("waiting for the lock on '%s', held by %s", info->branch,
			 info->holder ? info->holder : "somebody");
		pause_a_while(waited);
		err = signals_check();
		if (!err)
			err = ask(&now, tmp, p, info->ref);
		if (err || !now || strcmp(now, info->oid) != 0)
			break;
	}
	progress("%s", "");
	return err;
}

static struct error *moved(struct project *p)
{
	p->moved = true;
	return error_new(ERROR_AGAIN, "others moved the branches meanwhile");
}

/* A change that makes the lock of BRANCH_REF ours, once nobody else has it. */
static struct error *claim(struct publication *pub, void *ctx, struct project *p,
			   const char *branch_ref, const char *oid, int timeout)
{
	char *ref = lock_ref(ctx, branch_ref);
	struct lock_info info;
	struct error *err;
	char *now;
	bool mine;

	err = repo_ref(&now, ctx, p->repo, ref);
	if (err)
		return err;
	if (now) {
		lock_info_read(&info, ctx, p, ref, now);
		err = wait_for(&mine, p, &info, timeout);
		if (err)
			return err;
		if (!mine)
			return moved(p);
		debug("taking over the lock on '%s', held by %s", info.branch,
		      lock_words(ctx, &info));
	}
	publication_add(pub, ctx, ref, now, oid);
	return NULL;
}

static void keep(struct project *p, const struct publication *pub, const char *oid)
{
	p->lock = mem_new(p, struct lock);
	p->lock->oid = mem_dup(p->lock, oid);
	p->lock->lost = p->lost > 0;
	p->lock->refs = mem_array(p->lock, char *, 1);
	for (size_t i = 0; i < pub->count; i++) {
		if (!publication_is_guard(&pub->changes[i]))
			mem_list_add(&p->lock->refs, p->lock, pub->changes[i].ref);
	}
}

/* The next short command is to wait: the locks say now that an attempt was lost. */
static struct error *renew(struct project *p, const char *command, int timeout)
{
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct error *err;
	char *oid;

	p->lock->lost = true;
	err = make_object(&oid, tmp, p, command, timeout);
	for (char **ref = p->lock->refs; !err && *ref; ref++)
		publication_add(&pub, tmp, *ref, p->lock->oid, oid);
	if (!err)
		err = share_refs(p, &pub, "hop: lock");
	if (err && p->moved)
		lock_forget(p);
	if (err)
		return err;
	p->lock->oid = mem_dup(p->lock, oid);
	return share_mirror(p, &pub, "hop: lock");
}

struct error *lock_take(struct project *p, const char *command, const struct publication *guards,
			bool tests)
{
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct error *err, *behind;
	int timeout;
	char *oid;

	if (p->lock ? p->lost == 0 || p->lock->lost
		    : p->dry_run || (!tests && p->lost < LOCK_WORTH))
		return NULL;
	err = repo_config_number(&timeout, p->repo, "hop.lockTimeout", LOCK_TIMEOUT);
	if (!err && p->lock)
		return renew(p, command, timeout);
	if (!err)
		err = make_object(&oid, tmp, p, command, timeout);
	for (size_t i = 0; !err && i < guards->count; i++)
		err = claim(&pub, tmp, p, guards->changes[i].ref, oid, timeout);
	for (size_t i = 0; !err && i < guards->count; i++)
		publication_add(&pub, tmp, guards->changes[i].ref, guards->changes[i].old,
				guards->changes[i].new);
	if (!err)
		err = fail_point("lock.before");
	if (err)
		return err;
	err = share_refs(p, &pub, "hop: lock");
	/* Cut off, it may be there: then it is given back. */
	if (!err || p->unsure)
		keep(p, &pub, oid);
	if (err)
		return err;
	behind = share_mirror(p, &pub, "hop: lock");
	error_free(behind);
	return fail_point("lock.taken");
}

/* Waits for one lock; *GONE: it is another one's by now, or nobody's. */
static struct error *respect(bool *gone, struct project *p, const char *ref)
{
	SCOPE(tmp, p);
	struct lock_info info;
	struct error *err;
	char *oid;
	bool over;

	*gone = false;
	err = repo_ref(&oid, tmp, p->repo, ref);
	if (err || !oid)
		return err;
	lock_info_read(&info, tmp, p, ref, oid);
	if (!info.ticket.lost || info.state != LOCK_HELD)
		return NULL;
	err = wait_for(&over, p, &info, LOCK_RESPECT);
	*gone = !err && !over;
	if (err && err->code == ERROR_AGAIN) {
		debug("not waiting any longer: %s", err->message);
		error_free(err);
		err = NULL;
	}
	return err;
}

struct error *lock_respect(struct project *p, const struct publication *pub)
{
	SCOPE(tmp, p);

	for (size_t i = 0; !p->lock && i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];
		struct error *err;
		bool gone;

		if (!c->old || publication_is_guard(c) || strncmp(c->ref, "refs/heads/", 11) != 0)
			continue;
		err = respect(&gone, p, lock_ref(tmp, c->ref));
		if (err || gone)
			return err ? err : moved(p);
	}
	return NULL;
}

void lock_give_back(struct publication *pub, void *ctx, const struct project *p)
{
	for (char **ref = p->lock ? p->lock->refs : NULL; ref && *ref; ref++)
		publication_add(pub, ctx, *ref, p->lock->oid, NULL);
}

void lock_forget(struct project *p)
{
	talloc_free(p->lock);
	p->lock = NULL;
}

struct error *lock_lost(bool *lost, struct project *p)
{
	SCOPE(tmp, p);
	struct error *err = NULL;

	*lost = false;
	for (char **ref = p->lock->refs; !err && *ref && !*lost; ref++) {
		char *now;

		err = ask(&now, tmp, p, *ref);
		*lost = !err && (!now || strcmp(now, p->lock->oid) != 0);
	}
	if (*lost)
		lock_forget(p);
	return err;
}

void lock_release(struct project *p)
{
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	bool was_unsure = p->unsure;
	struct error *err;
	int suspended;

	if (!p->lock)
		return;
	suspended = signals_suspend();
	lock_give_back(&pub, tmp, p);
	lock_forget(p);
	err = share_refs(p, &pub, "hop: unlock");
	if (!err)
		err = share_mirror(p, &pub, "hop: unlock");
	if (err)
		debug("the lock is left to its time: %s", err->message);
	error_free(err);
	p->unsure = was_unsure;
	signals_resume(suspended);
}

struct error *lock_break(struct project *p, const struct lock_info *info)
{
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct error *err;

	publication_add(&pub, tmp, info->ref, info->oid, NULL);
	err = share_refs(p, &pub, "hop: lock --break");
	if (err && p->moved)
		return error_hint(error_wrap(err, "the lock on '%s' is another one by now",
					     info->branch),
				  "git hop lock shows it");
	return err ? err : share_mirror(p, &pub, "hop: lock --break");
}
