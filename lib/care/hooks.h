/* The git hooks of a repository: git hop's and the user's. */
#ifndef CARE_HOOKS_H
#define CARE_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "project/project.h"

enum hooks_place {
	HOOKS_HERE,      /* in this repository: they can be installed */
	HOOKS_ELSEWHERE, /* in a directory that is versioned or shared: nothing is written there */
	HOOKS_OFF /* hop.hooks is false, core.hooksPath is /dev/null, or the repository is bare */
};

enum hook_state {
	HOOK_READY,
	HOOK_MISSING,
	HOOK_OLD,     /* git hop's, of another version */
	HOOK_USER,    /* the user's: can become NAME.user, which git hop's hook runs */
	HOOK_OCCUPIED /* the user's, and another NAME.user already exists */
};

struct hook {
	const char *name;
	char *path;
	enum hook_state state;
};

struct hooks {
	enum hooks_place place;
	char *dir; /* NULL with HOOKS_OFF; absolute */
	struct hook *list;
	size_t count;
};

struct error *hooks_read(struct hooks *out, void *ctx, struct repo *repo) MUST_CHECK;

/*
 * Installs missing and outdated hooks. A hook of the user becomes NAME.user, with a message; at any
 * time, git can find and run it. Does nothing unless the place is HOOKS_HERE.
 */
struct error *hooks_install(const struct hooks *hooks) MUST_CHECK;

/* Shell commands that add the missing calls to the hooks ELSEWHERE; NULL: none is missing. */
char *hooks_commands(void *ctx, const struct hooks *hooks);

/*
 * For a new clone: reads and installs hooks, and reports what the user has to do. Errors become
 * warnings.
 */
void hooks_begin(struct repo *repo);

/*
 * If some of git hop's hooks are installed, installs those that are missing or outdated. If none
 * is, none is wanted. Opens a few files; uses neither the network nor another program.
 */
struct error *hooks_refresh(struct project *p) MUST_CHECK;

#endif
