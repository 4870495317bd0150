/* Shared by the files of backups. */
#ifndef DEPLOY_BACKUP_PRIVATE_H
#define DEPLOY_BACKUP_PRIVATE_H

#include "deploy/backup.h"

#define BACKUP_NO_VERSION "none"
#define BACKUP_UNFINISHED ".part"
#define BACKUP_STAMP_LENGTH 16 /* 20260701T120000Z */

/* A backup by its name: PROJECT-DATABASE-HASH-VERSION-STAMP[-NUMBER][.part]. */
struct backup_name {
	char *name;
	char stamp[BACKUP_STAMP_LENGTH + 1];
	int number;
	struct timespec written;
	bool unfinished;
};

/* Whether NAME is that of a backup of the database of PREFIX. */
bool backup_name_parse(struct backup_name *out, void *ctx, const char *prefix, const char *name);
/* What others put at PATH under such a name is neither counted nor removed. */
bool backup_name_is_ours(struct backup_name *name, const char *path);
/* For qsort. */
int backup_name_newest_first(const void *a, const void *b);

/* What the names of all backups of the database of DB begin with. */
struct error *backup_prefix(char **out, void *ctx, struct project *p, struct db *db) MUST_CHECK;

/* The newest finished backup that begins with PREFIX; NULL: there is none. */
struct error *backup_newest(char **path, void *ctx, const char *dir, const char *prefix) MUST_CHECK;

/* A backup that is being made; a talloc context. */
struct backup_making {
	const struct backup_request *request;
	char *dir, *prefix;
	enum backup_kind kind;
	char *command;   /* of BACKUP_COMMAND */
	bool by_restore; /* see backup_verify */
	int keep;
	char *own; /* numbers of transactions that are no change of the database; NULL: none */
};

/* backup_kind.c. Refuses what cannot be done, before anything is written. */
struct error *backup_kind_check(const struct backup_making *m) MUST_CHECK;
const char *backup_kind_name(enum backup_kind kind);

/* backup_place.c. Makes DIR, or ERROR_NO for one that others could change. */
struct error *backup_make_dir(const char *dir, const struct project *p) MUST_CHECK;
struct error *backup_check_space(const char *dir, const struct db *db, long long size) MUST_CHECK;
/*
 * The first path in DIR that was never used, and its folder with the ending ".part", which is made
 * here and stays locked by FD.
 */
struct error *backup_make_part(char **out, int *fd, void *ctx, const char *dir, const char *prefix,
			       const char *version) MUST_CHECK;

/* The facts about a backup, as the transaction of its database sees it. */
struct error *backup_facts_of(char **text, void *ctx, const struct backup_making *m) MUST_CHECK;

/*
 * backup_snapshot.c. Copies the database for the backup NAME; *FACTS are all facts about it.
 * ERROR_NO if other sessions are connected, and the request does not say to end them.
 */
struct error *backup_snapshot(char **facts, void *ctx, struct backup_making *m,
			      const char *name) MUST_CHECK;
/* The name of the copy for the backup NAME. */
struct error *backup_snapshot_name(char **out, void *ctx, const struct project *p,
				   const char *name) MUST_CHECK;
/* Drops the copy for the backup NAME, if it exists. */
struct error *backup_snapshot_drop(struct backup_making *m, const char *name) MUST_CHECK;
/* Checks the free space, if the server is on this machine and says where its files are. */
struct error *backup_snapshot_space(struct db *db, long long size) MUST_CHECK;
/* ERROR_FAIL unless its copy is on the server of DB, and closed. */
struct error *backup_snapshot_check(const struct backup *backup, struct db *db) MUST_CHECK;
/* Runs SQL, one transaction, and adds its number to those in m->own if that is certain. */
struct error *backup_run_own(struct backup_making *m, const char *sql) MUST_CHECK;

/* backup_command.c. Runs the command of the user; what it puts into the folder PART stays. */
struct error *backup_command(char **facts, void *ctx, struct backup_making *m,
			     const char *part) MUST_CHECK;

/* backup_dump.c. Fills the folder PART; *FACTS are all facts about it. */
struct error *backup_dump(char **facts, void *ctx, const struct backup_making *m,
			  const char *part) MUST_CHECK;

/*
 * Removes the backups of the database that earlier runs did not finish, and of the finished ones
 * all but the newest KEEP. MADE (may be NULL) is the path of the newest, whatever the stamps say:
 * the clock may have been set back.
 */
struct error *backup_prune(struct backup_making *m, int keep, const char *made) MUST_CHECK;

/* As backup_verify, but reads only the table of contents. */
struct error *backup_verify_quickly(const struct backup *backup,
				    const struct backup_request *r) MUST_CHECK;

#endif
