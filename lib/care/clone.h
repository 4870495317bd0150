/* git hop clone: a project from elsewhere, with its database. */
#ifndef CARE_CLONE_H
#define CARE_CLONE_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"

struct clone {
	const char *url;
	const char *dir;      /* NULL: from the URL, as git does */
	const char *database; /* --database; of a production clone, or for development */
	bool production;
	const char *at; /* --at VERSION, NULL: none */
	bool yes;
};

/*
 * Clones into a folder of another name, goes there (chdir), prepares the database, and renames
 * the folder when all is done. Whatever fails, no folder is left. *OUT is the project.
 */
struct error *clone_project(struct project **out, void *ctx, struct clone *clone) MUST_CHECK;

#endif
