/* What the files of deploy/upgrade share. */
#ifndef DEPLOY_UPGRADE_PRIVATE_H
#define DEPLOY_UPGRADE_PRIVATE_H

#include "deploy/upgrade.h"
#include "run/session.h"

/* The state of one upgrade_apply: the first four are given. */
struct upgrade_run {
	struct upgrade *u;
	bool atomic;
	char *settings; /* that files run under */
	char *backup;   /* where it is, or NULL */
	struct db *db;  /* that files run in: the upgrade's, or one of its own */
	struct run_session *session;
	const char *at;     /* version that is committed, NULL: none */
	const char *inside; /* release that is under way, NULL: between two */
	size_t number;      /* of the release, from 1 */
	bool committing;
};

/* Applies what is pending; an error says what was rolled back, and the version after that. */
struct error *upgrade_run(struct upgrade_run *run) MUST_CHECK;

#endif
