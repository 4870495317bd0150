/* Statements and results. db_connect.c connects, db_script.c runs the text of files. */
#include "port/db.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "port/db_private.h"

struct rows {
	PGresult *result;
};

/* The connection on which a statement is running; the signal handler cancels it. */
static PGcancel *volatile running;

static void cancel_running(void)
{
	char ignored[256];

	if (running)
		PQcancel(running, ignored, sizeof(ignored));
}

void db_forget(const struct db *db)
{
	if (running == db->cancel)
		running = NULL;
}

enum error_code db_code(const char *sqlstate)
{
	/* lock timeout, serialization, deadlock, server starting, too many connections */
	static const char *const again[] = {"55P03", "40001", "40P01", "57P03", "53300"};

	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++) {
		if (strcmp(sqlstate, again[i]) == 0)
			return ERROR_AGAIN;
	}
	return ERROR_FAIL;
}

char *db_first_line(const void *ctx, const char *text)
{
	return mem_dup_n(ctx, text, strcspn(text, "\n"));
}

static struct error *error_of_libpq(const char *text)
{
	SCOPE(tmp, NULL);

	return error_new(ERROR_FAIL, "%s", *text ? db_first_line(tmp, text) : "connection lost");
}

struct error *db_lost(struct db *db)
{
	return error_of_libpq(PQerrorMessage(db->conn));
}

static void add_detail(struct error *err, const char *label, const char *text)
{
	if (!text)
		return;
	mem_append(&err->detail, err, "%s%s: %s", err->detail ? "\n" : "", label, text);
}

struct error *db_result_error(struct db *db, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	struct error *err;

	if (!state || !text)
		return result && *PQresultErrorMessage(result)
			       ? error_of_libpq(PQresultErrorMessage(result))
			       : db_lost(db);
	if (strcmp(state, "57014") == 0 && signals_caught())
		return signals_check();
	err = error_new(db_code(state), "%s", text);
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
	add_detail(err, "detail", PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
	add_detail(err, "query", PQresultErrorField(result, PG_DIAG_INTERNAL_QUERY));
	add_detail(err, "context", PQresultErrorField(result, PG_DIAG_CONTEXT));
	text = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	return text ? error_hint(err, "%s", text) : err;
}

void db_notice(void *arg, const PGresult *result)
{
	struct db *db = arg;
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (!severity || !text)
		return;
	if (db->notice)
		db->notice(db->notice_arg, severity, text);
	else
		debug("server: %s: %s", severity, text);
}

void db_on_notice(struct db *db, void (*fn)(void *arg, const char *severity, const char *text),
		  void *arg)
{
	db->notice = fn;
	db->notice_arg = arg;
}

void db_on_wait(struct db *db, void (*fn)(void *arg), void *arg)
{
	db->wait = fn;
	db->wait_arg = arg;
}

void db_end_copy(struct db *db, ExecStatusType status)
{
	char *row;

	if (status == PGRES_COPY_IN) {
		PQputCopyEnd(db->conn, "no data for it");
		return;
	}
	while (PQgetCopyData(db->conn, &row, 0) > 0)
		PQfreemem(row);
}

struct error *db_send(struct db *db, const char *sql, const char *const *args, size_t count,
		      bool extended)
{
	struct error *err = signals_check();
	int sent;

	if (err)
		return err;
	signals_set_hook(cancel_running);
	running = db->cancel;
	if (extended)
		sent = PQsendQueryParams(db->conn, sql, (int)count, NULL, args, NULL, NULL, 0);
	else
		sent = PQsendQuery(db->conn, sql);
	if (sent)
		return NULL;
	running = NULL;
	return db_lost(db);
}

PGresult *db_next(struct db *db)
{
	while (PQisBusy(db->conn)) {
		struct pollfd door = {.fd = PQsocket(db->conn), .events = POLLIN};
		bool silent = poll(&door, 1, 250) <= 0;

		if (silent && db->wait) {
			db->wait(db->wait_arg);
			running = db->cancel;
		}
		/*
		 * The signal handler's cancel request is lost if the server had not started the
		 * statement yet.
		 */
		if (silent && signals_caught())
			cancel_running();
		else if (!PQconsumeInput(db->conn))
			break;
	}
	return PQgetResult(db->conn);
}

void db_done(const char *what, double began)
{
	SCOPE(tmp, NULL);
	double ms = (log_clock() - began) * 1000;
	char *line;

	running = NULL;
	if (log_verbosity() < 2 && !getenv("HOP_TRACE"))
		return;
	line = mem_printf(tmp, "%.500s", what);
	for (char *p = line; *p; p++) {
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	}
	trace("sql %.3f ms: %s", ms, line);
	if (log_verbosity() > 1)
		debug("sql %.3f ms: %s", ms, line);
}

/* Returns the last result of what was sent, or the first error. */
static struct error *collect(PGresult **out, struct db *db)
{
	struct error *err = NULL;
	PGresult *last = NULL;
	PGresult *result;

	while ((result = db_next(db))) {
		ExecStatusType status = PQresultStatus(result);

		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
			db_end_copy(db, status);
		else if (!err && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
			err = db_result_error(db, result);
		PQclear(last);
		last = result;
		if (PQstatus(db->conn) == CONNECTION_BAD)
			break;
	}
	if (!err && !last)
		err = db_lost(db);
	if (err)
		PQclear(last);
	else
		*out = last;
	return err;
}

static struct error *send_and_collect(PGresult **out, struct db *db, const char *sql,
				      const char *const *args, size_t count, bool extended)
{
	double began = log_clock();
	struct error *err = db_send(db, sql, args, count, extended);

	if (err)
		return err;
	err = collect(out, db);
	db_done(sql, began);
	return err;
}

struct error *db_take_path(const char **sql, void *ctx, struct db *db, bool extended)
{
	PGTransactionStatusType status = PQtransactionStatus(db->conn);
	PGresult *result;
	struct error *err;

	/* An aborted transaction accepts only its end. */
	if (db->own_path || status == PQTRANS_INERROR)
		return NULL;
	if (!extended && status == PQTRANS_INTRANS) {
		*sql = mem_printf(ctx, "%s %s", db->own_settings, *sql);
		db->own_path = true;
		return NULL;
	}
	err = send_and_collect(&result, db, db->own_settings, NULL, 0, false);
	if (err)
		return err;
	PQclear(result);
	db->own_path = true;
	return NULL;
}

static struct error *run(PGresult **out, struct db *db, const char *sql, const char *const *args,
			 size_t count, bool extended)
{
	SCOPE(tmp, NULL);
	bool idle = db_idle(db);
	struct error *err = db_take_path(&sql, tmp, db, extended);

	if (!err)
		err = send_and_collect(out, db, sql, args, count, extended);
	/* A ROLLBACK also undoes a SET. */
	if (!idle && db_idle(db))
		db->own_path = false;
	return err;
}

static int rows_free(struct rows *rows)
{
	PQclear(rows->result);
	return 0;
}

struct rows *db_rows(void *ctx, PGresult *result)
{
	struct rows *rows = mem_new(ctx, struct rows);

	rows->result = result;
	talloc_set_destructor(rows, rows_free);
	return rows;
}

struct error *db_query(struct rows **out, void *ctx, struct db *db, const char *sql,
		       const char *const *args, size_t count)
{
	PGresult *result;
	struct error *err = run(&result, db, sql, args, count, true);

	if (!err)
		*out = db_rows(ctx, result);
	return err;
}

struct error *db_query_simple(struct rows **out, void *ctx, struct db *db, const char *sql)
{
	PGresult *result;
	struct error *err = run(&result, db, sql, NULL, 0, false);

	if (!err)
		*out = db_rows(ctx, result);
	return err;
}

struct error *db_exec(struct db *db, const char *sql, const char *const *args, size_t count)
{
	PGresult *result;
	struct error *err = run(&result, db, sql, args, count, true);

	if (!err)
		PQclear(result);
	return err;
}

struct error *db_exec_simple(struct db *db, const char *sql)
{
	PGresult *result;
	struct error *err = run(&result, db, sql, NULL, 0, false);

	if (!err)
		PQclear(result);
	return err;
}

struct error *db_exec_session(struct db *db, const char *sql)
{
	PGresult *result;
	struct error *err;

	db->own_path = false;
	err = send_and_collect(&result, db, sql, NULL, 0, false);
	if (!err)
		PQclear(result);
	return err;
}

void db_send_and_leave(struct db *db, const char *sql)
{
	if (PQsendQuery(db->conn, sql))
		PQflush(db->conn);
}

int rows_count(const struct rows *rows)
{
	return PQntuples(rows->result);
}

int rows_width(const struct rows *rows)
{
	return PQnfields(rows->result);
}

const char *rows_text(const struct rows *rows, int row, int column)
{
	if (PQgetisnull(rows->result, row, column))
		return NULL;
	return PQgetvalue(rows->result, row, column);
}

long long rows_number(const struct rows *rows, int row, int column)
{
	return strtoll(PQgetvalue(rows->result, row, column), NULL, 10);
}

bool rows_true(const struct rows *rows, int row, int column)
{
	return *PQgetvalue(rows->result, row, column) == 't';
}

bool db_error_is(const struct error *err, const char *sqlstate)
{
	return err && strcmp(err->sqlstate, sqlstate) == 0;
}
