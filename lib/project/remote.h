/* The remote that all clones share: fetching from it, and how old what is known of it is. */
#ifndef PROJECT_REMOTE_H
#define PROJECT_REMOTE_H

#include "project/project.h"

/*
 * Brings the remote-tracking refs, tags and refs/hop up to date, and removes those that the remote
 * no longer has. Without a remote nothing happens.
 */
struct error *project_fetch(struct project *p) MUST_CHECK;

/* When hop or git last fetched, in seconds since the epoch; 0: never, or no remote. */
struct error *project_fetched(long long *seconds, struct project *p) MUST_CHECK;

/*
 * Makes a plain git fetch remove what the remote no longer has, too (remote.NAME.prune), unless
 * pruning is configured already. Nothing in hop depends on it, but git branch -r tells the truth
 * then. *SET: the setting was missing. With LOOK it is left as it is.
 */
struct error *project_set_prune(bool *set, struct project *p, bool look) MUST_CHECK;

#endif
