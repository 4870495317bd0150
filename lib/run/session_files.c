/* Files that run together, in one message. */
#include "run/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/plain.h"
#include "run/session_private.h"
#include "run/sql_file.h"

#define MESSAGE_MAX (1 << 19) /* bytes of files in a message */

/* What runs after a plain file; it must not find operators of users. */
#define PLAIN_LOOK                                                          \
	"SELECT pg_catalog.pg_current_xact_id(), "                          \
	"pg_catalog.date_part('epoch', pg_catalog.statement_timestamp()), " \
	"pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())"
#define PLAIN_WIDTH 3

/* A file in a message. */
struct run {
	struct session_item *item;
	bool plain;
	struct facts *facts; /* of a plain one only the times */
};

struct batch {
	struct run_session *session;
	struct run *runs;
	size_t count;
	struct rows **rows; /* one for each */
};

bool session_can_defer(const struct run_session *s)
{
	return s->plain && !s->watch;
}

void session_defer(struct run_session *s, const char *sql)
{
	mem_append(&s->later, s, "%s%s;", s->later ? "" : HOP_PATH, sql);
	s->dirty = true;
}

char *session_take_later(void *ctx, struct run_session *s)
{
	char *text;

	if (!s->dirty)
		return NULL;
	text = mem_printf(ctx, "%s" RESET_SETTINGS "%s", s->later ? s->later : "",
			  s->settings ? s->settings : "");
	TALLOC_FREE(s->later);
	s->dirty = false;
	return text;
}

struct error *session_commit(struct run_session *s)
{
	SCOPE(tmp, NULL);
	char *sql = mem_printf(tmp, "%sCOMMIT", s->later ? s->later : "");

	TALLOC_FREE(s->later);
	return db_exec_simple(s->db, sql);
}

/* Can it be a part of a message? */
static bool is_whole(const struct script *script)
{
	return script->piece_count == 1 && !script->pieces[0].copy;
}

/*
 * After such a file, what is left to do is likely to depend on what it did: it is the last one of
 * its message.
 */
static bool is_last(const struct script *script)
{
	static const char *const words[] = {"prepare",   "advisory", "deferr",
					    "initially", "database", NULL};

	for (const char *const *word = words; *word; word++) {
		if (session_mentions(script, *word))
			return true;
	}
	return false;
}

/* Takes the files from FROM that run in one message. */
static void gather(struct batch *b, struct session_item *items, size_t from, size_t count)
{
	const struct run_session *s = b->session;
	bool plain = s->plain, ends = false;
	size_t length = 0;

	for (b->count = 0; !ends && from < count && is_whole(items[from].script); from++) {
		const struct script *script = items[from].script;

		plain = plain && script_is_plain(script);
		/* What there is before the first one that is not plain has to be looked at. */
		ends = length + script->length > MESSAGE_MAX || (!plain && !s->base);
		if (ends && b->count > 0)
			return;
		length += script->length;
		b->runs[b->count++] = (struct run){.item = &items[from], .plain = plain};
		ends = ends || (!plain && is_last(script));
	}
}

/*
 * A plain file cannot change a setting, and the name of the session is set again: only temporary
 * tables (SELECT INTO) and what is known of sequences are left of it.
 */
static void add_plain(struct sql_message *m, void *ctx, const struct run_session *s,
		      const struct script *script, bool end)
{
	static const struct facts nothing = {0};
	const char *reset = "DISCARD TEMP; DISCARD SEQUENCES;";

	if (end)
		reset = session_reset_text(ctx, s, s->base ? s->base : &nothing);
	sql_message_add_file(m, script);
	sql_message_add_own(m, mem_printf(ctx, "%s " PLAIN_LOOK, reset), true);
}

/* END: it is the last of the message, and what has to be done after it depends on what it did. */
static void add_guarded(struct sql_message *m, void *ctx, const struct run_session *s,
			const struct session_item *item, bool end)
{
	const struct script *script = item->script;
	const char *constraints = session_constraints_text(ctx, s, s->base, item->last);

	if (session_mentions(script, "savepoint"))
		sql_message_add_own(m, "SAVEPOINT " SAVEPOINT_NAME, false);
	sql_message_add_file(m, script);
	sql_message_add_own(m, session_look_text(ctx, script), true);
	if (!end && constraints)
		sql_message_add_own(m, constraints, false);
	if (!end)
		sql_message_add_own(m, session_reset_text(ctx, s, s->base), false);
}

static struct sql_message *compose(void *ctx, const struct batch *b)
{
	struct run_session *s = b->session;
	struct sql_message *m = sql_message_new(ctx);
	const char *later = session_take_later(ctx, s);

	if (later)
		sql_message_add_own(m, later, false);
	for (size_t i = 0; i < b->count; i++) {
		const struct session_item *item = b->runs[i].item;
		bool end = i + 1 == b->count;

		sql_message_add_own(m,
				    mem_printf(ctx, "SET application_name = %s",
					       db_literal(ctx, s->db, item->name)),
				    false);
		if (b->runs[i].plain)
			add_plain(m, ctx, s, item->script, end);
		else
			add_guarded(m, ctx, s, item, end);
	}
	return m;
}

/* NULL: the row is another one, for the server counts statements as we do not. */
static struct facts *facts_of(void *ctx, const struct run *run, struct rows *rows)
{
	struct facts *facts = NULL;
	struct error *err;

	if (rows_width(rows) != (run->plain ? PLAIN_WIDTH : FACTS_WIDTH))
		return NULL;
	if (!run->plain) {
		err = session_facts(&facts, ctx, rows);
		error_free(err);
		return facts;
	}
	facts = mem_new(ctx, struct facts);
	facts->xid = rows_number(rows, 0, 0);
	facts->sent = strtod(rows_text(rows, 0, 1), NULL);
	facts->now = strtod(rows_text(rows, 0, 2), NULL);
	return facts;
}

/*
 * Reads what is known of the files that have run. False: the next ones ran in another state than
 * the one that the message was made for.
 */
static bool look(struct batch *b, void *ctx)
{
	const struct run_session *s = b->session;
	double before = 0;

	for (size_t i = 0; i < b->count && b->rows[i]; i++) {
		struct run *run = &b->runs[i];
		struct facts *facts = facts_of(ctx, run, b->rows[i]);

		if (!facts)
			return false;
		if (!run->plain && i + 1 < b->count && !session_unchanged(s, facts))
			return false;
		run->facts = facts;
		run->item->duration_ms = (long long)((facts->now - (i > 0 ? before : facts->sent)) *
						     1000);
		before = facts->now;
	}
	return true;
}

/*
 * The file that has ended the transaction: what ran before may be committed, so nothing may run
 * again. NULL: none.
 */
static const char *find_end(const struct batch *b, void *ctx)
{
	const struct run_session *s = b->session;
	size_t n = 0;

	for (; n < b->count && b->rows[n]; n++) {
		struct facts *facts = facts_of(ctx, &b->runs[n], b->rows[n]);

		if (facts && facts->xid != s->xid)
			return b->runs[n].item->script->name;
	}
	return db_idle(s->db) ? b->runs[n < b->count ? n : n - 1].item->script->name : NULL;
}

static struct error *ended(const char *name)
{
	return error_new(ERROR_NO, "%s: the file ended the transaction that it ran in", name);
}

struct error *session_check_undone(struct run_session *s)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, s->db, "select pg_catalog.pg_xact_status($1::xid8)",
		       DB_ARGS(mem_printf(tmp, "%lld", s->xid)));
	if (err || !rows_text(rows, 0, 0) || strcmp(rows_text(rows, 0, 0), "committed") != 0)
		return err;
	return error_new(ERROR_FAIL, "a file ended the transaction that it ran in");
}

/* Sends the files; what is left to do is what session_file does after the last one. */
static struct error *run_batch(struct batch *b, bool *apart)
{
	SCOPE(tmp, NULL);
	struct run_session *s = b->session;
	const struct run *last = &b->runs[b->count - 1];
	const char *end;
	struct error *err;
	bool own;

	b->rows = mem_array(tmp, struct rows *, b->count);
	s->worn = s->worn || !last->plain;
	s->plain = last->plain;
	err = sql_message_send(b->rows, &own, tmp, s->db, compose(tmp, b));
	end = find_end(b, tmp);
	if (end) {
		error_free(err);
		return ended(end);
	}
	if (err && err->code != ERROR_NO)
		return err;
	*apart = own || !look(b, tmp);
	if (*apart && !err)
		err = error_new(ERROR_FAIL, "files have to run one by one");
	if (err || last->plain)
		return err;
	err = session_check(s, last->facts, last->item->script->name);
	*apart = err && b->count > 1;
	return err ? err : session_end_file(s, last->facts, last->item->script, last->item->last);
}

static struct error *run_alone(struct run_session *s, struct session_item *item)
{
	double began = log_clock();
	struct error *err = session_file(s, item->script, item->last);

	item->duration_ms = log_ms_since(began);
	return err;
}

/* A single file gains from a message only with something to send in front of it. */
static bool runs_alone(const struct batch *b)
{
	const struct run_session *s = b->session;

	return b->count == 0 || s->watch || (b->count == 1 && !(b->runs[0].plain && s->dirty));
}

struct error *session_files(struct run_session *s, struct session_item *items, size_t count,
			    bool *apart)
{
	SCOPE(tmp, NULL);
	struct batch b = {.session = s, .runs = mem_array(tmp, struct run, count)};
	struct error *err = NULL;

	for (size_t i = 0; !err && i<count; i += b.count> 0 ? b.count : 1) {
		gather(&b, items, i, count);
		if (runs_alone(&b)) {
			b.count = 1;
			err = run_alone(s, &items[i]);
			continue;
		}
		err = run_batch(&b, apart);
		if (err)
			s->known = false;
	}
	return err;
}
