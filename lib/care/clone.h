/* git hop clone: clone a project and set up its database. */
#ifndef CARE_CLONE_H
#define CARE_CLONE_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"

struct clone {
	const char *url;
	const char *dir;      /* NULL: derived from the URL, as git does */
	const char *database; /* --database; NULL: not given */
	bool production;
	const char *at; /* --at VERSION, NULL: none */
	bool yes;
};

/*
 * Clones, goes to the new folder (chdir, for good), and prepares the database. When anything fails,
 * the folder is removed, and a server that was started for it with it; a command that is killed
 * leaves both. clone->dir is the folder afterwards, *OUT the project in it.
 */
struct error *clone_project(struct project **out, void *ctx, struct clone *clone) MUST_CHECK;

#endif
