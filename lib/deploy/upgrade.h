/*
 * Upgrades a production database. A release is one transaction with hop's rows, unless it has steps
 * outside of one: then these are recorded, and the next upgrade continues behind those that are
 * done.
 */
#ifndef DEPLOY_UPGRADE_H
#define DEPLOY_UPGRADE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "deploy/pending.h"
#include "project/project.h"
#include "port/db.h"
#include "run/watch.h"

struct upgrade {
	struct project *project;
	char *conninfo;
	char *copy;    /* the name of a copy that takes the place of its database; NULL: none */
	struct db *db; /* holds the lock, except with look */
	bool fresh;    /* an empty database, not marked yet */
	bool test;     /* it is or will be marked as a development database */
	struct pending *pending;
};

struct upgrade_request {
	const char *database;     /* --database, or NULL: see target_conninfo */
	const struct version *to; /* NULL: the newest release */
	bool fetch;               /* fetch refs and tags first */
	bool look;                /* do not take the lock */
	const char *redo, *done;  /* see pending_decide; NULL: none */
	bool scripts;             /* no releases, only data scripts; any database of the project */
};

/* Fetches, connects, takes the lock and plans. Changes nothing. Freeing *OUT releases the lock. */
struct error *upgrade_open(struct upgrade **out, void *ctx, struct project *p,
			   const struct upgrade_request *request) MUST_CHECK;

struct upgrade_mode {
	bool atomic; /* one transaction around all releases */
	bool backup;
	bool disconnect;   /* end other sessions, see struct backup_request */
	bool accept_drift; /* show changes to the schema that no release made, and go on */
};

/*
 * Compares the database with its version, backs up and applies what is pending. ERROR_NO if it was
 * changed by other means (deploy/drift.h). Errors say what was rolled back, the version of the
 * database, and the location of the backup. ERROR_FAIL if a file fails; ERROR_AGAIN if a lock could
 * not be obtained.
 */
struct error *upgrade_apply(struct upgrade *u, const struct upgrade_mode *mode) MUST_CHECK;

/*
 * The same in U->copy, to which U->db is connected: nothing is compared or backed up. WATCH is told
 * what runs.
 */
struct error *upgrade_copy(struct upgrade *u, bool atomic,
			   const struct run_watch *watch) MUST_CHECK;

#endif
