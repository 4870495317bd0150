/* Directories that are filled under another name, and get their own when they are complete. */
#ifndef CARE_DRAFT_H
#define CARE_DRAFT_H

#include <stdbool.h>

#include "base/error.h"

struct draft {
	char *target; /* where it goes: an absolute path */
	/*
	 * TARGET.hop-COMMAND-PID; if TARGET is an empty directory, .hop-COMMAND-PID in it, since
	 * its parent may belong to others and somebody may work in it
	 */
	char *path;
	bool inside;
	int lock; /* on the directory; programs that fill it should inherit it (proc->live) */
};

/*
 * Removes the drafts for TARGET that killed commands left: those that nobody locks. Their contents
 * are at their origin, or never became a project. A failure is a warning.
 */
void draft_sweep(const char *target);

/*
 * Creates an empty draft, after a sweep. The directory above TARGET is created if necessary.
 * ERROR_NO if TARGET exists and is no empty directory.
 */
struct error *draft_begin(struct draft **out, void *ctx, const char *target,
			  const char *command) MUST_CHECK;
/* Puts a complete draft in its place. Inside TARGET, it must contain nothing but .git. */
struct error *draft_place(struct draft *draft) MUST_CHECK;
/* Removes a draft that was not put in its place. */
void draft_drop(struct draft *draft);

#endif
