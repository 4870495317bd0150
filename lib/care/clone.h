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
 * clone->dir is the directory and *OUT the project in it.
 *
 * The repository is cloned into a draft and renamed when it is complete; then its database is
 * prepared. On failure, the directory and the server started for it are removed. If the command is
 * killed, the next one removes the draft or, with the same arguments, finishes the clone, which it
 * then never removes.
 */
struct error *clone_project(struct project **out, void *ctx, struct clone *clone) MUST_CHECK;

#endif
