/*
 * Creates, copies, renames and drops databases. DB is connected to another database on the server
 * and not in a transaction. Functions named _sql return the statement, for use in a message with
 * others.
 */
#ifndef RUN_DATABASE_H
#define RUN_DATABASE_H

#include <stdbool.h>

#include "base/error.h"
#include "port/db.h"

/* Creates an empty database (from template0) with encoding UTF8. */
struct error *database_create(struct db *db, const char *name) MUST_CHECK;
/*
 * No session may be connected to FROM. Settings, privileges and comment of FROM are not copied.
 * DURABLE: the server waits for its disk, so copying file by file would be slow.
 */
char *database_copy_sql(void *ctx, struct db *db, const char *name, const char *from, bool durable);
/*
 * The name of a database that stands for another one of the project with this ID, or for its backup
 * NAME: the same for the same KIND (a letter) and NAME.
 */
struct error *database_name_for(char **out, void *ctx, const char *project_id, char kind,
				const char *name) MUST_CHECK;
/* No session may be connected to FROM; otherwise SQLSTATE 55006. */
char *database_rename_sql(void *ctx, struct db *db, const char *from, const char *to);
/* Terminates its sessions. Does nothing if the database does not exist. */
char *database_drop_sql(void *ctx, struct db *db, const char *name);
struct error *database_drop(struct db *db, const char *name) MUST_CHECK;
char *database_comment_sql(void *ctx, struct db *db, const char *name, const char *comment);

/* Whether NAME takes connections. */
char *database_allow_sql(void *ctx, struct db *db, const char *name, bool allow);

/* Terminates other sessions in NAME. */
char *database_terminate_sql(void *ctx, struct db *db, const char *name);
/*
 * The same, and waits a moment for their end: a session that is ending delays a rename by 100 ms.
 * New sessions can start afterwards.
 */
struct error *database_clear(struct db *db, const char *name) MUST_CHECK;
/*
 * Closes *SESSION, which is connected to NAME or NULL, and waits until no session is connected to
 * NAME.
 */
struct error *database_leave(struct db *db, struct db **session, const char *name) MUST_CHECK;

/* May the role of DB create databases? */
struct error *database_may_create(bool *may, struct db *db) MUST_CHECK;

/* The role that owns NAME; NULL if the database does not exist. */
struct error *database_owner(char **owner, void *ctx, struct db *db, const char *name) MUST_CHECK;

/* Bytes on the server's disk of the database that DB is connected to. */
struct error *database_size(long long *bytes, struct db *db) MUST_CHECK;

/*
 * Rolls back after an error in a transaction, even after a signal. Ignores errors: if the
 * connection is lost, the server rolls back.
 */
void database_rollback(struct db *db);

#endif
