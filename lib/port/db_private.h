/* What the files of port/db share; no other file includes it. */
#ifndef PORT_DB_PRIVATE_H
#define PORT_DB_PRIVATE_H

#include <libpq-fe.h>

#include "port/db.h"

struct db {
	PGconn *conn;
	PGcancel *cancel;
	char *user_options; /* the "options" that the user gave, without ours; may be NULL */
	void (*notice)(void *arg, const char *severity, const char *text);
	void *notice_arg;
	void (*wait)(void *arg);
	void *wait_arg;
};

/* ERROR_USAGE when libpq cannot read CONNINFO, or would show a part of a password in it. */
struct error *db_check_conninfo(const char *conninfo) MUST_CHECK;

/* Sends one statement (extended protocol), or with EXTENDED false a text of several. */
struct error *db_send(struct db *db, const char *sql, const char *const *args, size_t count,
		      bool extended) MUST_CHECK;
/* The next result, NULL after the last one. A signal cancels the statement. */
PGresult *db_next(struct db *db);
/* To be called after db_next said NULL, with the clock of before db_send. */
void db_done(const char *what, double began);
/* Ends a COPY that nobody wants: no rows in (an error from the server), rows out thrown away. */
void db_end_copy(struct db *db, ExecStatusType status);
/* RESULT as rows, which clear it. */
struct rows *db_rows(void *ctx, PGresult *result);
/* What a failed result says; ERROR_SIGNALLED when it was a signal that cancelled. */
struct error *db_result_error(struct db *db, const PGresult *result) MUST_CHECK;
/* The same for a connection that is of no use any more. */
struct error *db_lost(struct db *db) MUST_CHECK;
/* ERROR_AGAIN for what may go well the next time, else ERROR_FAIL. */
enum error_code db_code(const char *sqlstate);
/* The first line of a message of libpq's. */
char *db_first_line(const void *ctx, const char *text);
/* DB is about to go: no signal may cancel on it. */
void db_forget(const struct db *db);
/* A notice receiver: libpq calls it with the struct db. */
void db_notice(void *db, const PGresult *result);

#endif
