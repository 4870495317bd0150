/* Detects changes to the session, schema hop and the server that files of patches must not make. */
#include "run/session.h"

#include <stdlib.h>
#include <string.h>

#include "run/session_private.h"
#include "sql/sql.h"

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

struct error *session_hop_rows(char **out, struct run_session *s)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query_simple(&rows, tmp, s->db,
			      mem_printf(tmp, "RESET ALL; " DB_OWN_PATH " %s", sql_session_rows));
	if (!err)
		*out = mem_dup(s, rows_text(rows, 0, 0));
	return err;
}

static struct error *changes_hop(const char *name)
{
	return error_hint(error_new(ERROR_NO,
				    "%s: changes schema hop, which is reserved for "
				    "git hop",
				    name),
			  "patches can read it, but only git hop writes to it");
}

static struct error *check_hop(struct run_session *s, const struct facts *now, const char *name)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *rows;

	if (!same(s->base->hop, now->hop) || (now->wrote_hop && !s->base->wrote_hop))
		return changes_hop(name);
	if (!s->hop_rows)
		return NULL;
	err = session_hop_rows(&rows, s);
	if (err)
		return error_wrap(err, "%s", name);
	talloc_steal(tmp, rows);
	return same(rows, s->hop_rows) ? NULL : changes_hop(name);
}

static struct error *acts_outside(const char *name, const char *what)
{
	struct error *err = error_new(ERROR_NO,
				      "%s: changes %s: that belongs to the server, not "
				      "to the database",
				      name, what);

	return error_hint(
		err, "list roles that patches mention in 'roles =' of .hop/config, extensions in "
		     "'extensions ='; the rest belongs in an administrator's script. Settings of "
		     "this database are allowed");
}

/* Does LIST, whose words are separated by a space, contain WORD, which has LENGTH bytes? */
static bool has_word(const char *list, const char *word, size_t length)
{
	for (const char *p = list; p && *p; p += strcspn(p, " "), p += *p == ' ') {
		if (strcspn(p, " ") == length && strncmp(p, word, length) == 0)
			return true;
	}
	return false;
}

/*
 * Are settings of a role or of another database gone, and this session has deleted some? Other
 * sessions may have deleted theirs meanwhile.
 */
static bool reset_others(const struct facts *base, const struct facts *now)
{
	for (const char *p = base->other_settings; now->deleted_settings && p && *p;
	     p += strcspn(p, " "), p += *p == ' ') {
		if (!has_word(now->other_settings, p, strcspn(p, " ")))
			return true;
	}
	return false;
}

static struct error *check_outside(const struct facts *base, const struct facts *now,
				   const char *name)
{
	if (now->outside && !same(base->outside, now->outside))
		return acts_outside(name, now->outside);
	if (reset_others(base, now))
		return acts_outside(name, "settings of another database or of a role");
	if (!same(base->subscriptions, now->subscriptions))
		return acts_outside(name, "a subscription");
	return NULL;
}

struct error *session_check(struct run_session *s, const struct facts *now, const char *name)
{
	struct error *err;

	if (!db_in_transaction(s->db) || now->xid != s->xid)
		return error_new(ERROR_NO, "%s: the file ended the transaction that it ran in",
				 name);
	if (!now->plain)
		return error_hint(
			error_new(ERROR_NO,
				  "%s: changes the transaction that the whole release runs in",
				  name),
			"git hop runs a release in a single transaction, READ COMMITTED and "
			"READ WRITE");
	err = check_outside(s->base, now, name);
	return err ? err : check_hop(s, now, name);
}

bool session_unchanged(const struct run_session *s, const struct facts *now)
{
	const struct facts *base = s->base;

	return now->xid == s->xid && now->plain && !now->prepared &&
	       same(base->advisory, now->advisory) && same(base->settings, now->settings) &&
	       same(base->constraints, now->constraints) && same(base->immediate, now->immediate) &&
	       same(base->deferred, now->deferred) &&
	       (!now->outside || same(base->outside, now->outside)) && !reset_others(base, now) &&
	       same(base->subscriptions, now->subscriptions) && same(base->hop, now->hop) &&
	       now->wrote_hop <= base->wrote_hop;
}

/* The call that releases "CLASSID:OBJID:OBJSUBID:MODE" once. */
static char *unlock_call(void *ctx, const char *lock)
{
	char *end;
	unsigned long high = strtoul(lock, &end, 10), low = strtoul(end + 1, &end, 10);
	const char *shared = strstr(lock, ":ShareLock") ? "_shared" : "";

	if (strncmp(end, ":1:", 3) == 0)
		return mem_printf(ctx, "pg_catalog.pg_advisory_unlock%s(%lld::bigint)", shared,
				  (long long)((unsigned long long)high << 32 | low));
	return mem_printf(ctx, "pg_catalog.pg_advisory_unlock%s(%d, %d)", shared,
			  (int)(unsigned)high, (int)(unsigned)low);
}

/* A lock can be held more than once; a transaction-level one cannot be released. */
static struct error *give_back(struct db *db, const char *lock, const char *name)
{
	SCOPE(tmp, NULL);
	char *sql = mem_printf(tmp, "SELECT %s", unlock_call(tmp, lock));
	struct error *err;
	struct rows *rows;
	size_t n = 0;

	for (;; n++) {
		err = db_query_simple(&rows, tmp, db, sql);
		if (err)
			return error_wrap(err, "%s", name);
		if (!rows_true(rows, 0, 0))
			break;
	}
	if (n > 0)
		return NULL;
	return error_hint(error_new(ERROR_NO,
				    "%s: takes an advisory lock that lasts until the end of the "
				    "transaction",
				    name),
			  "the whole release is one transaction: use pg_advisory_lock, which "
			  "git hop releases after the file");
}

struct error *session_unlock(struct run_session *s, const struct facts *now, const char *name)
{
	for (const char *p = now->advisory; p && *p; p += strcspn(p, " "), p += *p == ' ') {
		SCOPE(tmp, NULL);
		size_t length = strcspn(p, " ");
		struct error *err = NULL;

		if (!has_word(s->base->advisory, p, length))
			err = give_back(s->db, mem_dup_n(tmp, p, length), name);
		if (err)
			return err;
	}
	return NULL;
}

bool session_mentions(const struct script *script, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= script->length; i++) {
		size_t k = 0;

		while (k < n && (script->text[i + k] | 0x20) == word[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}
