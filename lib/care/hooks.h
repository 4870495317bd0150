/* Git's hooks of a repository: ours among those of the user. */
#ifndef CARE_HOOKS_H
#define CARE_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "project/project.h"

enum hooks_place {
	HOOKS_HERE,      /* in a folder of this repository: they can be written */
	HOOKS_ELSEWHERE, /* in one that is versioned or shared: only its owner writes there */
	HOOKS_OFF /* hop.hooks is false, core.hooksPath is /dev/null, or there is no work tree */
};

enum hook_state {
	HOOK_READY,
	HOOK_MISSING,
	HOOK_OLD,     /* ours, of another version */
	HOOK_USER,    /* the user's: it can become NAME.user, which ours runs */
	HOOK_OCCUPIED /* the user's, and there is another NAME.user already */
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
 * Writes what is missing or old; a hook of the user becomes NAME.user, which is said. At every
 * moment the user's hook is found and run. With another place than HOOKS_HERE nothing is done.
 */
struct error *hooks_install(const struct hooks *hooks) MUST_CHECK;

/* The lines that a person adds to the hooks ELSEWHERE, as shell commands; NULL: none is missing. */
char *hooks_commands(void *ctx, const struct hooks *hooks);

/*
 * For a new project: read, install, and say what a person has to do. That it fails is a warning.
 */
void hooks_begin(struct repo *repo);

/*
 * Where some hooks of ours are, and others are missing or old, these are written. Where there is
 * none, nobody wants them. Costs a few opened files; no network, no other program.
 */
struct error *hooks_refresh(struct project *p) MUST_CHECK;

#endif
