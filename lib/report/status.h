/* The state of everything, from local data: uses no network and starts nothing. */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "publish/lock.h"
#include "project/project.h"
#include "report/release_info.h"

enum status_server {
	STATUS_SERVER_OTHER, /* not a private server */
	STATUS_SERVER_NOT_MADE,
	STATUS_SERVER_STOPPED,
	STATUS_SERVER_RUNNING
};

struct status {
	const char *production; /* version */
	const char *remote;     /* the remote that the project is shared through; NULL: none */
	long long fetched;      /* when it was last fetched, seconds since the epoch; 0: never */
	const char *branch;     /* checked out; NULL: detached */
	const char *upstream;   /* the remote branch that corresponds to it; NULL: none */
	size_t ahead, behind;   /* commits, relative to the upstream */
	size_t changes;         /* tracked files with uncommitted changes */
	struct release_info *releases; /* in preparation, complete, lowest first */
	size_t release_count;
	struct lock_info *locks; /* on branches */
	size_t lock_count;
	enum status_server server;
	const char *database;         /* name; NULL: unknown, because the server is stopped */
	const char *database_version; /* NULL: no version, or not managed by hop */
	/* If that version is in preparation: the one that it is built on; NULL otherwise. */
	const char *database_base;
	const char *database_role; /* NULL: not managed by hop */
	/* Those newer than production: "12-a 13-b"; NULL: none. */
	const char *database_patches;
	const char *database_under_way; /* a release; NULL: none */
	size_t database_scripts;        /* data scripts of its version that have not run in it */
	const char *database_problem;   /* why it could not be queried; NULL: it was */
};

/* DATABASE: --database; NULL: not given. */
struct error *status_read(struct status *out, void *ctx, struct project *p,
			  const char *database) MUST_CHECK;

#endif
