/*
 * Access to PostgreSQL; the only user of libpq. Values are always parameters ($n); names are quoted
 * with db_ident.
 *
 * hop's own statements run with search_path = pg_catalog, pg_temp, so that they never call what
 * another role has created, and without the timeouts and the read-only transactions that a database
 * or a role is set to for others. The functions below see to that, but for db_run_text and
 * db_exec_session, which run the text of files and what prepares a session for it. If a statement
 * of hop's own sets another path, that one lasts until the transaction ends.
 */
#ifndef PORT_DB_H
#define PORT_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define DB_OLDEST_MAJOR 13 /* of PostgreSQL that is supported */
#define DB_OWN_PATH                                                          \
	"SET search_path = pg_catalog, pg_temp; SET statement_timeout = 0; " \
	"SET idle_in_transaction_session_timeout = 0;"

struct db;   /* a connection; freeing it closes it */
struct rows; /* a result */

/*
 * Connects. CONNINFO is a libpq connection string or URI, "" to use only the PG* variables; DBNAME
 * (may be NULL) overrides its database. Sets application_name ("git hop COMMAND"), client_encoding
 * UTF8, search_path = public, DateStyle ISO, standard_conforming_strings on and client_min_messages
 * warning as session defaults, to which RESET ALL returns, and enables TCP keepalives, on
 * both sides, that find a broken connection within half a minute. The user's options are kept, but
 * these take precedence, except over keepalives; PGDATESTYLE, PGTZ and PGGEQO are unset in the
 * environment, because libpq would let them override ours. ERROR_USAGE: malformed CONNINFO; the
 * message does not contain it, because it may contain a password. ERROR_AGAIN: nothing answers, or
 * the server is starting or has too many connections. ERROR_FAIL: anything else.
 */
struct error *db_connect(struct db **out, void *ctx, const char *conninfo,
			 const char *dbname) MUST_CHECK;
/*
 * ERROR_USAGE if CONNINFO must not be stored in a configuration: it is malformed or contains a
 * password.
 */
struct error *db_check_storable(const char *conninfo) MUST_CHECK;
void db_set_application(const char *command); /* call before connecting; not copied */

/*
 * The database named by CONNINFO, the PG* variables or the service file. NULL: none is named, so
 * libpq would use the user's name.
 */
struct error *db_target(char **dbname, void *ctx, const char *conninfo) MUST_CHECK;

const char *db_name(const struct db *db);
const char *db_host(const struct db *db); /* may be "" or NULL: a socket, or the default */
const char *db_user(const struct db *db);
int db_server_version(const struct db *db); /* 150020 */
int db_backend_pid(const struct db *db);
bool db_in_transaction(const struct db *db); /* in a transaction block that is not aborted */
bool db_idle(const struct db *db);           /* in no transaction block */

/*
 * The PG* variables with which other programs connect to the same database, in the form of
 * proc.env: a "NAME" alone unsets a variable. May contain the password, so never put them into
 * argv. NULL-terminated.
 */
char **db_env(void *ctx, const struct db *db, const char *dbname);
/* A keyword=value of a connection string, quoted if necessary: "dbname=shop". */
char *db_word(void *ctx, const char *keyword, const char *value);
/* A connection string without the password, for messages: "host=/tmp port=5432 dbname=shop". */
char *db_describe(void *ctx, const struct db *db);

#define DB_ARGS(...)                                \
	((const char *const[]){__VA_ARGS__, NULL}), \
		(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define DB_NO_ARGS NULL, 0

/* Runs one statement with the extended protocol. rows_text returns NULL for an SQL NULL. */
struct error *db_query(struct rows **out, void *ctx, struct db *db, const char *sql,
		       const char *const *args, size_t count) MUST_CHECK;
struct error *db_exec(struct db *db, const char *sql, const char *const *args,
		      size_t count) MUST_CHECK;
/* Runs one or more of hop's own statements in one message, without parameters. */
struct error *db_exec_simple(struct db *db, const char *sql) MUST_CHECK;
/* The same with the search_path of the session, which they may set for the files that follow. */
struct error *db_exec_session(struct db *db, const char *sql) MUST_CHECK;
/* The same; returns the rows of the last statement. */
struct error *db_query_simple(struct rows **out, void *ctx, struct db *db,
			      const char *sql) MUST_CHECK;
/*
 * Sends one statement without waiting for the result: the server completes it even if we exit. The
 * connection cannot be used afterwards.
 */
void db_send_and_leave(struct db *db, const char *sql);

int rows_count(const struct rows *rows);
int rows_width(const struct rows *rows); /* columns */
const char *rows_text(const struct rows *rows, int row, int column);
long long rows_number(const struct rows *rows, int row, int column);
bool rows_true(const struct rows *rows, int row, int column);

/* Quote names, and values in statements that do not accept parameters. */
char *db_ident(void *ctx, struct db *db, const char *name);
char *db_literal(void *ctx, struct db *db, const char *text);

/*
 * Runs a piece of a file's text (see core/script.h) with the simple protocol. DATA (may be NULL) is
 * sent if the last statement is COPY FROM STDIN. WHERE->last is the last row returned. On an error,
 * position is the character in TEXT (from 1) that the server reported, or 0, and done is the number
 * of statements completed before it.
 */
struct db_script_error {
	size_t position;
	size_t done;
	char *context;     /* PG_DIAG_CONTEXT, or NULL; under ctx */
	int copy_line;     /* of "COPY t, line N" */
	struct rows *last; /* one row, or NULL; under ctx */
};
struct error *db_run_text(struct db_script_error *where, void *ctx, struct db *db, const char *text,
			  const char *data, size_t data_length) MUST_CHECK;
/*
 * The same without DATA. MARKS are numbers of statements, from 0 and ascending: the last row of
 * each goes to ROWS[i], which is NULL for one that was not reached, or has returned none.
 */
struct error *db_run_marked(struct db_script_error *where, struct rows **rows, void *ctx,
			    struct db *db, const char *text, const size_t *marks,
			    size_t count) MUST_CHECK;

/*
 * Runs SQL, a COPY ... TO STDOUT, and appends its rows to *TEXT, which may be NULL at first. *TEXT
 * does not grow beyond LIMIT bytes: further rows are discarded, and *FULL is set to true.
 */
struct error *db_copy_out(char **text, bool *full, void *ctx, struct db *db, const char *sql,
			  size_t limit) MUST_CHECK;

/*
 * FN is called for each notice and warning of the server while a statement runs. NULL: they are
 * passed to debug().
 */
void db_on_notice(struct db *db, void (*fn)(void *arg, const char *severity, const char *text),
		  void *arg);

/*
 * Called about four times a second while a statement runs on DB. It may use other connections, but
 * not this one.
 */
void db_on_wait(struct db *db, void (*fn)(void *arg), void *arg);

/* Does ERR have this SQLSTATE? */
bool db_error_is(const struct error *err, const char *sqlstate);

#endif
