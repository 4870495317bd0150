/* Locks on branches, at the remote. */
#include "flow/lock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "base/here.h"
#include "base/log.h"
#include "flow/share.h"

#define LOCK_PREFIX "refs/hop/lock/"
/* Seconds that a lock is good for, and that one waits for it: hop.lockTimeout. */
#define LOCK_TIMEOUT 600
/* Seconds that an attempt without a lock may cost in vain before the next one takes it. */
#define LOCK_WORTH 2

struct lock {
	char **refs;
	char *oid;
};

static char *lock_ref(void *ctx, const char *branch_ref)
{
	return mem_printf(ctx, LOCK_PREFIX "%s", branch_ref + strlen("refs/heads/"));
}

static enum lock_state state_of(const struct ticket *t)
{
	SCOPE(tmp, NULL);
	char *machine = here_machine(tmp);

	if (machine && t->machine && t->process && strcmp(machine, t->machine) == 0 &&
	    !here_runs(t->process))
		return LOCK_DEAD;
	return time(NULL) > t->until ? LOCK_PAST : LOCK_HELD;
}

/* What a lock says; any object may be there. */
static void read_info(struct lock_info *out, void *ctx, struct project *p, const char *ref,
		      const char *oid)
{
	struct repo_commit_info commit;
	struct error *err;

	*out = (struct lock_info){.ref = mem_dup(ctx, ref), .oid = mem_dup(ctx, oid)};
	out->branch = out->ref + strlen(LOCK_PREFIX);
	err = repo_commit_info(&commit, ctx, p->repo, oid);
	if (!err) {
		out->holder = ticket_plain(ctx, commit.author);
		out->ticket = ticket_parse(ctx, commit.message);
	}
	error_free(err);
	out->state = state_of(&out->ticket);
}

struct error *lock_list(struct lock_info **out, size_t *count, void *ctx, struct project *p)
{
	struct lock_info *list;
	struct repo_ref *refs;
	struct error *err;

	err = repo_refs(&refs, count, ctx, p->repo, LOCK_PREFIX);
	if (err)
		return err;
	list = mem_array(ctx, struct lock_info, *count + 1);
	for (size_t i = 0; i < *count; i++)
		read_info(&list[i], ctx, p, refs[i].name, refs[i].oid);
	*out = list;
	return NULL;
}

char *lock_words(void *ctx, const struct lock_info *info)
{
	const struct ticket *t = &info->ticket;
	char *text = mem_printf(ctx, "%s: %s", info->holder ? info->holder : "somebody",
				t->command ? t->command : "some command");

	mem_append(&text, ctx, ", since %s", t->since ? ticket_time(ctx, t->since) : "some time");
	if (t->process)
		mem_append(&text, ctx, ", process %d", atoi(t->process));
	if (t->host)
		mem_append(&text, ctx, " on %s", t->host);
	if (t->clone)
		mem_append(&text, ctx, ", in %s", t->clone);
	return text;
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
		if (state_of(t) != LOCK_HELD ||
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
		read_info(&info, ctx, p, ref, now);
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
	p->lock->refs = mem_array(p->lock, char *, 1);
	for (size_t i = 0; i < pub->count; i++) {
		if (!publication_is_guard(&pub->changes[i]))
			mem_list_add(&p->lock->refs, p->lock, pub->changes[i].ref);
	}
}

struct error *lock_take(struct project *p, const char *command, const struct publication *guards,
			bool tests)
{
	SCOPE(tmp, p);
	struct publication pub = {NULL, 0};
	struct error *err, *behind;
	int timeout;
	char *oid;

	if (p->lock || p->dry_run || (!tests && p->lost < LOCK_WORTH))
		return NULL;
	err = repo_config_number(&timeout, p->repo, "hop.lockTimeout", LOCK_TIMEOUT);
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
