/* Loads the rows of hop's tables from metadata.sql. */
#include "run/record.h"

#include <string.h>

#include "core/lex.h"
#include "core/script.h"

static const char *const tables[] = {"RELEASE", "PATCH", "BOOTSTRAP"};

static bool is_table(const struct lex *lex, const struct token *token)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		if (lex_is(lex, token, tables[i]))
			return true;
	}
	return false;
}

/*
 * Accepts "COPY hop.release (version, ...) FROM stdin;" and nothing else. Copies its words to *SQL.
 */
static bool is_ours(char **sql, void *ctx, const char *text, size_t length)
{
	static const char *const head[] = {"COPY", "HOP", ".", NULL, "("};
	static const char *const tail[] = {"FROM", "STDIN"};
	struct token t;
	struct lex lex;

	lex_open(&lex, text, length);
	for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++) {
		t = lex_next(&lex);
		if (head[i] ? !lex_is(&lex, &t, head[i]) &&
				      (t.length != 1 || text[t.start] != *head[i])
			    : !is_table(&lex, &t))
			return false;
	}
	/* Column names and commas: the server checks the names. */
	for (t = lex_next(&lex); t.kind != LEX_CLOSE; t = lex_next(&lex)) {
		if (t.kind != LEX_WORD && (t.kind != LEX_QUOTED || text[t.start] != '"') &&
		    (t.kind != LEX_OTHER || text[t.start] != ','))
			return false;
	}
	for (size_t i = 0; i < sizeof(tail) / sizeof(*tail); i++) {
		t = lex_next(&lex);
		if (!lex_is(&lex, &t, tail[i]))
			return false;
	}
	t = lex_next(&lex);
	*sql = mem_dup_n(ctx, text, length);
	return t.kind == LEX_END || (t.kind == LEX_SEMICOLON && lex_next(&lex).kind == LEX_END);
}

#define WHO_WROTE "git hop writes this file; git log shows who changed it"

static struct error *refuse(const char *name, const char *text, size_t offset)
{
	int line, column;

	script_position(&line, &column, text, offset);
	return error_hint(error_new(ERROR_NO,
				    "%s:%d:%d: only rows of hop.release, hop.patch "
				    "and hop.bootstrap are allowed here",
				    name, line, column),
			  WHO_WROTE);
}

static struct error *load(struct db *db, const char *name, const char *text,
			  const struct script_piece *piece)
{
	SCOPE(tmp, NULL);
	struct db_script_error where;
	struct error *err;
	char *sql;

	if (!piece->copy || !is_ours(&sql, tmp, text + piece->start, piece->length))
		return refuse(name, text, piece->start);
	err = db_run_text(&where, tmp, db, sql, text + piece->data_start, piece->data_length);
	if (err && err->code == ERROR_FAIL && *err->sqlstate)
		err = error_recode(err, ERROR_NO);
	return error_wrap(err, "%s", name);
}

struct error *record_load(struct db *db, const char *name, const char *text, size_t length)
{
	SCOPE(tmp, NULL);
	struct script *script;
	struct error *err = error_hint(script_read(&script, tmp, name, text, length), WHO_WROTE);

	for (size_t i = 0; !err && i < script->piece_count; i++)
		err = load(db, name, text, &script->pieces[i]);
	return err;
}
