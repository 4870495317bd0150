/* Brings a production database to a newer release, each in one transaction with hop's rows. */
#ifndef DEPLOY_UPGRADE_H
#define DEPLOY_UPGRADE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "deploy/pending.h"
#include "project/project.h"
#include "port/db.h"

struct upgrade {
	struct project *project;
	char *conninfo;
	struct db *db; /* holds the lock, unless it is for looking only */
	bool fresh;    /* an empty database, not marked yet */
	bool test;     /* it is, or will be, marked as one for development */
	struct pending *pending;
};

struct upgrade_request {
	const char *database;     /* --database, or NULL: see target_conninfo */
	const struct version *to; /* NULL: the newest release */
	bool fetch;               /* bring refs and tags up to date first */
	bool look;                /* for looking only: no lock */
};

/* Fetches, connects, locks and plans. Nothing is changed. Freeing *OUT gives the lock back. */
struct error *upgrade_open(struct upgrade **out, void *ctx, struct project *p,
			   const struct upgrade_request *request) MUST_CHECK;

struct upgrade_mode {
	bool atomic; /* one transaction around all releases */
	bool backup;
};

/*
 * Backs up and applies what is pending. An error says what was rolled back, which version the
 * database is at, and where the backup is. ERROR_FAIL for a file that fails; ERROR_AGAIN for a
 * lock that was not to be had.
 */
struct error *upgrade_apply(struct upgrade *u, const struct upgrade_mode *mode) MUST_CHECK;

#endif
