/* Runs the text of .sql files, and locates errors in them. */
#include "run/sql_file.h"

#include <string.h>

#include "core/invisible.h"

/* Ends a comment, and a statement. */
#define PART_END "\n;\n"

/* Prefixes the message of ERR with FILE:LINE:COLUMN of byte OFFSET. */
static struct error *place(struct error *err, const struct script *script, size_t offset)
{
	int line, column;

	script_position(&line, &column, script->text, offset);
	return error_wrap(err, "%s:%d:%d", script->name, line, column);
}

/* The first byte of line N (from 1) of a piece's COPY data. */
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
 * The statement of PIECE that failed, and the offset that the server reported. Syntax errors are
 * found before anything runs, so only the offset tells which statement it is.
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

/* Is the error caused by the file, not by the state of the server? */
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

struct error *sql_error_judge(struct error *err)
{
	return err && file_is_to_blame(err) ? error_recode(err, ERROR_NO) : err;
}

/* The ways out that the server cannot know. */
static struct error *advise(struct error *err)
{
	if (db_error_is(err, "25001"))
		return error_hint(err, "put it into a file of its own whose first line is\n"
				       "-- @HOP:no-transaction");
	if (db_error_is(err, "3D000") && !err->hint)
		return error_hint(
			err, "each database of the project has a name of its own; for a setting "
			     "of the database that the file runs in:\n"
			     "DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET ...', "
			     "current_database()); END $$;");
	if (!db_error_is(err, "55P04"))
		return err;
	return error_hint(err, "a new value of an enum can be used once the transaction that adds "
			       "it is committed, and all .sql files of a release run in one: "
			       "use it in a later release, or put ALTER TYPE into a file before "
			       "this one whose first line is\n"
			       "-- @HOP:no-transaction");
}

/* The server quotes what it does not understand, but nobody sees what is wrong with it. */
static struct error *name_invisible(const struct script *script, size_t statement,
				    struct error *err)
{
	struct invisible found;
	int line, column;

	if (strncmp(err->sqlstate, "42", 2) != 0 || !invisible_find(&found, script, statement))
		return err;
	script_position(&line, &column, script->text, found.offset);
	return error_add_hint(err,
			      "%s:%d:%d is a %s (%s), which PostgreSQL takes for a letter: "
			      "replace it with a space or remove it",
			      script->name, line, column, found.name, found.code);
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
	err = advise(sql_error_judge(error_detail(err, "%s", detail)));
	err = name_invisible(script, statement, err);
	if (piece->copy && where->copy_line > 0)
		offset = copy_offset(script, piece, where->copy_line);
	return place(err, script, offset);
}

/*
 * The statements after the file failed, because of what it did to the session, or because of the
 * server.
 */
static struct error *after_file(const struct script *script, struct error *err)
{
	if (db_error_is(err, "26000"))
		err = error_hint(
			err,
			"DEALLOCATE ALL within DO or a function also drops a prepared statement "
			"of git hop: name the statement to deallocate");
	return error_wrap(sql_error_judge(err), "%s: after its last statement", script->name);
}

/* ENDS: it is the last piece, so the statements AFTER are sent with it. */
static struct error *run_piece(struct rows **last, void *ctx, struct db *db,
			       const struct script *script, const struct script_piece *piece,
			       const char *after, bool ends)
{
	SCOPE(tmp, ctx);
	char *text = mem_printf(tmp, "%.*s%s%s", (int)piece->length, script->text + piece->start,
				ends ? PART_END : "", ends ? after : "");
	struct db_script_error where = {0};
	struct error *err;

	err = db_run_text(&where, tmp, db, text,
			  piece->copy ? script->text + piece->data_start : NULL,
			  piece->data_length);
	if (err && where.position == 0 && where.done >= piece->count && *err->sqlstate)
		return after_file(script, err);
	if (err)
		return explain(script, piece, &where, err);
	if (ends && where.last)
		*last = talloc_steal(ctx, where.last);
	return NULL;
}

struct error *run_script(struct rows **last, void *ctx, struct db *db, const struct script *script,
			 const char *after)
{
	struct error *err = NULL;

	*last = NULL;
	for (size_t i = 0; !err && i < script->piece_count; i++)
		err = run_piece(last, ctx, db, script, &script->pieces[i], after,
				i + 1 == script->piece_count);
	return err;
}

struct error *run_script_watched(struct rows **last, void *ctx, struct db *db,
				 const struct script *script, const char *after,
				 const struct run_watch *watch)
{
	static const struct script_piece nothing = {.count = 0};
	SCOPE(tmp, ctx);
	struct script *split;
	struct error *err;

	if (!watch)
		return run_script(last, ctx, db, script, after);
	*last = NULL;
	split = script_split(tmp, script);
	err = watch->look(watch->arg, db, script, -1);
	for (size_t i = 0; !err && i < split->piece_count; i++) {
		err = run_piece(last, tmp, db, script, &split->pieces[i], "", false);
		if (!err)
			err = watch->look(watch->arg, db, script, (int)split->pieces[i].first);
	}
	return err ? err : run_piece(last, ctx, db, script, &nothing, after, true);
}

/* A part of a message: a file, or hop's own statements. */
struct part {
	const struct script *script; /* NULL: hop's own */
	const char *text;
	size_t length, count; /* bytes, statements */
};

struct sql_message {
	struct part *parts;
	size_t count, marks;
	size_t *mark; /* numbers of the statements */
	size_t statements, length;
};

struct sql_message *sql_message_new(void *ctx)
{
	return mem_new(ctx, struct sql_message);
}

static void add_part(struct sql_message *m, const struct part *part)
{
	m->parts = mem_resize(m, m->parts, struct part, m->count + 1);
	m->parts[m->count++] = *part;
	m->statements += part->count;
	m->length += part->length + strlen(PART_END);
}

void sql_message_add_file(struct sql_message *m, const struct script *script)
{
	const struct script_piece *piece = &script->pieces[0];

	add_part(m, &(struct part){
			    .script = script,
			    .text = script->text + piece->start,
			    .length = piece->length,
			    .count = piece->count,
		    });
}

void sql_message_add_own(struct sql_message *m, const char *sql, bool mark)
{
	struct part part = {.text = sql, .length = strlen(sql)};
	SCOPE(tmp, NULL);
	struct script *script;
	struct error *err = script_read(&script, tmp, "", sql, part.length);

	if (!err)
		part.count = script->count;
	error_free(err);
	add_part(m, &part);
	if (!mark)
		return;
	m->mark = mem_resize(m, m->mark, size_t, m->marks + 1);
	m->mark[m->marks++] = m->statements - 1;
}

static char *text_of(void *ctx, const struct sql_message *m)
{
	char *text = mem_array(ctx, char, m->length + 1), *to = text;

	for (size_t i = 0; i < m->count; i++) {
		memcpy(to, m->parts[i].text, m->parts[i].length);
		to += m->parts[i].length;
		memcpy(to, PART_END, strlen(PART_END));
		to += strlen(PART_END);
	}
	return text;
}

/* The number of the character at byte OFFSET, from 1. */
static size_t characters(const char *text, size_t offset)
{
	size_t n = 1;

	for (size_t i = 0; i < offset; i++)
		n += (text[i] & 0xc0) != 0x80;
	return n;
}

/* The part that failed; WHERE becomes what is reported of it alone. */
static const struct part *find_part(struct db_script_error *where, const struct sql_message *m,
				    const char *text)
{
	const struct part *part = m->parts, *end = part + m->count - 1;

	if (where->position > 0) {
		size_t left = script_offset(text, m->length, where->position);

		for (; part < end && left >= part->length + strlen(PART_END); part++)
			left -= part->length + strlen(PART_END);
		where->position = characters(part->text, left < part->length ? left : part->length);
		return part;
	}
	for (; part < end && where->done >= part->count; part++)
		where->done -= part->count;
	return part;
}

struct error *sql_message_send(struct rows **rows, bool *own, void *ctx, struct db *db,
			       const struct sql_message *m)
{
	SCOPE(tmp, NULL);
	char *text = text_of(tmp, m);
	struct db_script_error where;
	const struct part *part;
	struct error *err;

	err = db_run_marked(&where, rows, ctx, db, text, m->mark, m->marks);
	*own = !err && where.done != m->statements;
	if (*own)
		return error_new(ERROR_NO, "the server has counted other statements");
	if (!err || !*err->sqlstate)
		return err;
	part = find_part(&where, m, text);
	*own = !part->script;
	return *own ? sql_error_judge(err)
		    : explain(part->script, &part->script->pieces[0], &where, err);
}

struct error *run_sql_text(struct db *db, const char *name, const char *text, size_t length)
{
	SCOPE(tmp, NULL);
	struct script *script;
	struct rows *last;
	struct error *err = script_read(&script, tmp, name, text, length);

	/*
	 * It is hop's own, but its names are those of schema public, unless the text sets another
	 * path, as a dump does.
	 */
	if (!err)
		err = db_exec_simple(db, "RESET search_path");
	if (!err)
		err = run_script(&last, tmp, db, script,
				 "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL");
	return err;
}
