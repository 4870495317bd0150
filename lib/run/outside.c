/* What a file changed in schema hop and outside of its database. */
#include "run/outside.h"

#include <string.h>

#include "base/log.h"
#include "sql/sql.h"

/* The columns of outside.sql, then that of session_rows.sql. */
enum { ROLES, MEMBERSHIPS, SETTINGS, TABLESPACES, SUBSCRIPTIONS, HOP, HOP_ROWS, KINDS };

struct outside {
	char *kinds[KINDS];
};

static char *text_of(void *ctx, struct rows *rows, int column)
{
	const char *text = rows_text(rows, 0, column);

	return mem_dup(ctx, text ? text : "");
}

static struct error *hop_rows(char **out, void *ctx, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query_simple(&rows, tmp, db, sql_session_rows);

	/* A table is missing. */
	if (db_error_is(err, "42P01") || db_error_is(err, "3F000")) {
		error_free(err);
		*out = mem_dup(ctx, "");
		return NULL;
	}
	if (!err)
		*out = text_of(ctx, rows, 0);
	return err;
}

struct error *outside_look(struct outside **out, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct outside *o = mem_new(tmp, struct outside);
	struct rows *rows;
	struct error *err;

	err = db_query_simple(&rows, tmp, db, sql_outside);
	for (int i = 0; !err && i < HOP_ROWS; i++)
		o->kinds[i] = text_of(o, rows, i);
	if (!err)
		err = hop_rows(&o->kinds[HOP_ROWS], o, db);
	if (err)
		return error_wrap(err, "cannot see the state of the server");
	*out = talloc_steal(ctx, o);
	return NULL;
}

static bool same(const struct outside *a, const struct outside *b, int kind)
{
	return strcmp(a->kinds[kind], b->kinds[kind]) == 0;
}

struct error *outside_compare(const struct outside *before, struct db *db, const char *name)
{
	static const char *const kinds[] = {"roles", "memberships of roles",
					    "settings of roles or other databases", "tablespaces"};
	SCOPE(tmp, NULL);
	struct outside *now;
	struct error *err = outside_look(&now, tmp, db);

	if (err)
		return error_wrap(err, "%s", name);
	if (!same(before, now, HOP) || !same(before, now, HOP_ROWS))
		return error_hint(error_new(ERROR_NO,
					    "%s: changes schema hop, which is reserved for "
					    "git hop",
					    name),
				  "what it changed is committed, because it does not run in a "
				  "transaction of git hop");
	if (!same(before, now, SUBSCRIPTIONS))
		return error_hint(
			error_new(ERROR_NO,
				  "%s: changes a subscription: that belongs to the server, not "
				  "to the database",
				  name),
			"this belongs in an administrator's script");
	for (int i = ROLES; i <= TABLESPACES; i++) {
		if (same(before, now, i))
			continue;
		warn("%s: %s of the server changed while it ran", name, kinds[i]);
		hint("if the file did that, move it into an administrator's script: upgrades and "
		     "builds cannot undo it");
	}
	return NULL;
}
