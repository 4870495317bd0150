/* Shared by the files of port/db. */
#ifndef PORT_DB_PRIVATE_H
#define PORT_DB_PRIVATE_H

#include <libpq-fe.h>

#include "port/db.h"

struct db {
	PGconn *conn;
	PGcancel *cancel;
	char *user_options;       /* the user's "options", without ours; may be NULL */
	const char *own_settings; /* statements that set what hop's own run under, see db.h */
	bool own_path;            /* these are in effect */
	void (*notice)(void *arg, const char *severity, const char *text);
	void *notice_arg;
	void (*wait)(void *arg);
	void *wait_arg;
};

/* ERROR_USAGE if libpq cannot parse CONNINFO, or would show a part of its password in messages. */
struct error *db_check_conninfo(const char *conninfo) MUST_CHECK;
/* ERROR_USAGE if NAME (may be NULL), of a database, is a URI: it may contain a password. */
struct error *db_check_name(const char *name) MUST_CHECK;

/* If the settings of hop's own statements are not in effect: sets them, or puts them into *SQL. */
struct error *db_take_path(const char **sql, void *ctx, struct db *db, bool extended) MUST_CHECK;
/*
 * Sends one statement with the extended protocol or, if EXTENDED is false, several with the simple
 * one.
 */
struct error *db_send(struct db *db, const char *sql, const char *const *args, size_t count,
		      bool extended) MUST_CHECK;
/* The next result; NULL after the last one. A signal cancels the statement. */
PGresult *db_next(struct db *db);
/* Call this after db_next has returned NULL. BEGAN is log_clock() before db_send. */
void db_done(const char *what, double began);
/*
 * Ends an unexpected COPY: sends no rows, which is an error on the server, or discards those
 * received.
 */
void db_end_copy(struct db *db, ExecStatusType status);
/* Rows that own RESULT. */
struct rows *db_rows(void *ctx, PGresult *result);
/* The error in a failed result; ERROR_SIGNALLED if a signal cancelled the statement. */
struct error *db_result_error(struct db *db, const PGresult *result) MUST_CHECK;
/* The same for a connection that was lost. */
struct error *db_lost(struct db *db) MUST_CHECK;
/* ERROR_AGAIN if the statement may succeed next time, else ERROR_FAIL. */
enum error_code db_code(const char *sqlstate);
/* The first line of a message from libpq. */
char *db_first_line(const void *ctx, const char *text);
/* DB is about to be freed: the signal handler must not use it. */
void db_forget(const struct db *db);
/* The notice receiver passed to libpq; DB is a struct db. */
void db_notice(void *db, const PGresult *result);

#endif
