/* The shared remote: fetches from it, and knows when that happened last. */
#ifndef PROJECT_REMOTE_H
#define PROJECT_REMOTE_H

#include "project/project.h"

/*
 * Updates remote-tracking branches, tags and refs/hop, and prunes branches and refs/hop. Does
 * nothing without a remote.
 */
struct error *project_fetch(struct project *p) MUST_CHECK;

/*
 * ERROR_NO, with the way out, if the project is shared through a remote that is not there any more:
 * renamed, removed or switched off. What is done here is then invisible to others.
 */
struct error *project_check_remote(struct project *p) MUST_CHECK;

/*
 * The time of the last fetch by git hop or git, in seconds since the epoch; 0: never, or no remote.
 */
struct error *project_fetched(long long *seconds, struct project *p) MUST_CHECK;

/*
 * Sets remote.NAME.prune, unless pruning is already configured, so that a plain git fetch prunes as
 * well. Nothing in git hop depends on it, but "git branch -r" is correct then. *SET: the setting
 * was missing. LOOK: do not change it.
 */
struct error *project_set_prune(bool *set, struct project *p, bool look) MUST_CHECK;

#endif
