/* Restores a backup into a new database next to the one that it is of, and compares it. */
#ifndef DEPLOY_RESTORE_H
#define DEPLOY_RESTORE_H

#include "base/error.h"
#include "deploy/backup.h"
#include "port/db.h"

struct restore {
	struct db *server;    /* connected to another database of the server */
	const char *conninfo; /* of that server */
	const char *like;     /* the database whose encoding, locale, owner etc. the new one gets */
	const struct backup *backup;
};

/* Connects to a maintenance database on the server of CONNINFO, not to NAME. */
struct error *restore_server(struct db **out, void *ctx, const char *conninfo,
			     const char *name) MUST_CHECK;
/* ERROR_NO, saying WHY it is asked, unless the role of DB may create databases. */
struct error *restore_may_create(struct db *db, const char *why) MUST_CHECK;

/*
 * Creates the database NEW, in place of one of that name, and restores the backup into it. *DB is
 * connected to it. ERROR_FAIL, with the differences, if its version, its objects or their number is
 * not what was backed up. After an error, NEW does not exist.
 */
struct error *restore_aside(struct db **db, void *ctx, const struct restore *r,
			    const char *new) MUST_CHECK;
/*
 * ERROR_FAIL, with the differences, if the objects of the database DBNAME on the server of DB, as
 * SNAPSHOT (NULL: a new one) shows them, are not those in the backup.
 */
struct error *restore_compare(const struct backup *backup, struct db *db, const char *dbname,
			      const char *snapshot) MUST_CHECK;
/* ERROR_FAIL unless COUNTS (the lines of backup_facts_counts) are those of the backup. */
struct error *restore_compare_counts(const struct backup *backup, const char *counts) MUST_CHECK;

#endif
