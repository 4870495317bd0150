/* Puts the restored database in the place of the old one. */
#include "deploy/rollback.h"

#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "deploy/restore.h"
#include "deploy/rollback_left.h"
#include "deploy/rollback_private.h"
#include "run/database.h"
#include "sql/sql.h"

#define TRIES 3
#define NAME_BYTES 36 /* of 63: "_replaced_20260701T120000Z" follows */

struct swap {
	struct db *server;
	const char *conninfo; /* of the server */
	const char *name, *new, *old;
	const char *comment;  /* of the database, or NULL */
	const char *swapping; /* of the new one until it has its name */
	const char *replaced; /* of the old one */
};

static char *kept_name(void *ctx, const char *name)
{
	time_t now = time(NULL);
	char stamp[32];
	size_t n = 0;
	struct tm tm;

	while (name[n]) {
		size_t length = utf8_length(name + n, strlen(name + n));

		if (n + (length ? length : 1) > NAME_BYTES)
			break;
		n += length ? length : 1;
	}
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	return mem_printf(ctx, "%.*s_replaced_%s", (int)n, name, stamp);
}

static char *comment_sql(void *ctx, struct db *db, const char *name, const char *comment)
{
	SCOPE(tmp, ctx);

	return comment ? database_comment_sql(ctx, db, name, comment)
		       : mem_printf(ctx, "COMMENT ON DATABASE %s IS NULL", db_ident(tmp, db, name));
}

/* From here on nobody can connect, until reopen or the end of rename_both. */
static struct error *refuse_connections(const struct swap *s)
{
	SCOPE(tmp, NULL);

	return db_exec_simple(s->server,
			      mem_printf(tmp, "BEGIN; %s; %s; COMMIT",
					 comment_sql(tmp, s->server, s->new, s->swapping),
					 database_allow_sql(tmp, s->server, s->name, false)));
}

/*
 * After ERR, with a connection of its own where the first one is lost. Returns NULL if both were
 * renamed: only the server's answer was lost.
 */
static struct error *reopen(struct error *err, const struct swap *s)
{
	SCOPE(tmp, NULL);
	char *sql = database_allow_sql(tmp, s->server, s->name, true);
	struct error *other;
	struct db *server;
	char *owner = NULL;

	database_rollback(s->server);
	other = db_exec_simple(s->server, sql);
	if (!other)
		return err;
	error_free(other);
	other = restore_server(&server, tmp, s->conninfo, s->name);
	if (!other)
		other = database_owner(&owner, tmp, server, s->old);
	if (!other && !owner)
		other = db_exec_simple(server, sql);
	if (owner) {
		error_free(err);
		return NULL;
	}
	if (other)
		err = error_add_hint(err,
				     "database '%s' takes no connections: the next git hop "
				     "rollback, upgrade or backup create opens it again",
				     s->name);
	error_free(other);
	return err;
}

static struct error *rename_both(const struct swap *s)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = db_exec_simple(s->server,
			     mem_printf(tmp, "BEGIN; %s; %s; %s; %s; %s",
					database_rename_sql(tmp, s->server, s->name, s->old),
					database_rename_sql(tmp, s->server, s->new, s->name),
					database_allow_sql(tmp, s->server, s->old, true),
					comment_sql(tmp, s->server, s->old, s->replaced),
					comment_sql(tmp, s->server, s->name, s->comment)));
	if (!err)
		err = fail_point("rollback.renamed");
	if (!err)
		err = db_exec_simple(s->server, "COMMIT");
	return err;
}

/*
 * Ours holds the lock of the database until all are told to end, so that no upgrade that waits for
 * it begins in a database that is about to be replaced.
 */
static struct error *swap(const struct swap *s, struct rollback *r)
{
	struct error *err = refuse_connections(s);

	if (!err)
		err = fail_point("rollback.closed");
	if (!err)
		err = database_clear(s->server, s->name);
	TALLOC_FREE(r->hold->db);
	for (int i = 1; !err; i++) {
		err = database_clear(s->server, s->name);
		if (!err)
			err = rename_both(s);
		if (!db_error_is(err, "55006") || i == TRIES)
			break;
		database_rollback(s->server);
		error_free(err);
		err = NULL;
	}
	return err ? reopen(err, s) : NULL;
}

/* Of the old database and the new one; the user's own comment stays. */
static struct error *read_comments(struct swap *s, void *ctx, struct rollback *r)
{
	SCOPE(tmp, ctx);
	struct project *p = r->hold->project;
	const char *comment;
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, s->server, sql_database_like, DB_ARGS(s->name, s->new));
	if (err)
		return err;
	comment = rows_count(rows) > 0 ? rows_text(rows, 0, 1) : NULL;
	s->comment = comment ? mem_dup(ctx, comment) : NULL;
	s->swapping = rollback_mark(ctx, p, "swapping", s->name);
	s->replaced = mem_printf(ctx, "%s%s%s", rollback_mark(tmp, p, "replaced", s->name),
				 comment ? "\n" : "", comment ? comment : "");
	return NULL;
}

struct error *rollback_swap(char **kept, void *ctx, struct rollback *r, const char *new)
{
	SCOPE(tmp, ctx);
	struct swap s = {.server = r->server, .conninfo = r->hold->conninfo, .new = new};
	double began;
	struct error *err;
	int suspended;

	s.name = mem_dup(tmp, db_name(r->hold->db));
	s.old = kept_name(ctx, s.name);
	err = read_comments(&s, tmp, r);
	if (!err)
		err = signals_check();
	if (err)
		return err;
	/* Not to be interrupted: it takes some milliseconds, and nobody can connect. */
	suspended = signals_suspend();
	began = log_clock();
	err = swap(&s, r);
	began = log_clock() - began;
	signals_resume(suspended);
	if (err)
		return error_wrap(err, "cannot replace database '%s'", s.name);
	*kept = (char *)s.old;
	note("swapped in %.0f ms", began * 1000);
	return fail_point("rollback.swapped");
}
