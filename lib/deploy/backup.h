/* Backups of a production database: made before an upgrade, verified, the newest kept. */
#ifndef DEPLOY_BACKUP_H
#define DEPLOY_BACKUP_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/*
 * The directory for backups: hop.backupDir (relative to the worktree or, in a bare clone, to the
 * git directory), else .hop/backups in the worktree or hop/backups in the git directory of a bare
 * clone. It need not exist.
 */
char *backup_dir(void *ctx, struct project *p);

/* A database and where it is. */
struct backup_request {
	struct project *project;
	struct db *db;        /* holds the lock of the database (run/database_lock) */
	const char *conninfo; /* of DB */
	const char *version;  /* of the database; NULL: none */
	int lock_seconds;     /* to wait for locks on tables */
	bool disconnect;      /* end other sessions, for BACKUP_SNAPSHOT */
	/* A dump whatever hop.backup says, which removes no other: one is about to be restored. */
	bool before_rollback;
};

enum backup_kind {
	BACKUP_DUMP,     /* an archive of pg_dump */
	BACKUP_SNAPSHOT, /* a copy of the database on its server, closed to everybody */
	BACKUP_COMMAND,  /* whatever hop.backup = command:COMMAND makes */
};
/* That of hop.backup; COMMAND is NULL unless it is BACKUP_COMMAND. */
struct error *backup_kind_read(enum backup_kind *kind, char **command, void *ctx,
			       struct project *p) MUST_CHECK;

/*
 * Backs up the database of R as hop.backup says to DIR/PROJECT-DATABASE-HASH-VERSION-TIME, a new
 * folder for this user alone, and gives that path. The hash tells servers and projects apart whose
 * databases have one name. Space is checked before, and it is verified after, as hop.backupVerify
 * says; older backups of the database than the newest hop.backupKeep are removed. If nothing was
 * committed on the server since the newest one, that is *PATH, and MADE is false.
 * After an error nothing is left of it.
 */
struct error *backup_make(bool *made, char **path, void *ctx,
			  const struct backup_request *r) MUST_CHECK;

struct backup {
	const char *name; /* of its folder */
	const char *path;
	const char *database; /* quoted for display */
	const char *version;  /* of the database; "none" without one */
	const char *kind;     /* "dump", "snapshot" or "command" */
	const char *of;       /* the same for backups of one database */
	time_t time;          /* when it was begun */
	long long bytes;      /* of its files */
	char **facts;         /* see backup_facts.h */
};

/*
 * The finished backups of this project's databases, the newest first. Needs no server. What is
 * unfinished, of other projects or of other users is left out.
 */
struct error *backup_list(struct backup **out, size_t *count, void *ctx,
			  struct project *p) MUST_CHECK;
/* One of those by its name, or any other one of this project by its path. ERROR_NO: none. */
struct error *backup_find(struct backup *out, void *ctx, struct project *p,
			  const char *name) MUST_CHECK;
/* Those of the database of DB alone. */
struct error *backup_list_of(struct backup **out, size_t *count, void *ctx, struct project *p,
			     struct db *db) MUST_CHECK;

bool backup_is(const struct backup *backup, enum backup_kind kind);

/* Whether hop.backupVerify is "restore" and not "read", the default. */
struct error *backup_verify_mode(bool *by_restore, struct project *p) MUST_CHECK;
/*
 * Reads all of it. ERROR_FAIL, with what is wrong, if a file is missing or not as it was written,
 * or pg_restore cannot read it. Of a snapshot, whether the copy is there, on the server of R; of
 * what a command made, only whether its files are as it wrote them. BY_RESTORE: also restores it
 * into a scratch database on the server of R (else R may be NULL), which is dropped again, and
 * compares that with what was backed up; ERROR_NO if it is a backup of another database than that
 * of R.
 */
struct error *backup_verify(const struct backup *backup, const struct backup_request *r,
			    bool by_restore) MUST_CHECK;

/* Begins the transaction whose snapshot a dump and what is compared with it share. */
struct error *backup_begin(char **snapshot, void *ctx, struct db *db) MUST_CHECK;
/* How many jobs pg_dump and pg_restore get. */
int backup_jobs(void);
char *backup_size_text(void *ctx, double bytes); /* "12.3 MB" */

#endif
