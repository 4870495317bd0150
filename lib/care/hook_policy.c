/* What the git hooks allow. */
#include "care/hook_policy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "core/branch.h"
#include "core/patch.h"
#include "project/project.h"
#include "port/git.h"

#define GITHEAD "GITHEAD_"
#define HEADS "refs/heads/"

struct error *hook_policy_wanted(bool *out, struct repo *repo)
{
	SCOPE(tmp, repo);
	struct error *err;
	char *value;

	/* libgit2 does not know about git -c. */
	if (!getenv("GIT_CONFIG_PARAMETERS") && !getenv("GIT_CONFIG_COUNT"))
		return repo_config_bool(out, repo, "hop.hooks", true);
	err = git_run(&value, tmp, repo, "config", "--type=bool", "--default=true", "--get",
		      "hop.hooks", NULL);
	if (!err)
		*out = strcmp(value, "true") == 0;
	return err;
}

/* The current branch; BRANCH_OTHER if HEAD is detached. */
static struct error *read_branch(struct branch *out, char **name, void *ctx, struct repo *repo)
{
	struct error *err;
	char *oid;

	err = repo_head(name, &oid, ctx, repo);
	if (!err)
		*out = branch_parse(ctx, *name ? *name : "");
	return err;
}

static bool is_protected(const struct branch *b)
{
	return b->kind == BRANCH_IS_PROD || b->kind == BRANCH_RELEASE;
}

/* The commits being merged: in MERGE_HEAD or, before git writes it, in the environment. */
static struct error *merge_heads(char ***heads, void *ctx, struct repo *repo)
{
	char *path = path_join(ctx, repo_git_dir(repo), "MERGE_HEAD");
	char *text;

	*heads = mem_array(ctx, char *, 1);
	if (file_exists(path)) {
		struct error *err = file_read(&text, NULL, ctx, path);

		if (!err)
			*heads = mem_split(ctx, text, '\n');
		return err;
	}
	for (char **entry = environ; *entry; entry++) {
		const char *oid = *entry + strlen(GITHEAD);

		if (strncmp(*entry, GITHEAD, strlen(GITHEAD)) == 0 &&
		    strcspn(oid, "=") == OID_LENGTH)
			mem_list_add(heads, ctx, mem_dup_n(ctx, oid, OID_LENGTH));
	}
	return NULL;
}

static struct error *is_in(bool *out, void *ctx, struct project *p, const char *oid,
			   const char *branch)
{
	struct error *err;
	char *tip;

	*out = false;
	err = project_tip(&tip, ctx, p, branch);
	return err || !tip ? err : repo_is_ancestor(out, p->repo, oid, tip);
}

/* Into a release, users may merge production, and the branch as others published it. */
static struct error *may_merge(bool *out, void *ctx, struct repo *repo, const char *branch)
{
	struct project *p;
	struct error *err;
	char **heads;

	*out = false;
	err = merge_heads(&heads, ctx, repo);
	if (err || !*heads)
		return err;
	err = project_open(&p, ctx, false);
	*out = true;
	for (char **head = heads; !err && *out && *head; head++) {
		err = is_in(out, ctx, p, *head, BRANCH_PROD);
		if (!err && !*out && p->remote)
			err = is_in(out, ctx, p, *head, branch);
	}
	return err;
}

static struct error *refuse(const struct branch *b, const char *name, const char *what)
{
	struct error *err = error_new(ERROR_NO, "'%s' %s", name, what);

	if (b->kind == BRANCH_IS_PROD)
		return error_hint(err, "only git hop release promote changes it; to change the "
				       "schema: git hop patch create");
	return error_hint(err, "only git hop patch merge changes it; to move your changes to a "
			       "patch: git switch ho-patch/ID, or git hop patch create");
}

static struct error *refuse_production(struct repo *repo)
{
	struct error *err;
	bool production;

	err = repo_config_bool(&production, repo, "hop.production", false);
	if (err || !production)
		return err;
	return error_hint(error_new(ERROR_NO,
				    "this is a production clone, which does not accept commits"),
			  "develop in another clone: git hop clone URL");
}

struct error *hook_policy_commit(struct repo *repo)
{
	SCOPE(tmp, repo);
	struct branch branch;
	struct error *err;
	bool may = false;
	char *name;

	err = refuse_production(repo);
	if (!err)
		err = read_branch(&branch, &name, tmp, repo);
	if (err || !is_protected(&branch))
		return err;
	if (branch.kind == BRANCH_RELEASE)
		err = may_merge(&may, tmp, repo, name);
	return err || may ? err : refuse(&branch, name, "does not accept commits");
}

struct error *hook_policy_pick(struct repo *repo)
{
	SCOPE(tmp, repo);
	struct branch branch;
	struct error *err;
	char *name;

	if (!file_exists(path_join(tmp, repo_git_dir(repo), "CHERRY_PICK_HEAD")))
		return NULL;
	err = refuse_production(repo);
	if (!err)
		err = read_branch(&branch, &name, tmp, repo);
	if (!err && is_protected(&branch))
		err = refuse(&branch, name, "does not accept commits");
	return error_add_hint(err, "to end this: git cherry-pick --abort");
}

struct error *hook_policy_rebase(struct repo *repo, const char *branch)
{
	SCOPE(tmp, repo);
	const char *name = branch;
	struct branch parsed;
	struct error *err;
	char *head, *oid;

	err = repo_head(&head, &oid, tmp, repo);
	if (err)
		return err;
	name = name ? name : head ? head : "";
	if (strncmp(name, HEADS, strlen(HEADS)) == 0)
		name += strlen(HEADS);
	parsed = branch_parse(tmp, name);
	return is_protected(&parsed) ? refuse(&parsed, name, "must not be rebased") : NULL;
}

/* The message without comments. */
static struct error *read_message(char **out, void *ctx, struct repo *repo, const char *file)
{
	char **argv = proc_argv(ctx, "git", "stripspace", "--strip-comments", NULL);
	struct error *err;
	char *text, *cut;

	err = file_read(&text, NULL, ctx, file);
	if (err)
		return err;
	/* git commit --verbose shows the diff below this line. */
	cut = strstr(text, "------------------------ >8 ------------------------");
	if (cut)
		*cut = '\0';
	return git_filter(out, ctx, repo, argv, text);
}

/* "#12", and no digit after it. */
static bool names_number(void *ctx, const char *message, int number)
{
	char *word = mem_printf(ctx, "#%d", number);

	for (const char *at = message; (at = strstr(at, word)); at++) {
		char next = at[strlen(word)];

		if (next < '0' || next > '9')
			return true;
	}
	return false;
}

/* Commits that become part of another one, and merges, have their numbers already. */
static bool passes_over(const char *message)
{
	static const char *const starts[] = {"fixup! ", "squash! ", "amend! ", "Merge ", NULL};

	for (size_t i = 0; starts[i]; i++) {
		if (strncmp(message, starts[i], strlen(starts[i])) == 0)
			return true;
	}
	return *message == '\0';
}

/* A commit is never refused because the project cannot be read. */
static bool wants_number(void *ctx)
{
	struct project *p;
	struct error *err = project_open(&p, ctx, false);
	bool wanted = err || p->conf->issues != CONF_ISSUES_NONE;

	error_free(err);
	return wanted;
}

struct error *hook_policy_message(struct repo *repo, const char *file)
{
	SCOPE(tmp, repo);
	char *name, *message, **heads;
	struct branch branch;
	struct patch_id id;
	struct error *err;

	err = read_branch(&branch, &name, tmp, repo);
	if (err || branch.kind != BRANCH_PATCH)
		return err;
	err = merge_heads(&heads, tmp, repo);
	if (!err)
		err = patch_id_parse(&id, tmp, branch.id);
	if (!err)
		err = read_message(&message, tmp, repo, file);
	if (err || *heads || passes_over(message) || names_number(tmp, message, id.number) ||
	    !wants_number(tmp))
		return err;
	return git_run(NULL, tmp, repo, "-c", "trailer.separators=:#", "-c",
		       "trailer.hop.key=Refs #", "interpret-trailers", "--no-divider", "--in-place",
		       "--trailer", mem_printf(tmp, "hop=%d", id.number), file, NULL);
}

/* Does each first-parent commit from OLD to NEW merge production, or commits of OLD? */
static struct error *only_merges(bool *out, void *ctx, struct project *p, const char *old,
				 const char *new)
{
	struct error *err;
	char *list;

	err = repo_is_ancestor(out, p->repo, old, new);
	if (!err && *out)
		err = git_run(&list, ctx, p->repo, "rev-list", "--first-parent", "--parents",
			      mem_printf(ctx, "%s..%s", old, new), NULL);
	if (err || !*out)
		return err;
	for (char **line = mem_split(ctx, list, '\n'); *out && *line; line++) {
		char **words = mem_split(ctx, *line, ' ');

		*out = mem_list_length(words) > 2;
		for (size_t i = 2; !err && *out && words[i]; i++) {
			err = repo_is_ancestor(out, p->repo, words[i], old);
			if (!err && !*out)
				err = is_in(out, ctx, p, words[i], BRANCH_PROD);
		}
		if (err)
			return err;
	}
	return NULL;
}

static struct error *guard_ref(struct project *p, const char *ref, const char *old, const char *new)
{
	SCOPE(tmp, p);
	bool update = strcmp(old, OID_NONE) != 0 && strcmp(new, OID_NONE) != 0;
	struct error *err = NULL;
	struct branch branch;
	bool may = false;
	char *known;

	if (strncmp(ref, HEADS, strlen(HEADS)) != 0)
		return NULL;
	branch = branch_parse(tmp, ref + strlen(HEADS));
	if (!is_protected(&branch))
		return NULL;
	if (update && branch.kind == BRANCH_RELEASE) {
		err = repo_commit(&known, tmp, p->repo, old);
		if (!err && known)
			err = only_merges(&may, tmp, p, old, new);
	}
	return err || may ? err
			  : refuse(&branch, ref + strlen(HEADS), "must not be pushed by hand");
}

struct error *hook_policy_push(struct repo *repo, const char *remote, const char *lines)
{
	SCOPE(tmp, repo);
	struct project *p;
	struct error *err;
	char *url;

	err = project_open(&p, tmp, false);
	if (err || !p->remote)
		return err;
	url = repo_config(tmp, repo, mem_printf(tmp, "remote.%s.url", p->remote));
	if (strcmp(remote, p->remote) != 0 && (!url || strcmp(remote, url) != 0))
		return NULL;
	for (char **line = mem_split(tmp, lines, '\n'); !err && *line; line++) {
		char **words = mem_split(tmp, *line, ' ');

		if (mem_list_length(words) == 4)
			err = guard_ref(p, words[2], words[3], words[1]);
	}
	return err;
}
