/* Where everything stands, from what is here: no network, nothing is started. */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "publish/lock.h"
#include "project/project.h"
#include "report/release_info.h"

enum status_server {
	STATUS_SERVER_OTHER, /* not a private one */
	STATUS_SERVER_NOT_MADE,
	STATUS_SERVER_STOPPED,
	STATUS_SERVER_RUNNING
};

struct status {
	const char *production; /* version */
	const char *remote;     /* name of the remote that all share; NULL: none */
	long long fetched;      /* seconds since the epoch: what is known of it; 0: never */
	const char *branch;     /* checked out; NULL: detached */
	const char *upstream;   /* what the branch is compared with; NULL: nothing there */
	size_t ahead, behind;   /* commits, against the upstream */
	size_t changes; /* paths with changes that are not committed, untracked ones left out */
	struct release_info *releases; /* in preparation, complete, lowest first */
	size_t release_count;
	struct lock_info *locks; /* on branches */
	size_t lock_count;
	enum status_server server;
	const char *database;         /* name; NULL: not known, since the server does not run */
	const char *database_version; /* NULL: at none, or not hop's */
	const char *database_role;    /* NULL: not hop's */
	const char *
		/* of the release in preparation that is in it: "12-a 13-b"; NULL: none */
		database_patches;
	const char *database_problem; /* why nothing is known of it; NULL: something is */
};

/* DATABASE: --database, NULL: none given. */
struct error *status_read(struct status *out, void *ctx, struct project *p,
			  const char *database) MUST_CHECK;

#endif
