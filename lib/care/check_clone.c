/* git hop check: this clone, its hooks, settings, checkout, branches and databases. */
#include "care/check.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/suggest.h"
#include "base/path.h"
#include "core/branch.h"
#include "core/setting.h"
#include "care/check_private.h"
#include "publish/checkout.h"
#include "care/hooks.h"
#include "publish/branch_state.h"
#include "project/leftovers.h"
#include "project/remote.h"
#include "port/db.h"
#include "port/git.h"
#include "run/target.h"

static void look_at_hook(struct look *l, const struct hook *hook)
{
	SCOPE(tmp, NULL);

	switch (hook->state) {
	case HOOK_READY:
		break;
	case HOOK_MISSING:
		look_add(l, "hook", FINDING_REPAIRED, hook->name, NULL, "is not installed");
		break;
	case HOOK_OLD:
		look_add(l, "hook", FINDING_REPAIRED, hook->name, NULL,
			 "is outdated or not executable");
		break;
	case HOOK_USER:
		look_add(l, "hook", FINDING_REPAIRED, hook->name, NULL,
			 "is not git hop's; it is kept as %s.user, which git hop's hook runs",
			 hook->name);
		break;
	case HOOK_OCCUPIED:
		look_add(l, "hook-conflict", FINDING_DECISION, hook->path,
			 mem_printf(tmp, "merge both files into %s.user and delete %s", hook->path,
				    hook->path),
			 "is not git hop's, and %s.user already exists", hook->name);
	}
}

struct error *look_at_hooks(struct look *l)
{
	SCOPE(tmp, l->project);
	struct hooks hooks;
	struct error *err = hooks_read(&hooks, tmp, l->project->repo);
	size_t first = l->check->count;
	char *commands;

	/* An invalid value of hop.hooks is found by look_at_settings. */
	if (err && err->code != ERROR_SIGNALLED) {
		error_free(err);
		return NULL;
	}
	if (err)
		return err;
	commands = hooks_commands(tmp, &hooks);
	if (commands)
		look_add(l, "hook-path", FINDING_DECISION, hooks.dir,
			 mem_printf(tmp, "%s\nor, to use no hooks: git config hop.hooks false",
				    commands),
			 "is core.hooksPath, and its hooks do not call git hop");
	for (size_t i = 0; hooks.place == HOOKS_HERE && i < hooks.count; i++)
		look_at_hook(l, &hooks.list[i]);
	if (!l->dry_run)
		err = hooks_install(&hooks);
	if (!err || err->code == ERROR_SIGNALLED)
		return err;
	look_take_back(l, first);
	look_add_error(l, "hook", hooks.dir, "to use no hooks: git config hop.hooks false", err);
	return NULL;
}

static void look_at_setting(struct look *l, const char *key)
{
	SCOPE(tmp, NULL);
	const struct setting *s = setting_find(key);
	struct repo *repo = l->project->repo;
	struct error *err = NULL;
	char **names = mem_array(tmp, char *, 1), **near;
	int number;
	bool truth;

	if (s) {
		if (s->type == SETTING_BOOL)
			err = repo_config_bool(&truth, repo, s->key, false);
		else if (s->type == SETTING_NUMBER)
			err = repo_config_number(&number, repo, s->key, 0);
		else if (s->type == SETTING_COUNT)
			err = repo_config_count(&number, repo, s->key, 1);
		else if (s->type == SETTING_CONNINFO)
			err = db_check_storable(repo_config(tmp, repo, s->key));
		l->bad_settings = l->bad_settings || err;
		if (err)
			look_add_error(l, "setting", s->key,
				       mem_printf(tmp,
						  "git config %s VALUE, or git config --unset %s",
						  s->key, s->key),
				       err);
		return;
	}
	for (s = settings; s->key; s++)
		mem_list_add(&names, tmp, s->key);
	near = suggest_names(tmp, key, names);
	look_add(l, "setting", FINDING_DECISION, key,
		 *near ? mem_printf(tmp, "did you mean %s?", *near) : "see hop-project(5)",
		 "is not a git hop setting");
}

/* With this setting, a plain git fetch removes what the remote no longer has. */
static struct error *look_at_prune(struct look *l)
{
	SCOPE(tmp, l->project);
	struct error *err;
	bool unset;

	err = project_set_prune(&unset, l->project, l->dry_run);
	if (!err && unset)
		look_add(l, "prune", FINDING_REPAIRED,
			 mem_printf(tmp, "remote.%s.prune", l->project->remote), NULL,
			 "is not set, so git fetch keeps branches that were deleted at the remote");
	return err;
}

struct error *look_at_settings(struct look *l)
{
	SCOPE(tmp, l->project);
	const char *last = "";
	struct error *err;
	char *list;

	err = look_at_prune(l);
	if (err)
		return err;
	err = git_run(&list, tmp, l->project->repo, "config", "--name-only", "--get-regexp",
		      "^hop\\.", NULL);
	if (err && err->code == ERROR_SIGNALLED)
		return err;
	/* git reports an error if there is none. */
	if (err) {
		error_free(err);
		return NULL;
	}
	for (char **key = mem_split(tmp, list, '\n'); *key; key++) {
		if (strcmp(*key, last) != 0)
			look_at_setting(l, *key);
		last = *key;
	}
	return NULL;
}

/* Linked worktrees whose directories are gone; those on removable disks should be locked. */
static struct error *look_at_worktrees(struct look *l)
{
	SCOPE(tmp, l->project);
	struct repo *repo = l->project->repo;
	struct error *err;
	char *list;

	err = git_run(&list, tmp, repo, "worktree", "list", "--porcelain", NULL);
	if (err || !strstr(list, "\nprunable "))
		return err;
	look_add(l, "worktree", FINDING_REPAIRED, "worktrees", NULL,
		 "git knows worktrees whose directories are gone");
	return l->dry_run ? NULL : git_run(NULL, tmp, repo, "worktree", "prune", NULL);
}

struct error *look_at_checkout(struct look *l)
{
	struct project *p = l->project;
	size_t folders, databases;
	struct error *err = NULL;

	if (checkout_is_left(p)) {
		look_add(l, "checkout", FINDING_REPAIRED, p->root, NULL,
			 "a command was killed while it updated the checkout, or is still running");
		err = l->dry_run ? NULL : checkout_recover(p);
	}
	if (!err)
		err = leftovers_count(&folders, &databases, p);
	if (err || folders == 0)
		return err ? err : look_at_worktrees(l);
	look_add(l, "worktree", FINDING_REPAIRED, "worktrees", NULL,
		 "worktrees or directories left by killed commands: %zu", folders);
	err = l->dry_run ? NULL : leftovers_sweep(p);
	return err ? err : look_at_worktrees(l);
}

static void add_ahead(struct look *l, void *ctx, const char *name, enum branch_state lag)
{
	const char *remote = l->project->remote;
	char *back = mem_printf(ctx, "git switch %s\ngit branch KEEP\ngit reset --keep %s/%s", name,
				remote, name);

	if (branch_parse(ctx, name).kind == BRANCH_RELEASE)
		mem_append(&back, ctx,
			   "\nor, if it only merges production: git pull --no-rebase, git push");
	look_add(l, "branch-ahead", FINDING_DECISION, name, back,
		 lag == BRANCH_STATE_AHEAD
			 ? "has commits that '%s' does not have; only git hop may commit to it"
			 : "has diverged from '%s'; only git hop may commit to it",
		 remote);
}

static struct error *look_at_branch(struct look *l, const struct repo_ref *ref)
{
	SCOPE(tmp, l->project);
	const char *name = ref->name + strlen("refs/heads/"), *remote = l->project->remote;
	enum branch_kind kind = branch_parse(tmp, name).kind;
	struct error *err;
	enum branch_state lag;
	bool out;

	err = branch_state(&lag, l->project, ref);
	if (!err)
		err = repo_is_checked_out(&out, l->project->repo, ref->name);
	if (err)
		return err;
	if (lag == BRANCH_STATE_BEHIND && !out)
		look_add(l, "branch-behind", FINDING_REPAIRED, name, NULL, "is behind '%s'",
			 remote);
	else if (lag == BRANCH_STATE_GONE && !out)
		look_add(l, "branch-gone", FINDING_REPAIRED, name, NULL,
			 "has been deleted at '%s'; all its commits are in other branches", remote);
	else if (lag == BRANCH_STATE_GONE_UNMERGED)
		look_add(l, "branch-orphan", FINDING_DECISION, name,
			 mem_printf(tmp,
				    "to restore it: git push %s %s\nto delete it: git branch -D %s",
				    remote, name, name),
			 "has been deleted at '%s', but has commits that are in no other branch",
			 remote);
	else if (lag == BRANCH_STATE_DIVERGED && kind == BRANCH_PATCH)
		look_add(l, "branch-diverged", FINDING_DECISION, name,
			 mem_printf(tmp, "git switch %s\ngit pull --rebase", name),
			 "has diverged from '%s'", remote);
	else if (lag == BRANCH_STATE_AHEAD || lag == BRANCH_STATE_DIVERGED)
		if (kind == BRANCH_IS_PROD || kind == BRANCH_RELEASE)
			add_ahead(l, tmp, name, lag);
	return NULL;
}

struct error *look_at_branches(struct look *l)
{
	SCOPE(tmp, l->project);
	struct repo_ref *refs;
	struct error *err;
	size_t count;

	/* In a production clone, only tags matter. */
	if (l->project->production)
		return NULL;
	err = repo_refs(&refs, &count, tmp, l->project->repo, "refs/heads/ho-");
	for (size_t i = 0; !err && i < count; i++)
		err = look_at_branch(l, &refs[i]);
	return err || l->dry_run ? err : checkout_branches(l->project);
}
