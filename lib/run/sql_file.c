/* Runs the text of .sql files, and says where in them something went wrong. */
#include "run/sql_file.h"

#include <string.h>

#include "core/script.h"

/* RESET ALL does not cover role and authorization. */
#define RESET "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;"

struct run {
	struct db *db;
	const struct sql_file *file;
	struct script_piece *pieces;
	size_t count;
};

/* Puts FILE:LINE:COLUMN of byte OFFSET before the message of ERR. */
static struct error *place(struct error *err, const struct sql_file *file, size_t offset)
{
	int line, column;

	script_position(&line, &column, file->text, offset);
	return error_wrap(err, "%s:%d:%d", file->name, line, column);
}

/* The first byte of the Nth line (from 1) of a piece's COPY data. */
static size_t copy_offset(const struct run *run, const struct script_piece *piece, int line)
{
	const char *start = run->file->text + piece->data_start;
	const char *end = start + piece->data_length;
	const char *at = start;

	while (--line > 0 && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
	}
	return piece->data_start + (size_t)(at - start);
}

/* The start of the statement after the one at AT: a walk over all of them stays linear. */
static size_t next_statement(const char *text, size_t length, size_t at)
{
	return at + script_statement_start(text + at, length - at, 1);
}

/*
 * Where in the text of its piece the failed statement starts, and the place in it that the server
 * named. A syntax error is found before anything runs: then only the place says which statement it
 * is.
 */
static void find_failure(size_t *statement, size_t *place, const char *text, size_t length,
			 const struct db_script_error *where)
{
	if (where->position == 0) {
		*place = *statement = script_statement_start(text, length, where->done);
		return;
	}
	*place = script_offset(text, length, where->position);
	*statement = script_statement_start(text, length, 0);
	for (size_t next = *statement; next < length && next <= *place;
	     next = next_statement(text, length, next))
		*statement = next;
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

static struct error *explain(const struct run *run, const struct script_piece *piece,
			     const struct db_script_error *where, struct error *err)
{
	SCOPE(tmp, NULL);
	const char *text = run->file->text + piece->start;
	size_t statement, at;
	char *detail;

	if (!*err->sqlstate)
		return err->code == ERROR_SIGNALLED ? err : error_wrap(err, "%s", run->file->name);
	find_failure(&statement, &at, text, piece->length, where);
	detail = mem_printf(tmp, "statement: %s",
			    script_excerpt(tmp, text, piece->length, statement));
	if (err->detail)
		mem_append(&detail, tmp, "\n%s", err->detail);
	mem_append(&detail, tmp, "\nSQLSTATE: %s", err->sqlstate);
	err = error_detail(err, "%s", detail);
	if (file_is_to_blame(err))
		err = error_recode(err, ERROR_NO);
	if (piece->copy && where->copy_line > 0)
		return place(err, run->file, copy_offset(run, piece, where->copy_line));
	return place(err, run->file, piece->start + at);
}

static struct error *run_pieces(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		SCOPE(tmp, NULL);
		const struct script_piece *piece = &run->pieces[i];
		const char *text = mem_dup_bytes(tmp, run->file->text + piece->start,
						 piece->length);
		struct db_script_error where = {0};
		struct error *err;

		err = db_run_text(&where, tmp, run->db, text,
				  piece->copy ? run->file->text + piece->data_start : NULL,
				  piece->data_length);
		if (err)
			return explain(run, piece, &where, err);
	}
	return NULL;
}

/* The keyword after the one at START. */
static void second_keyword(char out[16], const char *first, const char *text, size_t length,
			   size_t start)
{
	size_t after = start + strlen(first);

	after += script_statement_start(text + after, length - after, 0);
	script_keyword(out, text, length, after);
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++) {
		if (strcmp(word, *words) == 0)
			return true;
	}
	return false;
}

/* Whether the statement would begin or end a transaction; savepoints stay inside of it. */
static bool is_transaction_control(const char *text, size_t length, size_t start)
{
	static const char *const always[] = {"BEGIN", "START", "COMMIT", "END", "ABORT", NULL};
	static const char *const noise[] = {"WORK", "TRANSACTION", NULL};
	char first[16], second[16];

	script_keyword(first, text, length, start);
	if (is_one_of(first, always))
		return true;
	if (strcmp(first, "PREPARE") != 0 && strcmp(first, "ROLLBACK") != 0)
		return false;
	second_keyword(second, first, text, length, start);
	if (*first == 'P')
		return strcmp(second, "TRANSACTION") == 0;
	if (is_one_of(second, noise)) {
		size_t after = start + strlen(first);

		after += script_statement_start(text + after, length - after, 0);
		second_keyword(second, second, text, length, after);
	}
	return strcmp(second, "TO") != 0;
}

static struct error *transaction_control(const struct sql_file *file, size_t offset)
{
	struct error *err = error_new(ERROR_NO, "transaction control in a patch file");

	err = error_hint(err,
			 "hop runs a release in one transaction of its own: take BEGIN, COMMIT and "
			 "ROLLBACK out of the file");
	return place(err, file, offset);
}

/* The offset of the first transaction control in the file, its length when there is none. */
static size_t find_transaction_control(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct script_piece *piece = &run->pieces[i];
		const char *text = run->file->text + piece->start;
		size_t at = script_statement_start(text, piece->length, 0);

		while (at < piece->length) {
			if (is_transaction_control(text, piece->length, at))
				return piece->start + at;
			at = next_statement(text, piece->length, at);
		}
	}
	return run->file->length;
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
			return error_wrap(err, "%s", file->name);
		if (before == after)
			return NULL;
	}
	return error_new(ERROR_NO, "%s: the file ended the transaction that it ran in", file->name);
}

struct error *run_begin(long long *xid, struct db *db, const char *settings)
{
	return ask_xid(xid, db, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;", settings);
}

struct error *run_sql_file(struct db *db, const struct sql_file *file)
{
	SCOPE(tmp, NULL);
	struct run run = {.db = db, .file = file};
	long long xid = file->xid;
	struct error *err;
	size_t control;

	if (!db_in_transaction(db))
		return error_new(ERROR_FAIL, "%s: to be run inside a transaction only", file->name);
	err = script_pieces(&run.pieces, &run.count, tmp, file->name, file->text, file->length);
	if (err)
		return err;
	control = find_transaction_control(&run);
	if (control < file->length)
		return transaction_control(file, control);
	if (!xid)
		err = ask_xid(&xid, db, "", file->settings);
	if (err)
		return error_wrap(err, "%s", file->name);
	err = run_pieces(&run);
	return err ? err : check_xid(db, file, xid);
}

struct error *run_sql_text(struct db *db, const char *name, const char *text, size_t length)
{
	SCOPE(tmp, NULL);
	struct sql_file file = {.name = name, .text = text, .length = length};
	struct run run = {.db = db, .file = &file};
	struct error *err = script_pieces(&run.pieces, &run.count, tmp, name, text, length);

	if (!err)
		err = run_pieces(&run);
	/* A dump begins with an empty search_path. */
	if (!err)
		err = db_exec_simple(db, RESET);
	return err;
}
