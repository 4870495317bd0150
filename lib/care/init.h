/* git hop init: a project in the repository here. */
#ifndef CARE_INIT_H
#define CARE_INIT_H

#include "base/error.h"
#include "port/repo.h"

struct init {
	const char *name;     /* of the project; NULL: from the name of the folder */
	const char *database; /* --database, NULL: none given */
	const char *origin;   /* --git-origin, NULL: none given */
	const char *test;     /* --test, NULL: not given, "": the project has none */
	/* results, under the context given to init_project */
	char *chosen;     /* the name */
	char *test_found; /* the proposed test command, NULL: none */
	char *test_because;
	char *baseline; /* name of the database that became version 0.0.0, NULL: it starts empty */
};

/*
 * Makes ho-prod with the project's files, as a child of the commit that is checked out (or as
 * the first one), pushes it where there is a remote, and stands on it. A database with objects
 * becomes version 0.0.0: it is dumped, and schema hop in it says that it is production. Whatever
 * fails, nothing was made, but for objects that git will collect.
 */
struct error *init_project(struct init *init, void *ctx) MUST_CHECK;

#endif
