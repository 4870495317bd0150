/* Shared by the files of promote.h: the steps of a promotion. */
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
	/* set by promote_choose.c; valid during the attempt */
	const struct catalog *catalog;
	struct open_release release; /* the release to promote */
	struct version version;      /* the version that it becomes */
	const char *prod;            /* the commit of ho-prod */
	/* promote_commit.c */
	bool owed;    /* the release lacks commits of ho-prod */
	char *commit; /* the promoted commit */
	char *tag;    /* the tag object */
};

/* promote_choose.c: chooses the release; ERROR_NO if it cannot be promoted. */
struct error *promote_choose(struct promotion *job, void *ctx) MUST_CHECK;

/*
 * promote_commit.c: builds and tests the release, and makes the commit and the tag. If there are
 * tests, takes the locks on the branches that the promotion moves.
 */
struct error *promote_commit(struct promotion *job, void *ctx) MUST_CHECK;

/* promote.c: takes the locks, so that commands that would move these branches wait. */
struct error *promote_lock(struct promotion *job, void *ctx, bool tests) MUST_CHECK;

#endif
