/*
 * What a command makes temporarily (folder, worktree, scratch database) is first written down in a
 * file under COMMON/hop/run that the command keeps locked. A file that is not locked belongs to a
 * dead command: what it lists is removed.
 */
#ifndef PROJECT_LEFTOVERS_H
#define PROJECT_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "project/project.h"

struct leftovers; /* freeing it removes the file; what it lists must be gone by then */

struct error *leftovers_open(struct leftovers **out, void *ctx, struct project *p) MUST_CHECK;
/*
 * Written down before the thing is made. KIND is "worktree" or "folder" (path; entries are removed
 * in their order, so a worktree comes before its folder) or "database" (name and place,
 * build/dev_server).
 */
struct error *leftovers_add(struct leftovers *l, const char *kind, const char *name) MUST_CHECK;
/* A unique name for a folder in TMPDIR; nothing is made or written down. */
struct error *leftovers_name(char **path, void *ctx, const char *prefix) MUST_CHECK;
/* Something could not be removed: the file stays, for the next sweep. */
void leftovers_keep(struct leftovers *l);

/*
 * Removes worktrees and folders of dead commands; no network, no database; costs one readdir if
 * there are none.
 */
struct error *leftovers_sweep_worktrees(struct project *p) MUST_CHECK;
/* How many of each kind dead commands left; nothing is removed. */
struct error *leftovers_count(size_t *folders, size_t *databases, struct project *p) MUST_CHECK;
/*
 * Databases of dead commands: DROP is called for each name and returns whether it is gone (one on
 * another server is not). A file is removed once all that it lists is gone, or after a month
 * without success.
 */
struct error *leftovers_sweep_databases(struct project *p,
					struct error *(*drop)(bool *gone, void *arg,
							      const char *name),
					void *arg) MUST_CHECK;

#endif
