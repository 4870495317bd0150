/* What the files of promote.h share: the steps from a release branch to what is published. */
#ifndef RELEASE_PROMOTE_PRIVATE_H
#define RELEASE_PROMOTE_PRIVATE_H

#include <stdbool.h>

#include "project/catalog.h"
#include "release/promote.h"
#include "publish/publication.h"
#include "publish/session.h"
#include "build/dev_server.h"

struct promotion {
	struct project *project;
	struct session *session;
	struct dev_server *dev;
	struct promote *request;
	bool again; /* a retry: it must still be the same release */
	struct version meant;
	/* promote_choose.c; what it has from an attempt lives as long as that attempt */
	const struct catalog *catalog;
	struct open_release release; /* the one of those open */
	struct version version;      /* that it becomes */
	const char *prod;            /* the commit that ho-prod is at */
	/* promote_commit.c */
	bool owed;    /* the release does not have all of ho-prod yet */
	char *commit; /* what is promoted */
	char *tag;    /* the tag object */
};

/* promote_choose.c: which release it is, and that it may be promoted; ERROR_NO says why not. */
struct error *promote_choose(struct promotion *job, void *ctx) MUST_CHECK;

/*
 * promote_commit.c: proves the release, and makes the commit and the tag from the database that was
 * built. Takes the locks on what a promotion moves when tests are to run.
 */
struct error *promote_commit(struct promotion *job, void *ctx) MUST_CHECK;

/* promote.c: other commands that would move these branches wait while they are tested. */
struct error *promote_lock(struct promotion *job, void *ctx, bool tests) MUST_CHECK;

#endif
