/* Shared by the files of deploy/upgrade. */
#ifndef DEPLOY_UPGRADE_PRIVATE_H
#define DEPLOY_UPGRADE_PRIVATE_H

#include "deploy/upgrade.h"
#include "run/bootstrap.h"
#include "run/session.h"

/* The state of one upgrade_apply: the first six are given. */
struct upgrade_run {
	struct upgrade *u;
	bool atomic;
	int retries;
	char *settings;                  /* that files run under */
	char *backup;                    /* where it is, or NULL */
	const struct run_watch *look_on; /* is told what runs; NULL: nobody */
	struct db *db;                   /* that files run in: the upgrade's, or one of its own */
	struct run_session *session;
	const char *at;     /* version that is committed, NULL: none */
	const char *inside; /* release that is under way, NULL: between two */
	/* The same, if it is not one transaction. */
	struct pending_release *steps;
	const char *script; /* data script that is under way, between two releases; or NULL */
	size_t number;      /* of the release, from 1 */
	bool committing;
	bool apart;       /* files run one by one */
	bool misjudged;   /* they have to, and the release has to run again */
	struct db *watch; /* see upgrade_watch; NULL: none yet */
	bool blind;       /* it cannot be had */
	double next_look;
	char **in_way; /* who was seen last, or NULL */
};

/* Applies what is pending; an error says what was rolled back, and the version after that. */
struct error *upgrade_run(struct upgrade_run *run) MUST_CHECK;

/* upgrade_release.c. Applies a release, from where it was interrupted. */
struct error *upgrade_release(struct upgrade_run *run, struct pending_release *release) MUST_CHECK;
/* Shows progress: the file that runs. */
void upgrade_tell_file(const struct upgrade_run *run, const char *name);
/* Adds to ERR what is done of the release that is under way. */
struct error *upgrade_add_progress(struct error *err, struct upgrade_run *run) MUST_CHECK;

/* A connection without a past for files. Not the upgrade's own, which holds the lock. */
struct error *upgrade_connect(struct upgrade_run *run) MUST_CHECK;

/* Begins a transaction for files, on a new connection if the session may be left with something. */
struct error *upgrade_begin(struct upgrade_run *run) MUST_CHECK;
/* After an error, run->committing tells that the transaction may have been committed. */
struct error *upgrade_commit(struct upgrade_run *run) MUST_CHECK;

/* upgrade_scripts.c. Runs data scripts, each in a transaction of its own. */
struct error *upgrade_scripts(struct upgrade_run *run,
			      const struct pending_scripts *scripts) MUST_CHECK;
/* The same in the transaction of all releases. */
struct error *upgrade_scripts_inside(struct upgrade_run *run,
				     const struct pending_scripts *scripts) MUST_CHECK;

/* upgrade_wait.c. Names who is in the way while files wait for locks. */
void upgrade_watch(struct upgrade_run *run);
/*
 * Whether *ERR is one that may go well the next time: rolls back, waits and connects again. When
 * waiting or connecting fails, *ERR is that error.
 */
bool upgrade_again(struct error **err, struct upgrade_run *run, int attempt);
struct error *upgrade_add_in_way(struct error *err, struct upgrade_run *run) MUST_CHECK;
/* Makes the backup, and names who keeps it from reading a table. */
struct error *upgrade_back_up(struct upgrade_run *run, void *ctx, bool disconnect) MUST_CHECK;

/* upgrade_server.c. ERROR_NO for a server or role that changes nothing; warns of a timeout. */
struct error *upgrade_check_server(struct db *db) MUST_CHECK;
/* The settings under which files run; locks are waited for for LOCK_SECONDS. */
char *upgrade_settings(void *ctx, struct db *db, int lock_seconds);

#endif
