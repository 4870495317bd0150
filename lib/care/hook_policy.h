/* What git's hooks of hop say to what a person is about to do. ERROR_NO refuses. */
#ifndef CARE_HOOK_POLICY_H
#define CARE_HOOK_POLICY_H

#include <stdbool.h>

#include "base/error.h"
#include "port/repo.h"

/* False: hop.hooks is false, as a setting or for this one command (git -c). */
struct error *hook_policy_wanted(bool *out, struct repo *repo) MUST_CHECK;

/*
 * A commit on the branch that is checked out. ho-prod and ho-release/... take none but merges that
 * git hop itself asks for: production into a release. A production clone takes none.
 */
struct error *hook_policy_commit(struct repo *repo) MUST_CHECK;

/* A commit that is picked from elsewhere: git runs no hook that hook_policy_commit could be in. */
struct error *hook_policy_pick(struct repo *repo) MUST_CHECK;

/* On a patch branch: "Refs #N" as the last line of the message in FILE, once; nothing where the
 * project says issues = none. */
struct error *hook_policy_message(struct repo *repo, const char *file) MUST_CHECK;

/* BRANCH NULL: the one that is checked out. */
struct error *hook_policy_rebase(struct repo *repo, const char *branch) MUST_CHECK;

/*
 * A push to REMOTE (name or URL) of what git says of it in LINES: "REF OID THERE-REF THERE-OID"
 * each. What git hop itself pushes does not come here.
 */
struct error *hook_policy_push(struct repo *repo, const char *remote, const char *lines) MUST_CHECK;

#endif
