/* Runs the text of .sql files, and says where in them something went wrong. */
#include "run/sql_file.h"

#include <string.h>

/* RESET ALL does not cover role and authorization. */
#define RESET "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;"

/* Puts FILE:LINE:COLUMN of byte OFFSET before the message of ERR. */
static struct error *place(struct error *err, const struct script *script, size_t offset)
{
	int line, column;

	script_position(&line, &column, script->text, offset);
	return error_wrap(err, "%s:%d:%d", script->name, line, column);
}

/* The first byte of the Nth line (from 1) of a piece's COPY data. */
static size_t copy_offset(const struct script *script, const struct script_piece *piece, int line)
{
	const char *start = script->text + piece->data_start;
	const char *end = start + piece->data_length;
	const char *at = start;

	while (--line > 0 && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
	}
	return piece->data_start + (size_t)(at - start);
}

/*
 * The failed statement of PIECE, and the place in the text that the server named. A syntax error is
 * found before anything runs: then only the place says which statement it is.
 */
static size_t find_failure(size_t *offset, const struct script *script,
			   const struct script_piece *piece, const struct db_script_error *where)
{
	size_t n;

	if (where->position > 0) {
		*offset = piece->start + script_offset(script->text + piece->start, piece->length,
						       where->position);
		return script_statement_at(script, piece, *offset);
	}
	n = piece->first + (where->done < piece->count ? where->done : piece->count - 1);
	*offset = script->statements[n].start;
	return n;
}

/* Whether the server complains about what is in the file, not about its own state. */
static bool file_is_to_blame(const struct error *err)
{
	static const char *const others[] = {"08", "53", "57", "58", "F0", "XX"};

	if (err->code != ERROR_FAIL || !*err->sqlstate)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (strncmp(err->sqlstate, others[i], 2) == 0)
			return false;
	}
	return true;
}

static struct error *explain(const struct script *script, const struct script_piece *piece,
			     const struct db_script_error *where, struct error *err)
{
	SCOPE(tmp, NULL);
	size_t statement, offset;
	char *detail;

	if (!*err->sqlstate)
		return err->code == ERROR_SIGNALLED ? err : error_wrap(err, "%s", script->name);
	statement = find_failure(&offset, script, piece, where);
	detail = mem_printf(tmp, "statement: %s", script_excerpt(tmp, script, statement));
	if (err->detail)
		mem_append(&detail, tmp, "\n%s", err->detail);
	mem_append(&detail, tmp, "\nSQLSTATE: %s", err->sqlstate);
	err = error_detail(err, "%s", detail);
	if (file_is_to_blame(err))
		err = error_recode(err, ERROR_NO);
	if (piece->copy && where->copy_line > 0)
		offset = copy_offset(script, piece, where->copy_line);
	return place(err, script, offset);
}

static struct error *run_pieces(struct db *db, const struct script *script)
{
	for (size_t i = 0; i < script->piece_count; i++) {
		SCOPE(tmp, NULL);
		const struct script_piece *piece = &script->pieces[i];
		const char *text = mem_dup_bytes(tmp, script->text + piece->start, piece->length);
		struct db_script_error where = {0};
		struct error *err;

		err = db_run_text(&where, tmp, db, text,
				  piece->copy ? script->text + piece->data_start : NULL,
				  piece->data_length);
		if (err)
			return explain(script, piece, &where, err);
	}
	return NULL;
}

/* Runs FIRST and SETTINGS, and says in which transaction the session is, in one message. */
static struct error *ask_xid(long long *xid, struct db *db, const char *first, const char *settings)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query_simple(&rows, tmp, db,
			      mem_printf(tmp, "%s%s SELECT pg_catalog.pg_current_xact_id()", first,
					 settings ? settings : ""));
	if (!err)
		*xid = rows_number(rows, 0, 0);
	return err;
}

/* The second net, for what a look at the text cannot find. */
static struct error *check_xid(struct db *db, const struct sql_file *file, long long before)
{
	struct error *err;
	long long after;

	if (db_in_transaction(db)) {
		err = ask_xid(&after, db, RESET, file->xid ? file->settings : NULL);
		if (err)
			return error_wrap(err, "%s", file->script->name);
		if (before == after)
			return NULL;
	}
	return error_new(ERROR_NO, "%s: the file ended the transaction that it ran in",
			 file->script->name);
}

struct error *run_begin(long long *xid, struct db *db, const char *settings)
{
	return ask_xid(xid, db, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;", settings);
}

struct error *run_sql_file(struct db *db, const struct sql_file *file)
{
	long long xid = file->xid;
	struct error *err = NULL;

	if (!db_in_transaction(db))
		return error_new(ERROR_FAIL, "%s: to be run inside a transaction only",
				 file->script->name);
	if (!xid)
		err = ask_xid(&xid, db, "", file->settings);
	if (err)
		return error_wrap(err, "%s", file->script->name);
	err = run_pieces(db, file->script);
	return err ? err : check_xid(db, file, xid);
}

struct error *run_sql_text(struct db *db, const char *name, const char *text, size_t length)
{
	SCOPE(tmp, NULL);
	struct script *script;
	struct error *err = script_read(&script, tmp, name, text, length);

	if (!err)
		err = run_pieces(db, script);
	/* A dump begins with an empty search_path. */
	if (!err)
		err = db_exec_simple(db, RESET);
	return err;
}
