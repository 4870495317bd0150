/*
 * Objects that no branch or tag has yet. A command builds them minutes before it publishes them,
 * and a "git gc --prune=now" beside it would remove them; so each gets a ref of its own, which is
 * removed at the end of the command, or by the next one if it was killed.
 */
#ifndef PROJECT_KEEP_H
#define PROJECT_KEEP_H

#include <stdbool.h>

#include "base/error.h"
#include "port/git.h"
#include "project/project.h"

/* Keeps OID, a commit, tag or tree, and all that it needs until keep_end. */
struct error *keep_object(struct project *p, const char *oid) MUST_CHECK;
/* Removes the refs; does nothing if there are none. Call it before P is freed. */
void keep_end(struct project *p);

/*
 * An object can still be lost before keep_object, or in a gc that had begun earlier. ERROR_FAIL,
 * with keep_was_lost, unless everything that CHANGES publish is there.
 */
struct error *keep_check(struct project *p, const struct git_ref_change *changes,
			 size_t count) MUST_CHECK;
/* Does ERR say that an object is missing? Then the work has to be done again. */
bool keep_was_lost(const struct error *err);

#endif
