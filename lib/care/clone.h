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
 * Clones, changes to the new directory (with chdir) and prepares the database. On success,
 * clone->dir is the directory and *OUT the project in it. On failure, removes the directory and the
 * server started for it; if the command is killed, both remain.
 */
struct error *clone_project(struct project **out, void *ctx, struct clone *clone) MUST_CHECK;

#endif
