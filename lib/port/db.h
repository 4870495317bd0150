/* PostgreSQL. The only user of libpq. Values are always $n; names go through db_ident. */
#ifndef PORT_DB_H
#define PORT_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define DB_OLDEST_MAJOR 13 /* of PostgreSQL that is supported */

struct db;   /* a connection; freeing it closes it */
struct rows; /* a result */

/*
 * Connects. CONNINFO is a libpq string or URI, "" for PG* alone; DBNAME (may be NULL) replaces its
 * database. Sets application_name ("git hop COMMAND"), client_encoding UTF8, search_path = public,
 * DateStyle ISO, standard_conforming_strings on, client_min_messages warning, all as session
 * defaults that RESET ALL goes back to; TCP keepalives on. The options that the user gave stay,
 * ours win. PGDATESTYLE, PGTZ and PGGEQO are unset in the environment: libpq would let them win.
 * A malformed conninfo is ERROR_USAGE, without the text of it (it may hold a password); a server
 * that refuses, starts, is full or does not answer is ERROR_AGAIN; the rest ERROR_FAIL.
 */
struct error *db_connect(struct db **out, void *ctx, const char *conninfo,
			 const char *dbname) MUST_CHECK;
/* May CONNINFO be written into a configuration? ERROR_USAGE when it is malformed or holds a
 * password. */
struct error *db_check_storable(const char *conninfo) MUST_CHECK;
void db_set_application(const char *command); /* before connecting; a string that lives on */

/* The database that CONNINFO, PG* and service file name; NULL: the default, that of the user. */
struct error *db_target(char **dbname, void *ctx, const char *conninfo) MUST_CHECK;

const char *db_name(const struct db *db);
const char *db_user(const struct db *db);
int db_server_version(const struct db *db); /* 150020 */
int db_backend_pid(const struct db *db);
bool db_in_transaction(const struct db *db); /* in a block that is not failed */
bool db_idle(const struct db *db);           /* in no block */

/*
 * PG* variables that lead other programs to the same place, as struct proc takes them: "NAME" alone
 * unsets one of the caller's. The password may be among them: never to argv. NULL-terminated.
 */
char **db_env(void *ctx, const struct db *db, const char *dbname);
/* A word of a conninfo, quoted where that is needed: "dbname=shop". */
char *db_word(void *ctx, const char *keyword, const char *value);
/* As conninfo words without a password, for messages: "host=/tmp port=5432 dbname=shop". */
char *db_describe(void *ctx, const struct db *db);

#define DB_ARGS(...)                                \
	((const char *const[]){__VA_ARGS__, NULL}), \
		(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define DB_NO_ARGS NULL, 0

/* One statement, extended protocol. rows_text gives NULL for SQL NULL. */
struct error *db_query(struct rows **out, void *ctx, struct db *db, const char *sql,
		       const char *const *args, size_t count) MUST_CHECK;
struct error *db_exec(struct db *db, const char *sql, const char *const *args,
		      size_t count) MUST_CHECK;
/* Several statements of hop's own in one message, no values. */
struct error *db_exec_simple(struct db *db, const char *sql) MUST_CHECK;
/* The same, with the rows of the last one. */
struct error *db_query_simple(struct rows **out, void *ctx, struct db *db,
			      const char *sql) MUST_CHECK;
/*
 * Sends one statement and does not wait: the server ends it though we go. The connection is of no
 * use after.
 */
void db_send_and_leave(struct db *db, const char *sql);

int rows_count(const struct rows *rows);
const char *rows_text(const struct rows *rows, int row, int column);
long long rows_number(const struct rows *rows, int row, int column);
bool rows_true(const struct rows *rows, int row, int column);

/* Quoted, for what $n cannot carry: names, and values in statements that take none. */
char *db_ident(void *ctx, struct db *db, const char *name);
char *db_literal(void *ctx, struct db *db, const char *text);

/*
 * A message of a file's text (see core/script.h), run over the simple protocol. .last is the last
 * row that was answered. On an error, .position is the character (from 1) in TEXT that the server
 * named, or 0, and .done the number of statements that were completed before it. COPY DATA (may be
 * NULL) is sent when the last statement asks for it.
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
 * The rows that SQL, a COPY ... TO STDOUT, sends, behind *TEXT (may be NULL: nothing yet). *TEXT
 * does not grow over LIMIT bytes: what is more is thrown away, and *FULL is true.
 */
struct error *db_copy_out(char **text, bool *full, void *ctx, struct db *db, const char *sql,
			  size_t limit) MUST_CHECK;

/* Called with a notice or warning of the server while a query runs. NULL: debug() shows them. */
void db_on_notice(struct db *db, void (*fn)(void *arg, const char *severity, const char *text),
		  void *arg);

/*
 * Called about four times a second while a statement runs on DB. It may use other connections, but
 * not this one.
 */
void db_on_wait(struct db *db, void (*fn)(void *arg), void *arg);

/* SQLSTATE of an error, as a question. */
bool db_error_is(const struct error *err, const char *sqlstate);

#endif
