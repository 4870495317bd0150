/* Adopts the database of a production clone. */
#include "deploy/takeover.h"

#include <string.h>

#include "base/log.h"
#include "base/opt.h"
#include "core/branch.h"
#include "deploy/compare.h"
#include "deploy/drift.h"
#include "deploy/hold.h"
#include "run/database.h"
#include "run/database_lock.h"
#include "run/target.h"
#include "run/record.h"

/* The newest version with the same schema as the database; NULL if there is none. */
static struct error *find_equal(const struct version **out, struct compare *s)
{
	const struct version *found = NULL;

	for (size_t i = s->count; i > 0; i--) {
		struct error *err;
		char *schema;
		bool equal;

		err = compare_load(&schema, s, s, &s->versions[i - 1]);
		if (err)
			return err;
		equal = strcmp(schema, s->schema) == 0;
		talloc_free(schema);
		/* A release can change rows only. */
		if (equal && found) {
			warn("the schemas of %s and %s are the same: assuming the newer one; "
			     "to choose another: --at",
			     version_print(s, &s->versions[i - 1]), version_print(s, found));
			break;
		}
		if (equal)
			found = &s->versions[i - 1];
	}
	*out = found;
	return NULL;
}

static struct error *no_version(struct compare *s)
{
	const struct version *nearest = NULL;
	size_t least = 0;
	struct error *err;
	char *name;

	for (size_t i = s->count; i > 0; i--) {
		SCOPE(tmp, s);
		struct drift drift;
		char *schema;

		err = compare_load(&schema, tmp, s, &s->versions[i - 1]);
		if (err)
			return err;
		drift_compare(&drift, tmp, schema, s->schema, NULL);
		if (!nearest || drift.count < least) {
			nearest = &s->versions[i - 1];
			least = drift.count;
		}
	}
	err = error_new(ERROR_NO, "the schema of database '%s' matches no release", db_name(s->db));
	if (!nearest)
		return err;
	name = version_print(s, nearest);
	return error_hint(
		err,
		"the closest is %s: %zu object%s; --at %s shows the differences and, if you "
		"accept them, adopts the database; nothing was changed",
		name, least, least == 1 ? " differs" : "s differ", name);
}

/* Checks the version given by the user. */
static struct error *accept(const struct version **out, struct compare *s, const char *at, bool yes)
{
	SCOPE(tmp, s);
	struct version wanted;
	struct drift drift;
	struct error *err;
	char *schema;

	err = version_parse(&wanted, at);
	if (err)
		return err;
	*out = NULL;
	for (size_t i = 0; i < s->count && !*out; i++) {
		if (version_compare(&s->versions[i], &wanted) == 0)
			*out = &s->versions[i];
	}
	if (!*out)
		return error_new(ERROR_NO, "there is no release %s on ho-prod", at);
	err = compare_load(&schema, s, s, *out);
	if (err)
		return err;
	if (strcmp(schema, s->schema) == 0)
		return NULL;
	drift_compare(&drift, tmp, schema, s->schema, NULL);
	if (drift.count == 0)
		return NULL;
	drift_show(&drift);
	return opt_confirm(yes,
			   mem_printf(tmp,
				      "Adopt database '%s' at version %s with these differences?",
				      db_name(s->db), at));
}

static struct error *find_version(const struct version **out, struct compare *s, const char *at,
				  bool yes)
{
	struct error *err;

	if (at)
		return accept(out, s, at, yes);
	err = find_equal(out, s);
	return err || *out ? err : no_version(s);
}

/* hop's rows for a database at this version. */
static struct error *read_rows(char **out, void *ctx, const struct compare *s,
			       const struct version *v)
{
	struct model *model;
	struct error *err = compare_model(&model, ctx, s, v);

	if (!err)
		*out = model->metadata;
	return err;
}

/* ROWS may be NULL. */
static struct error *mark(struct project *p, struct db *db, const char *rows)
{
	struct error *err;

	err = db_exec_simple(db, "BEGIN");
	if (!err)
		err = target_mark(p, db, RECORD_PRODUCTION);
	if (!err && rows)
		err = record_load(db, PATH_METADATA, rows, strlen(rows));
	if (!err)
		err = db_exec_simple(db, "COMMIT");
	if (!err || db_idle(db))
		return err;
	database_rollback(db);
	return error_add_hint(err, "nothing was changed");
}

struct error *takeover(void *ctx, struct project *p, struct db *db, const char *conninfo,
		       const char *at, bool yes)
{
	SCOPE(tmp, ctx);
	struct compare *s;
	const struct version *version = NULL;
	enum target_kind kind = TARGET_OURS;
	struct error *err;
	char *rows = NULL;
	int timeout;

	err = hold_timeout(&timeout, p);
	if (!err)
		err = database_lock_take(db, p->conf->id, timeout);
	if (!err)
		err = target_kind(&kind, p, db);
	if (!err && kind == TARGET_TEST)
		err = target_refuse(db, RECORD_DEVELOPMENT);
	if (err || kind == TARGET_OURS)
		return err;
	if (kind == TARGET_EMPTY && at)
		return error_hint(
			error_new(ERROR_NO, "database '%s' is empty, not at %s", db_name(db), at),
			"without --at, it is adopted without a version, and git hop upgrade "
			"applies every release");
	if (kind == TARGET_FOREIGN) {
		err = compare_open(&s, tmp, p, db, conninfo);
		if (!err)
			err = find_version(&version, s, at, yes);
		if (!err)
			err = read_rows(&rows, tmp, s, version);
	}
	if (!err)
		err = mark(p, db, rows);
	if (err)
		return err;
	if (version)
		note("database '%s' is at %s", db_name(db), version_print(tmp, version));
	else
		note("database '%s' is empty: git hop upgrade applies every release to it",
		     db_name(db));
	return NULL;
}
