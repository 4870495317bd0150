/* The git program: commands that contact a remote. */
#include "port/git.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/proc.h"
#include "port/git_private.h"

static struct error *run(struct proc *proc, void *ctx, const struct repo *repo, char *const *argv)
{
	git_proc(proc, ctx, repo, argv);
	return proc_run(ctx, proc);
}

struct error *git_clone(void *ctx, const char *url, const char *dir, int live, bool checkout)
{
	SCOPE(tmp, ctx);
	char **argv = proc_argv(tmp, "git", "clone", "--quiet", "--origin", "origin", NULL);
	struct error *err;
	struct proc proc;

	if (!checkout)
		mem_list_add(&argv, tmp, "--no-checkout");
	mem_list_add(&argv, tmp, "--");
	mem_list_add(&argv, tmp, url);
	mem_list_add(&argv, tmp, dir);
	git_proc(&proc, tmp, NULL, argv);
	proc.live[0] = live;
	err = proc_run(tmp, &proc);
	if (err || proc.status == 0)
		return err;
	err = error_new(ERROR_FAIL, "git clone failed");
	return *proc.errors ? error_detail(err, "%s", proc_tail(proc.errors, 12)) : err;
}

static bool has_any(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (strstr(text, *words))
			return true;
	}
	return false;
}

struct error *git_fetch(void *ctx, const struct repo *repo, const char *remote,
			const char *namespace)
{
	/* A worktree that git is adding has no commit yet. */
	static const char *const busy[] = {"cannot lock ref", "File exists",
					   "bad object worktrees/", NULL};
	SCOPE(tmp, ctx);
	char **argv = proc_argv(tmp, "git", "fetch", "--quiet", "--prune", "--no-write-fetch-head",
				"--no-auto-maintenance", "--no-recurse-submodules", "--", remote,
				mem_printf(tmp, "+refs/heads/ho-*:refs/remotes/%s/ho-*", remote),
				mem_printf(tmp, "+%s/*:refs/hop/*", namespace), NULL);
	struct proc proc;
	struct error *err;

	for (int try = 1;; try++) {
		bool locked;

		err = run(&proc, tmp, repo, argv);
		if (err)
			return err;
		if (proc.status == 0)
			return NULL;
		locked = git_is_locked(proc.errors);
		if (!(locked || has_any(proc.errors, busy)) || !git_wait_for_lock(try)) {
			if (locked)
				return git_locked_error(proc.errors, "fetch from", remote);
			break;
		}
	}
	err = error_new(ERROR_FAIL, "cannot fetch from '%s'", remote);
	err = error_detail(err, "%s", proc_tail(proc.errors, 12));
	return error_hint(err, "nothing was changed; git fetch %s shows what is wrong", remote);
}

/* What the refs at the remote say about a push whose answer was lost. */
enum outcome { OUTCOME_OLD, OUTCOME_NEW, OUTCOME_UNKNOWN };

static bool shows(void *ctx, const char *listing, const char *ref, const char *oid)
{
	const char *line = strstr(listing, mem_printf(ctx, "\t%s\n", ref));

	if (!oid || !line)
		return !oid && !line;
	return line - listing >= 40 && strncmp(line - 40, oid, 40) == 0;
}

static enum outcome look(void *ctx, const struct repo *repo, const char *remote,
			 const struct git_ref_change *changes, size_t count)
{
	char **argv = proc_argv(ctx, "git", "ls-remote", "--", remote, NULL);
	int suspended = signals_suspend();
	bool old = true, new = true;
	struct proc proc;
	struct error *err;

	for (size_t i = 0; i < count; i++)
		mem_list_add(&argv, ctx, changes[i].ref);
	err = run(&proc, ctx, repo, argv);
	signals_resume(suspended);
	if (err || proc.status != 0) {
		error_free(err);
		return OUTCOME_UNKNOWN;
	}
	for (size_t i = 0; i < count; i++) {
		old = old && shows(ctx, proc.output, changes[i].ref, changes[i].old);
		new = new &&shows(ctx, proc.output, changes[i].ref, changes[i].new);
	}
	return new ? OUTCOME_NEW : old ? OUTCOME_OLD : OUTCOME_UNKNOWN;
}

#define NOT_HIDE                                                                                 \
	"it must not hide refs (transfer.hideRefs), or refNamespace in .hop/config must name a " \
	"place that it shows"

/* What was rejected, as porcelain lines tell it, and what was said besides. */
static char *reasons(void *ctx, const struct proc *proc)
{
	char *text = mem_dup(ctx, "");

	for (char **line = mem_split(ctx, proc->output, '\n'); *line; line++) {
		const char *ref = strncmp(*line, "!\t", 2) == 0 ? strchr(*line, ':') : NULL;

		if (ref && !strstr(ref, "atomic push fail"))
			mem_append(&text, ctx, "%s\n", ref + 1);
	}
	for (char *p = text; *p; p++)
		*p = *p == '\t' ? ' ' : *p;
	mem_append(&text, ctx, "%s", proc_tail(proc->errors, 12));
	return text;
}

static struct error *refused(const char *remote, const struct proc *proc)
{
	SCOPE(tmp, NULL);
	struct error *err = error_new(ERROR_NO, "'%s' refused the push", remote);
	char *why = reasons(tmp, proc);

	err = error_detail(err, "%s", why);
	err = error_hint(err, "nothing was changed, there or locally");
	return strstr(why, "hidden ref") ? error_add_hint(err, NOT_HIDE) : err;
}

static struct error *moved(const char *remote)
{
	return error_new(ERROR_AGAIN, "'%s' has changed in the meantime", remote);
}

/* In porcelain output, the line of a rejected ref starts with "!". */
static bool was_rejected(const struct proc *proc)
{
	return strncmp(proc->output, "!\t", 2) == 0 || strstr(proc->output, "\n!\t");
}

static bool was_accepted(const struct proc *proc)
{
	static const char flags[] = " +-*";

	for (const char *line = proc->output; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (*line && strchr(flags, *line) && line[1] == '\t')
			return true;
	}
	return false;
}

/* The reason why the push was rejected; NULL if the output does not tell. */
static struct error *judge(const char *remote, const struct proc *proc)
{
	static const char *const faster[] =
		{"stale info",           "fetch first",    "non-fast-forward",
		 "failed to update ref", "already exists", "cannot lock ref",
		 "incorrect old value",  "failed to lock", NULL};
	/* A failed transaction at the remote is reported on standard error only. */
	static const char *const lost[] = {"but expected", "reference already exists",
					   "unable to resolve reference", NULL};
	static const char *const declined[] = {"[remote rejected]", "hook declined", "pre-push",
					       NULL};

	if (was_rejected(proc)) {
		if (has_any(proc->output, faster) || has_any(proc->errors, lost))
			return moved(remote);
		if (has_any(proc->output, declined))
			return refused(remote, proc);
	}
	if (strstr(proc->errors, "does not support --atomic"))
		return error_hint(
			error_new(ERROR_FAIL, "'%s' cannot push atomically", remote),
			"nothing was changed; use a remote that supports git push --atomic "
			"(ssh, a path, or smart http)");
	return NULL;
}

/* The outcome is unknown: a signal stopped the push (STOPPED), or the answer was lost. */
static struct error *find_out(bool *unsure, void *ctx, const struct repo *repo, const char *remote,
			      const struct git_ref_change *changes, size_t count, const char *said,
			      struct error *stopped)
{
	enum outcome outcome = look(ctx, repo, remote, changes, count);
	struct error *err = stopped;

	if (outcome == OUTCOME_NEW) {
		error_free(stopped);
		return NULL;
	}
	/* If a signal stopped it, the push may still be under way. */
	*unsure = stopped || outcome == OUTCOME_UNKNOWN;
	if (!err)
		err = error_new(ERROR_FAIL, "cannot push to '%s'", remote);
	err = error_detail(err, "%s", proc_tail(said, 12));
	if (*unsure)
		err = error_hint(
			err,
			"'%s' may have accepted the push, completely or not at all: git fetch, "
			"then git hop status shows which",
			remote);
	return err;
}

/*
 * Did the remote already have all new values? Two commands that do the same in the same second
 * create the same objects, and both pushes succeed.
 */
static bool had_all(void *ctx, const char *output, const struct git_ref_change *changes,
		    size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct git_ref_change *c = &changes[i];

		if (!c->new || (c->old && strcmp(c->old, c->new) == 0))
			continue;
		if (!strstr(output, mem_printf(ctx, "=\t%s:%s\t", c->new, c->ref)))
			return false;
		any = true;
	}
	return any;
}

/* git push of all changes or none, with a lease on each. */
static char **push_argv(void *ctx, const char *remote, const struct git_ref_change *changes,
			size_t count, bool hooks)
{
	char **argv = proc_argv(ctx, "git", "push", "--porcelain", "--atomic", "--no-follow-tags",
				"--recurse-submodules=no", NULL);

	if (!hooks)
		mem_list_add(&argv, ctx, "--no-verify");
	for (size_t i = 0; i < count; i++)
		mem_list_add(&argv, ctx,
			     mem_printf(ctx, "--force-with-lease=%s:%s", changes[i].ref,
					changes[i].old ? changes[i].old : ""));
	mem_list_add(&argv, ctx, "--");
	mem_list_add(&argv, ctx, remote);
	for (size_t i = 0; i < count; i++)
		mem_list_add(&argv, ctx,
			     mem_printf(ctx, "%s:%s", changes[i].new ? changes[i].new : "",
					changes[i].ref));
	return argv;
}

/*
 * receive-pack leaves refs that the remote hides (transfer.hideRefs) out of an atomic push and
 * commits the others.
 */
static struct error *take_back(void *ctx, const struct repo *repo, const char *remote,
			       const struct git_ref_change *changes, size_t count,
			       const struct proc *push)
{
	struct git_ref_change *back = mem_array(ctx, struct git_ref_change, count);
	int suspended = signals_suspend();
	char *why = reasons(ctx, push);
	struct error *err;
	struct proc proc;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct git_ref_change *c = &changes[i];
		const char *new = c->new ? c->new : "";

		if (strcmp(c->old ? c->old : "", new) != 0 &&
		    !strstr(push->output, mem_printf(ctx, "!\t%s:%s\t", new, c->ref)))
			back[n++] = (struct git_ref_change){c->ref, c->new, c->old};
	}
	err = run(&proc, ctx, repo, push_argv(ctx, remote, back, n, false));
	signals_resume(suspended);
	if (!err && proc.status == 0) {
		err = error_new(ERROR_NO, "'%s' takes only part of a push", remote);
		err = error_detail(err, "%s", why);
		return error_hint(err, "nothing was changed; " NOT_HIDE);
	}
	error_free(err);
	err = error_new(ERROR_FAIL, "'%s' took only part of a push, and keeps it", remote);
	err = error_detail(err, "%s", why);
	for (size_t i = 0; i < n; i++)
		err = error_hint(err, "to undo that: git push --force %s %s:%s", remote,
				 back[i].new ? back[i].new : "", back[i].ref);
	return err;
}

struct error *git_push(bool *unsure, void *ctx, const struct repo *repo, const char *remote,
		       const struct git_ref_change *changes, size_t count, bool hooks)
{
	SCOPE(tmp, ctx);
	char **env = git_env(tmp, repo);
	struct error *err, *stopped;
	struct proc proc;

	*unsure = false;
	git_proc(&proc, tmp, repo, push_argv(tmp, remote, changes, count, hooks));
	/* Our pre-push hook only checks pushes by hand. */
	mem_list_add(&env, tmp, "HOP_PUSH=1");
	proc.env = env;
	proc.patient = true;
	for (int try = 1;; try++) {
		stopped = proc_run(tmp, &proc);
		if (stopped || proc.status == 0 || !was_rejected(&proc) ||
		    !git_is_locked(proc.errors))
			break;
		if (!git_wait_for_lock(try))
			return git_locked_error(proc.errors, "push to", remote);
	}
	if (stopped && stopped->code != ERROR_SIGNALLED)
		return stopped;
	if (proc.status == 0) {
		error_free(stopped);
		return had_all(tmp, proc.output, changes, count) ? moved(remote) : NULL;
	}
	debug_lines(proc.output);
	debug_lines(proc.errors);
	if (was_rejected(&proc) && was_accepted(&proc)) {
		error_free(stopped);
		return take_back(tmp, repo, remote, changes, count, &proc);
	}
	err = judge(remote, &proc);
	if (!err)
		return find_out(unsure, tmp, repo, remote, changes, count, proc.errors, stopped);
	error_free(stopped);
	return err;
}

struct error *git_remote_ref(char **oid, void *ctx, const struct repo *repo, const char *remote,
			     const char *ref)
{
	SCOPE(tmp, ctx);
	char **argv = proc_argv(tmp, "git", "ls-remote", "--", remote, ref, NULL);
	struct proc proc;
	struct error *err;
	size_t digits;

	err = run(&proc, tmp, repo, argv);
	if (err)
		return err;
	if (proc.status != 0) {
		err = error_new(ERROR_FAIL, "cannot list the refs of '%s'", remote);
		return error_detail(err, "%s", proc_tail(proc.errors, 12));
	}
	/* git ls-remote takes a pattern, which may match other refs as well. */
	*oid = NULL;
	for (char **line = mem_split(tmp, proc.output, '\n'); *line && !*oid; line++) {
		digits = strcspn(*line, "\t");
		if ((*line)[digits] == '\t' && strcmp(*line + digits + 1, ref) == 0)
			*oid = mem_dup_n(ctx, *line, digits);
	}
	return NULL;
}
