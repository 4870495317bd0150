/* Runs the text of files with the simple protocol, including COPY data. */
#include "port/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "port/db_private.h"

#define COPY_CHUNK (1 << 20)

/* Errors are reported by the result of the COPY. */
static void send_copy(struct db *db, const char *data, size_t length)
{
	for (size_t sent = 0; sent < length;) {
		size_t n = length - sent < COPY_CHUNK ? length - sent : COPY_CHUNK;

		if (PQputCopyData(db->conn, data + sent, (int)n) != 1)
			return;
		sent += n;
	}
	PQputCopyEnd(db->conn, NULL);
}

/* The line in "COPY t, line 3, column a: ..."; 0 for any other context. */
static int line_of_copy(const char *context)
{
	const char *line;

	if (!context || strncmp(context, "COPY ", 5) != 0)
		return 0;
	line = strstr(context, ", line ");
	return line ? atoi(line + 7) : 0;
}

static void fill_where(struct db_script_error *where, void *ctx, const PGresult *result)
{
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);

	where->position = position ? strtoul(position, NULL, 10) : 0;
	where->context = context ? mem_dup(ctx, context) : NULL;
	where->copy_line = line_of_copy(context);
}

/* A text that is run. */
struct talk {
	struct db *db;
	struct db_script_error *where;
	void *ctx;
	const char *data; /* for COPY; NULL: none, or sent */
	size_t data_length;
	struct rows **rows; /* of the MARKS, which are numbers of statements */
	const size_t *marks;
	size_t count, next;
};

static void keep_row(struct talk *talk, PGresult *result)
{
	size_t done = talk->where->done;
	struct rows **to = &talk->where->last;

	while (talk->next < talk->count && talk->marks[talk->next] < done)
		talk->next++;
	if (talk->next < talk->count && talk->marks[talk->next] == done)
		to = &talk->rows[talk->next];
	talloc_free(*to);
	*to = db_rows(talk->ctx, result);
}

static struct error *take_result(struct talk *talk, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	struct error *err = NULL;

	if (status == PGRES_COPY_IN && talk->data) {
		send_copy(talk->db, talk->data, talk->data_length);
		talk->data = NULL;
	} else if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
		db_end_copy(talk->db, status);
	} else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
		talk->where->done++;
	} else if (status == PGRES_FATAL_ERROR) {
		err = db_result_error(talk->db, result);
		fill_where(talk->where, talk->ctx, result);
	}
	if (status == PGRES_SINGLE_TUPLE)
		keep_row(talk, result);
	else
		PQclear(result);
	return err;
}

static struct error *run_text(struct talk *talk, const char *text)
{
	SCOPE(tmp, talk->ctx);
	struct db *db = talk->db;
	size_t data_length = talk->data_length;
	double began = log_clock();
	struct error *err = db_send(db, text, NULL, 0, false);
	PGresult *result;

	memset(talk->where, 0, sizeof(*talk->where));
	if (err)
		return err;
	db->own_path = false;
	/* Row by row, because a SELECT in a file can return any number of rows. */
	PQsetSingleRowMode(db->conn);
	while ((result = db_next(db))) {
		struct error *failed = take_result(talk, result);

		if (err)
			error_free(failed);
		else
			err = failed;
		if (PQstatus(db->conn) == CONNECTION_BAD)
			break;
	}
	if (!err && PQstatus(db->conn) == CONNECTION_BAD)
		err = db_lost(db);
	/* The text may contain a password, so only its length is traced. */
	db_done(mem_printf(tmp, "text of %zu bytes, %zu of data", strlen(text), data_length),
		began);
	return err;
}

struct error *db_run_text(struct db_script_error *where, void *ctx, struct db *db, const char *text,
			  const char *data, size_t data_length)
{
	struct talk talk = {
		.db = db,
		.where = where,
		.ctx = ctx,
		.data = data,
		.data_length = data_length,
	};

	return run_text(&talk, text);
}

struct error *db_run_marked(struct db_script_error *where, struct rows **rows, void *ctx,
			    struct db *db, const char *text, const size_t *marks, size_t count)
{
	struct talk talk = {
		.db = db,
		.where = where,
		.ctx = ctx,
		.rows = rows,
		.marks = marks,
		.count = count,
	};

	return run_text(&talk, text);
}

static void take_rows(char **text, bool *full, void *ctx, struct db *db, size_t limit)
{
	char *row;
	int n;

	while ((n = PQgetCopyData(db->conn, &row, 0)) > 0) {
		size_t have = *text ? talloc_get_size(*text) : 0;

		*full = *full || have + (size_t)n > limit;
		if (!*full)
			mem_append(text, ctx, "%.*s", n, row);
		PQfreemem(row);
	}
}

struct error *db_copy_out(char **text, bool *full, void *ctx, struct db *db, const char *sql,
			  size_t limit)
{
	SCOPE(tmp, ctx);
	double began = log_clock();
	struct error *err = db_take_path(&sql, tmp, db, false);
	PGresult *result;

	*full = false;
	if (!err)
		err = db_send(db, sql, NULL, 0, false);
	if (err)
		return err;
	while ((result = db_next(db))) {
		if (PQresultStatus(result) == PGRES_COPY_OUT)
			take_rows(text, full, ctx, db, limit);
		else if (PQresultStatus(result) == PGRES_FATAL_ERROR && !err)
			err = db_result_error(db, result);
		PQclear(result);
		if (PQstatus(db->conn) == CONNECTION_BAD)
			break;
	}
	if (!err && PQstatus(db->conn) == CONNECTION_BAD)
		err = db_lost(db);
	db_done(sql, began);
	return err;
}
