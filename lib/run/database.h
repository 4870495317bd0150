/*
 * The databases of a server: made, copied, renamed, dropped. DB is a connection to another database
 * of the server, in no transaction; _sql is the statement alone, for a message of several.
 */
#ifndef RUN_DATABASE_H
#define RUN_DATABASE_H

#include <stdbool.h>

#include "base/error.h"
#include "port/db.h"

/* Empty: nothing in it but what every database has, in UTF8. */
struct error *database_create(struct db *db, const char *name) MUST_CHECK;
/*
 * Nobody may be connected to FROM. Settings, privileges and comment of FROM are not copied.
 * DURABLE: the server waits for its disk, so that copying file by file would be slow.
 */
char *database_copy_sql(void *ctx, struct db *db, const char *name, const char *from, bool durable);
/* Nobody may be connected to FROM: 55006 otherwise. */
char *database_rename_sql(void *ctx, struct db *db, const char *from, const char *to);
/* With the sessions in it; nothing happens when there is no such database. */
char *database_drop_sql(void *ctx, struct db *db, const char *name);
struct error *database_drop(struct db *db, const char *name) MUST_CHECK;
char *database_comment_sql(void *ctx, struct db *db, const char *name, const char *comment);

/* Ends the sessions of others in NAME. */
char *database_terminate_sql(void *ctx, struct db *db, const char *name);
/*
 * The same, and gives them a moment to go: a session that is ending holds a rename up for 100 ms.
 * There may be new ones afterwards.
 */
struct error *database_clear(struct db *db, const char *name) MUST_CHECK;
/* Closes *SESSION, which is connected to NAME (or NULL), and waits for NAME to be left. */
struct error *database_leave(struct db *db, struct db **session, const char *name) MUST_CHECK;

/* The role that owns NAME; NULL when there is no such database. */
struct error *database_owner(char **owner, void *ctx, struct db *db, const char *name) MUST_CHECK;

/* After an error in a transaction; a signal does not stop it, and its own failure does not count:
 * without a connection the server rolls back by itself. */
void database_rollback(struct db *db);

#endif
