/*
 * The git program, for everything that users can configure: signing, hooks, credentials,
 * transports.
 */
#ifndef PORT_GIT_H
#define PORT_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "port/repo.h"

/*
 * Every function runs git in REPO in the way it was opened: in its directory, or in the current one
 * with GIT_DIR in effect. If REPO is NULL, git runs in the current directory; there need not be a
 * repository.
 */

/*
 * Forgets the index, object directory and the like that a git command sets for its hooks and
 * aliases (git rev-parse --local-env-vars), here and for every program started later; call it
 * before repo_open. GIT_DIR and GIT_WORK_TREE stay, since they say which repository is meant, and
 * so does GIT_CONFIG_*: settings of git -c.
 */
void git_leave_caller(void);

/*
 * Runs git with the arguments up to NULL. OUT (may be NULL): standard output without its last
 * newline.
 */
struct error *git_run(char **out, void *ctx, const struct repo *repo, ...)
	__attribute__((sentinel)) MUST_CHECK;
struct error *git_run_argv(char **out, void *ctx, const struct repo *repo,
			   char *const *argv) MUST_CHECK;
/* The same, with INPUT on standard input. */
struct error *git_filter(char **out, void *ctx, const struct repo *repo, char *const *argv,
			 const char *input) MUST_CHECK;

/* Creates a commit object, but no ref. It is signed if commit.gpgSign is set. */
struct error *git_commit_tree(char **oid, void *ctx, const struct repo *repo, const char *tree,
			      const char *const *parents, size_t count,
			      const char *message) MUST_CHECK;
/*
 * Creates an annotated tag object, but no ref. It is signed if tag.gpgSign is set. SHADOW: the name
 * of a temporary directory, which is created and removed.
 */
struct error *git_tag_object(char **oid, void *ctx, const struct repo *repo, const char *shadow,
			     const char *name, const char *commit, const char *message) MUST_CHECK;

struct git_ref_change {
	const char *ref; /* full name */
	const char *old; /* 40 digits, or NULL: expected absent */
	const char *new; /* 40 digits, or NULL: delete */
};
/*
 * Runs one transaction of "git update-ref --stdin". ERROR_AGAIN if a ref does not have the expected
 * value.
 */
struct error *git_update_refs(void *ctx, const struct repo *repo,
			      const struct git_ref_change *changes, size_t count,
			      const char *reason) MUST_CHECK;
/*
 * Pushes all changes atomically, with a lease on every ref. Succeeds, too, if the answer was lost
 * but the remote has the new values. ERROR_AGAIN: a ref had another value; nothing has changed.
 * ERROR_NO: the remote refused, or took only a part, which was taken back; the detail is its
 * message. ERROR_FAIL: the remote cannot be
 * reached, or does not support atomic pushes. *UNSURE is set if the push was interrupted and may
 * still reach the remote. HOOKS: run the pre-push hook, with HOP_PUSH=1 in its environment.
 */
struct error *git_push(bool *unsure, void *ctx, const struct repo *repo, const char *remote,
		       const struct git_ref_change *changes, size_t count, bool hooks) MUST_CHECK;
/* The current value of REF at the remote; NULL if it does not exist. Nothing is fetched. */
struct error *git_remote_ref(char **oid, void *ctx, const struct repo *repo, const char *remote,
			     const char *ref) MUST_CHECK;
/*
 * Fetches branches, tags and NAMESPACE ("refs/hop") from the remote, and prunes ho-* branches and
 * NAMESPACE.
 */
struct error *git_fetch(void *ctx, const struct repo *repo, const char *remote,
			const char *namespace) MUST_CHECK;

/*
 * Clones URL into the empty directory DIR; the remote is called origin. LIVE: a descriptor that git
 * inherits. CHECKOUT: the default branch of the remote is checked out.
 */
struct error *git_clone(void *ctx, const char *url, const char *dir, int live,
			bool checkout) MUST_CHECK;

/* FILES: they are checked out; else the index is empty, too. */
struct error *git_worktree_add(void *ctx, const struct repo *repo, const char *path,
			       const char *commit, bool files) MUST_CHECK;
struct error *git_worktree_remove(void *ctx, const struct repo *repo, const char *path) MUST_CHECK;
/* ERROR_FAIL, with a hint, unless git knows name and email address of author and committer. */
struct error *git_check_identity(void *ctx, const struct repo *repo) MUST_CHECK;

#endif
