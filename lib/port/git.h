/*
 * The git program: everything that users configure (signing, hooks, credentials, ssh) goes
 * through it.
 */
#ifndef PORT_GIT_H
#define PORT_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "port/repo.h"

/*
 * Every function runs git in REPO, as it was opened: in its folder, or here, with GIT_DIR obeyed.
 * REPO is NULL where there is no repository yet: git runs here.
 */

/*
 * Forgets the index, object directory and the like that a git command sets for its hooks and
 * aliases (git rev-parse --local-env-vars), here and for every program started later; call it
 * before repo_open. GIT_DIR and GIT_WORK_TREE stay, since they say which repository is meant, and
 * so does GIT_CONFIG_*: settings of git -c.
 */
void git_leave_caller(void);

/* Runs git with the words up to NULL; OUT (may be NULL): standard output less its last newline. */
struct error *git_run(char **out, void *ctx, const struct repo *repo, ...)
	__attribute__((sentinel)) MUST_CHECK;
struct error *git_run_argv(char **out, void *ctx, const struct repo *repo,
			   char *const *argv) MUST_CHECK;
/* The same, with INPUT on standard input. */
struct error *git_filter(char **out, void *ctx, const struct repo *repo, char *const *argv,
			 const char *input) MUST_CHECK;

/*
 * A commit object, moved to by no ref; signed when commit.gpgSign is set. PARENTS: count of
 * them.
 */
struct error *git_commit_tree(char **oid, void *ctx, const struct repo *repo, const char *tree,
			      const char *const *parents, size_t count,
			      const char *message) MUST_CHECK;
/*
 * An annotated tag object, pointed to by no ref; signed when tag.gpgSign is set. SHADOW: a folder
 * that is made for the purpose, and removed.
 */
struct error *git_tag_object(char **oid, void *ctx, const struct repo *repo, const char *shadow,
			     const char *name, const char *commit, const char *message) MUST_CHECK;

struct git_ref_change {
	const char *ref; /* full name */
	const char *old; /* 40 digits, or NULL: expected absent */
	const char *new; /* 40 digits, or NULL: delete */
};
/* One `git update-ref --stdin` transaction. ERROR_AGAIN when a ref is not what was expected. */
struct error *git_update_refs(void *ctx, const struct repo *repo,
			      const struct git_ref_change *changes, size_t count,
			      const char *reason) MUST_CHECK;
/*
 * One atomic push with a lease on every ref. *UNSURE after an error: it was cut off, and the remote
 * may have taken it, or take it yet. ERROR_AGAIN: a ref had moved, nothing changed.
 * ERROR_NO: origin refused (its words as detail). ERROR_FAIL: unreachable, no atomic pushes, ...
 * A push whose answer was lost but that happened is success. HOOKS: the pre-push hook runs; it
 * finds HOP_PUSH=1 set.
 */
struct error *git_push(bool *unsure, void *ctx, const struct repo *repo, const char *remote,
		       const struct git_ref_change *changes, size_t count, bool hooks) MUST_CHECK;
/* What the ref has there at this moment; NULL: there is none. Nothing is fetched. */
struct error *git_remote_ref(char **oid, void *ctx, const struct repo *repo, const char *remote,
			     const char *ref) MUST_CHECK;
/*
 * Fetches heads, tags and NAMESPACE ("refs/hop") of the remote, pruning what is gone of ho-*
 * heads and NAMESPACE.
 */
struct error *git_fetch(void *ctx, const struct repo *repo, const char *remote,
			const char *namespace) MUST_CHECK;

struct error *git_worktree_add(void *ctx, const struct repo *repo, const char *path,
			       const char *commit) MUST_CHECK;
struct error *git_worktree_remove(void *ctx, const struct repo *repo, const char *path) MUST_CHECK;
/* Names and mail of author and committer are there, or ERROR_FAIL that says how to set them. */
struct error *git_check_identity(void *ctx, const struct repo *repo) MUST_CHECK;

#endif
