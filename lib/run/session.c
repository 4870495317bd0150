/* The session in which the files of patches run. */
#include "run/session.h"

#include <stdlib.h>
#include <string.h>

#include "core/plain.h"
#include "run/session_private.h"
#include "run/sql_file.h"
#include "sql/sql.h"

#define LOOK RESET_SETTINGS HOP_PATH "EXECUTE hop_facts"

static const char *text_of(void *ctx, struct rows *rows, int column)
{
	const char *text = rows_text(rows, 0, column);

	return text ? mem_dup(ctx, text) : NULL;
}

struct error *session_facts(struct facts **out, void *ctx, struct rows *rows)
{
	struct facts *facts;

	if (!rows || rows_count(rows) != 1)
		return error_new(ERROR_FAIL, "the server does not report the state of the session");
	facts = mem_new(ctx, struct facts);
	*facts = (struct facts){
		.xid = rows_number(rows, 0, 0),
		.plain = rows_true(rows, 0, 1),
		.advisory = text_of(facts, rows, 2),
		.settings = text_of(facts, rows, 3),
		.constraints = text_of(facts, rows, 4),
		.immediate = text_of(facts, rows, 5),
		.deferred = text_of(facts, rows, 6),
		.outside = text_of(facts, rows, 7),
		.deleted_settings = rows_true(rows, 0, 8),
		.other_settings = text_of(facts, rows, 9),
		.hop = text_of(facts, rows, 10),
		.wrote_hop = rows_true(rows, 0, 11),
		.prepared = text_of(facts, rows, 12),
		.subscriptions = text_of(facts, rows, 13),
		.sent = strtod(rows_text(rows, 0, 14), NULL),
		.now = strtod(rows_text(rows, 0, 15), NULL),
	};
	*out = facts;
	return NULL;
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

/* A new session starts with the settings of the database, which our options would override. */
char *session_reset_text(void *ctx, const struct run_session *s, const struct facts *facts)
{
	return mem_printf(ctx,
			  "CLOSE ALL; " RESET_SETTINGS "%s UNLISTEN *; DISCARD TEMP; "
			  "DISCARD SEQUENCES; %s %s",
			  or_nothing(facts->prepared), or_nothing(facts->settings),
			  or_nothing(s->settings));
}

static char *prepare_text(void *ctx, const struct run_session *s)
{
	return s->prepared
		       ? mem_dup(ctx, "")
		       : mem_printf(ctx, HOP_PATH "PREPARE hop_facts AS %s;", sql_session_facts);
}

/* The settings are in effect then. */
struct error *session_take_base(struct run_session *s, const char *first)
{
	SCOPE(tmp, NULL);
	struct db_script_error where = {0};
	struct error *err;

	err = db_run_text(&where, tmp, s->db,
			  mem_printf(tmp, "%s %s " LOOK "; " RESET_SETTINGS "%s", first,
				     prepare_text(tmp, s), or_nothing(s->settings)),
			  NULL, 0);
	if (err)
		return err;
	s->prepared = true;
	TALLOC_FREE(s->base);
	TALLOC_FREE(s->hop_rows);
	err = session_facts(&s->base, s, where.last);
	if (err)
		return err;
	s->xid = s->base->xid;
	/* The locks on hop's tables end with this transaction. */
	s->known = !s->base->wrote_hop;
	if (s->base->wrote_hop)
		err = session_hop_rows(&s->hop_rows, s);
	if (!err && (s->base->settings || s->hop_rows))
		err = db_exec_session(s->db, mem_printf(tmp, RESET_SETTINGS "%s %s",
							or_nothing(s->base->settings),
							or_nothing(s->settings)));
	return err;
}

/* Begins a transaction in the state in which the last one ended: only its ID is new. */
static struct error *begin_again(struct run_session *s, const char *first)
{
	SCOPE(tmp, NULL);
	const char *settings = s->base ? or_nothing(s->base->settings) : "";
	struct db_script_error where = {0};
	struct error *err;

	err = db_run_text(&where, tmp, s->db,
			  mem_printf(tmp,
				     "%s %s " RESET_SETTINGS
				     "%s %s SELECT pg_catalog.pg_current_xact_id()",
				     first, s->base ? prepare_text(tmp, s) : "", settings,
				     or_nothing(s->settings)),
			  NULL, 0);
	if (err)
		return err;
	s->prepared = s->prepared || s->base;
	s->xid = rows_number(where.last, 0, 0);
	return NULL;
}

/* Does what the database has let files be plain? XID: the transaction in which it was asked. */
static struct error *ask(bool *plain, long long *xid, struct db *db, const char *before,
			 const char *after)
{
	SCOPE(tmp, NULL);
	struct db_script_error where = {0};
	struct error *err;

	*plain = false;
	err = db_run_text(&where, tmp, db,
			  mem_printf(tmp, "%s " HOP_PATH "%s; %s", before, sql_session_plain,
				     after),
			  NULL, 0);
	if (err)
		return err;
	*xid = rows_number(where.last, 0, 0);
	*plain = rows_true(where.last, 0, 1) &&
		 db_server_version(db) / 10000 <= PLAIN_NEWEST_SERVER;
	return NULL;
}

struct error *session_ask_plain(bool *plain, struct db *db)
{
	long long xid;

	return ask(plain, &xid, db, "", "RESET search_path");
}

static struct run_session *session_new(void *ctx, struct db *db)
{
	struct run_session *s = mem_new(ctx, struct run_session);

	s->db = db;
	return s;
}

void session_assume(struct run_session **session, void *ctx, struct db *db, bool plain)
{
	*session = session_new(ctx, db);
	(*session)->assumed = true;
	(*session)->plain = plain;
	(*session)->guarded = !plain;
}

static struct error *begin_first(struct run_session *s, const char *first)
{
	SCOPE(tmp, NULL);
	struct error *err;

	if (!s->assumed) {
		err = ask(&s->plain, &s->xid, s->db, first,
			  mem_printf(tmp, RESET_SETTINGS "%s", or_nothing(s->settings)));
		s->guarded = !s->plain;
		return err || s->plain ? err : session_take_base(s, "");
	}
	return s->plain ? begin_again(s, first) : session_take_base(s, first);
}

struct error *session_begin(struct run_session **session, void *ctx, struct db *db,
			    const char *settings)
{
	static const char begin[] =
		"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE NOT DEFERRABLE;";
	struct run_session *s = *session;

	if (s) {
		TALLOC_FREE(s->later);
		s->dirty = false;
	}
	if (s && s->begun)
		return s->known || !s->base ? begin_again(s, begin) : session_take_base(s, begin);
	if (!s)
		s = *session = session_new(ctx, db);
	s->begun = true;
	s->settings = settings ? mem_dup(s, settings) : NULL;
	return begin_first(s, begin);
}

/* Plain files do not change what there is to see: the next one that is not plain looks. */
struct error *session_look(struct run_session *s)
{
	if (!s->plain)
		return session_take_base(s, "");
	TALLOC_FREE(s->base);
	s->dirty = true;
	return NULL;
}

bool session_worn(const struct run_session *session)
{
	return session->worn;
}

void session_move(struct run_session **session, struct db *db)
{
	struct run_session *s = *session;

	if (!s || !s->guarded || !s->known) {
		TALLOC_FREE(*session);
		return;
	}
	s->db = db;
	s->base->advisory = NULL;
	s->prepared = false;
	s->worn = false;
}

/*
 * The statements after a file in its last message. DEALLOCATE ALL in the file drops our prepared
 * statement, too.
 */
char *session_look_text(void *ctx, const struct script *script)
{
	const char *release = session_mentions(script, "savepoint")
				      ? "RELEASE SAVEPOINT " SAVEPOINT_NAME "; "
				      : "";

	if (!session_mentions(script, "deallocate"))
		return mem_printf(ctx, "%s" LOOK, release);
	return mem_printf(ctx,
			  "%s" RESET_SETTINGS HOP_PATH
			  "DEALLOCATE ALL; PREPARE hop_facts AS %s; EXECUTE hop_facts",
			  release, sql_session_facts);
}

char *session_constraints_text(void *ctx, const struct run_session *s, const struct facts *facts,
			       bool last)
{
	const char *check = last ? facts->constraints : facts->immediate;
	char *sql;

	if (!facts->constraints)
		return NULL;
	sql = mem_printf(ctx, RESET_SETTINGS "%s %s ", or_nothing(facts->settings),
			 or_nothing(s->settings));
	if (check)
		mem_append(&sql, ctx, "SET CONSTRAINTS %s IMMEDIATE; ", check);
	if (facts->deferred)
		mem_append(&sql, ctx, "SET CONSTRAINTS %s DEFERRED; ", facts->deferred);
	return sql;
}

static struct error *end_constraints(struct run_session *s, const struct facts *now,
				     const struct script *script, bool last)
{
	SCOPE(tmp, NULL);
	char *sql = session_constraints_text(tmp, s, now, last);
	struct error *err;

	if (!sql)
		return NULL;
	err = db_exec_session(s->db, sql);
	if (!err || !*err->sqlstate)
		return err;
	err = error_detail(err, "%s%sSQLSTATE: %s", or_nothing(err->detail),
			   err->detail ? "\n" : "", err->sqlstate);
	return error_wrap(sql_error_judge(err),
			  "%s: deferred constraint at the end of the "
			  "patch",
			  script->name);
}

static struct error *reset_after(struct run_session *s, const struct facts *now,
				 const struct script *script)
{
	SCOPE(tmp, NULL);
	struct error *err = db_exec_session(s->db, session_reset_text(tmp, s, now));

	return error_wrap(sql_error_judge(err), "%s: cannot reset the session after it",
			  script->name);
}

static const char *keep(struct run_session *s, const char *text)
{
	return text ? mem_dup(s->base, text) : NULL;
}

struct error *session_end_file(struct run_session *s, const struct facts *now,
			       const struct script *script, bool last)
{
	struct error *err = end_constraints(s, now, script, last);

	if (!err)
		err = session_unlock(s, now, script->name);
	if (!err)
		err = reset_after(s, now, script);
	if (err)
		return err;
	s->base->settings = keep(s, now->settings);
	s->base->constraints = keep(s, now->constraints);
	s->base->immediate = keep(s, now->immediate);
	s->base->deferred = keep(s, now->deferred);
	return NULL;
}

/* One message does it all. Nothing can be deferred, and nothing has to be looked at. */
static struct error *run_plain(struct run_session *s, const struct script *script)
{
	static const struct facts nothing = {0};
	SCOPE(tmp, NULL);
	char *reset = session_reset_text(tmp, s, s->base ? s->base : &nothing);
	struct rows *rows;
	struct error *err;

	err = run_script_watched(&rows, tmp, s->db, script,
				 mem_printf(tmp, "%s SELECT pg_catalog.pg_current_xact_id()",
					    reset),
				 s->watch);
	if (!err && (!rows || rows_number(rows, 0, 0) != s->xid))
		err = error_new(ERROR_NO, "%s: the file ended the transaction that it ran in",
				script->name);
	return err;
}

static struct error *run_guarded(struct run_session *s, const struct script *script, bool last)
{
	SCOPE(tmp, NULL);
	struct facts *now;
	struct rows *rows;
	struct error *err = NULL;

	s->worn = true;
	if (!s->base)
		err = session_take_base(s, "");
	s->plain = false;
	if (!err && session_mentions(script, "savepoint"))
		err = db_exec_session(s->db, "SAVEPOINT " SAVEPOINT_NAME);
	if (!err)
		err = run_script_watched(&rows, tmp, s->db, script, session_look_text(tmp, script),
					 s->watch);
	if (!err)
		err = session_facts(&now, tmp, rows);
	if (!err)
		err = session_check(s, now, script->name);
	if (!err)
		err = session_end_file(s, now, script, last);
	if (err)
		s->known = false;
	return err;
}

void session_watch(struct run_session *s, const struct run_watch *watch)
{
	s->watch = watch;
}

struct error *session_file(struct run_session *s, const struct script *script, bool last)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *later;

	if (!db_in_transaction(s->db))
		return error_new(ERROR_FAIL, "%s: can run only inside a transaction", script->name);
	if (script->count == 0)
		return NULL;
	later = session_take_later(tmp, s);
	err = later ? db_exec_session(s->db, later) : NULL;
	if (err)
		return err;
	if (s->plain && script_is_plain(script))
		return run_plain(s, script);
	return run_guarded(s, script, last);
}
