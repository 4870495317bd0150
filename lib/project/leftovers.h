/*
 * Before a command creates something temporary (a directory, worktree or scratch database), it
 * records that in a file in COMMON/hop/run, which it keeps locked. A file that is not locked was
 * left by a killed command: what it lists is removed.
 */
#ifndef PROJECT_LEFTOVERS_H
#define PROJECT_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "project/project.h"

/* Refs that a command removes at its end, see project/keep.h. */
#define LEFTOVERS_REFS "refs/hop-run/"

struct leftovers; /* freeing it removes the file; everything listed must be removed before */

struct error *leftovers_open(struct leftovers **out, void *ctx, struct project *p) MUST_CHECK;
/*
 * Call before creating the object. KIND is "worktree" or "folder" (with a path; entries are removed
 * in order, so add a worktree before its directory), "ref" (below LEFTOVERS_REFS) or "database"
 * (with name and server, see build/dev_server.h).
 */
struct error *leftovers_add(struct leftovers *l, const char *kind, const char *name) MUST_CHECK;
/* A unique name for a directory in TMPDIR; creates and records nothing. */
struct error *leftovers_name(char **path, void *ctx, const char *prefix) MUST_CHECK;
/* Something could not be removed: keeps the file for the next command. */
void leftovers_keep(struct leftovers *l);

/* Deletes those of REFS that exist. */
struct error *leftovers_drop_refs(struct project *p, char *const *refs) MUST_CHECK;

/*
 * Removes worktrees, directories and refs of killed commands. Uses neither the network nor a
 * database; costs one readdir if there are none.
 */
struct error *leftovers_sweep(struct project *p) MUST_CHECK;
/* Counts what killed commands left; removes nothing. */
struct error *leftovers_count(size_t *folders, size_t *databases, struct project *p) MUST_CHECK;
/*
 * Calls DROP for each database of killed commands; it sets whether the database is gone, which one
 * on another server is not. A file is removed when everything that it lists is gone, or after a
 * month.
 */
struct error *leftovers_sweep_databases(struct project *p,
					struct error *(*drop)(bool *gone, void *arg,
							      const char *name),
					void *arg) MUST_CHECK;

#endif
