/* git hop init: create a project in the current repository. */
#ifndef CARE_INIT_H
#define CARE_INIT_H

#include "base/error.h"
#include "port/repo.h"

struct init {
	const char *name;       /* of the project; NULL: derived from the name of the directory */
	const char *database;   /* --database, NULL: none given */
	const char *origin;     /* --git-origin, NULL: none given */
	const char *as;         /* --as: RECORD_PRODUCTION or RECORD_DEVELOPMENT; NULL: asked */
	const char *place;      /* where the repository will be; NULL: where it is */
	const char *tag_prefix; /* --tag-prefix, NULL: not given */
	const char *namespace;  /* --ref-namespace, NULL: not given */
	const char *test;       /* --test, NULL: not given, "": the project has none */
	/* results, under the context given to init_project */
	char *chosen;     /* the name */
	char *test_found; /* the proposed test command, NULL: none */
	char *test_because;
	char *tag_found; /* a tag that keeps CONF_TAG_PREFIX from use, NULL: none */
	char *prefix_chosen;
	char *baseline;   /* the database that became version 0.0.0; NULL: it is empty */
	const char *role; /* of that database */
};

/*
 * Creates ho-prod with the project's files, as a child of the current commit (or as the first
 * commit), pushes it if there is a remote, and checks it out. A database that contains objects
 * becomes version 0.0.0: it is dumped, and schema hop in it marks it as production or as this
 * clone's development database. If anything fails, nothing has changed, except for objects that git
 * will collect.
 */
struct error *init_project(struct init *init, void *ctx) MUST_CHECK;

#endif
