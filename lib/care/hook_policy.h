/* What the git hooks allow. ERROR_NO refuses. */
#ifndef CARE_HOOK_POLICY_H
#define CARE_HOOK_POLICY_H

#include <stdbool.h>

#include "base/error.h"
#include "port/repo.h"

/* False if hop.hooks is false, in the configuration or for this command (git -c). */
struct error *hook_policy_wanted(bool *out, struct repo *repo) MUST_CHECK;

/*
 * A commit on the current branch. On ho-prod and release branches, only merges that git hop itself
 * asks for are allowed: production into a release. In a production clone, no commit is allowed.
 */
struct error *hook_policy_commit(struct repo *repo) MUST_CHECK;

/* The same for git cherry-pick, which does not run the hooks that call hook_policy_commit. */
struct error *hook_policy_pick(struct repo *repo) MUST_CHECK;

/*
 * On a patch branch, adds "Refs #N" to the message in FILE, unless it refers to N already or the
 * project sets issues = none.
 */
struct error *hook_policy_message(struct repo *repo, const char *file) MUST_CHECK;

/* BRANCH NULL: the current branch. */
struct error *hook_policy_rebase(struct repo *repo, const char *branch) MUST_CHECK;

/*
 * A push to REMOTE (name or URL). LINES is the input of the pre-push hook, see githooks(5). Pushes
 * by git hop itself are not checked.
 */
struct error *hook_policy_push(struct repo *repo, const char *remote, const char *lines) MUST_CHECK;

#endif
