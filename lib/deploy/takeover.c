/* Adopts the database of a production clone. */
#include "deploy/takeover.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/proc.h"
#include "core/branch.h"
#include "build/dev_server.h"
#include "build/model.h"
#include "project/catalog.h"
#include "run/database.h"
#include "project/tag.h"
#include "run/database_lock.h"
#include "run/target.h"
#include "run/record.h"

#define LOCK_TIMEOUT 60
#define SHOWN_LINES 40

/* The state of the search for the version of a database. */
struct search {
	void *tmp;
	struct project *p;
	struct db *db;
	const char *conninfo;     /* of DB */
	char *commit;             /* of ho-prod */
	struct version *versions; /* lowest first */
	size_t count;
	char *dump;             /* schema of the database */
	struct dev_server *dev; /* where versions are built */
};

/* The commit with the model of a version: that of ho-prod or of its tag. */
static struct error *commit_of(char **out, void *ctx, const struct search *s,
			       const struct version *v)
{
	struct error *err;

	*out = s->commit;
	if (version_compare(v, &s->versions[s->count - 1]) == 0)
		return NULL;
	err = tag_commit(out, ctx, s->p, v);
	if (!err && !*out)
		err = tag_missing(s->p, v);
	return err;
}

static struct error *model_of(struct model **out, void *ctx, const struct search *s,
			      const struct version *v)
{
	SCOPE(tmp, ctx);
	char *commit;
	struct error *err = commit_of(&commit, tmp, s, v);

	if (!err)
		err = model_read(out, ctx, s->p->repo, commit);
	return error_wrap(err, "cannot read the model of %s", version_print(tmp, v));
}

/*
 * The schema of a version, dumped on this server: the dump of another server or another pg_dump can
 * differ in form.
 */
static struct error *schema_of(char **out, const struct search *s, const struct version *v)
{
	SCOPE(tmp, s->tmp);
	const struct model_request request = {.source = MODEL_COMPARED, .conf = s->p->conf};
	struct model *model;
	struct error *err = model_of(&model, tmp, s, v);

	progress("comparing with %s", version_print(tmp, v));
	if (!err)
		err = model_redump(out, s->tmp, s->dev, model, &request);
	progress("%s", "");
	return error_wrap(err, "cannot build version %s to compare with", version_print(tmp, v));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **sorted_lines(void *ctx, const char *text, size_t *count)
{
	char **lines = mem_split(ctx, text, '\n');

	*count = mem_list_length(lines);
	qsort(lines, *count, sizeof(*lines), by_text);
	return lines;
}

/* The number of lines that occur in only one of the texts, regardless of their order. */
static size_t distance(const char *a, const char *b)
{
	SCOPE(tmp, NULL);
	size_t na, nb, i = 0, k = 0, only = 0;
	char **la = sorted_lines(tmp, a, &na);
	char **lb = sorted_lines(tmp, b, &nb);

	while (i < na && k < nb) {
		int order = strcmp(la[i], lb[k]);

		i += order <= 0;
		k += order >= 0;
		only += order != 0;
	}
	return only + (na - i) + (nb - k);
}

/* The newest version with the same schema as the database; NULL if there is none. */
static struct error *find_equal(const struct version **out, const struct search *s)
{
	const struct version *found = NULL;

	for (size_t i = s->count; i > 0; i--) {
		struct error *err;
		char *schema;
		bool equal;

		err = schema_of(&schema, s, &s->versions[i - 1]);
		if (err)
			return err;
		equal = strcmp(schema, s->dump) == 0;
		talloc_free(schema);
		/* A release can change rows only. */
		if (equal && found) {
			warn("the schemas of %s and %s are the same: assuming the newer one; "
			     "to choose another: --at",
			     version_print(s->tmp, &s->versions[i - 1]),
			     version_print(s->tmp, found));
			break;
		}
		if (equal)
			found = &s->versions[i - 1];
	}
	*out = found;
	return NULL;
}

static struct error *no_version(const struct search *s)
{
	const struct version *nearest = NULL;
	size_t least = 0;
	struct error *err;
	char *name;

	for (size_t i = s->count; i > 0; i--) {
		char *schema;
		size_t n;

		err = schema_of(&schema, s, &s->versions[i - 1]);
		if (err)
			return err;
		n = distance(schema, s->dump);
		if (!nearest || n < least) {
			nearest = &s->versions[i - 1];
			least = n;
		}
		talloc_free(schema);
	}
	err = error_new(ERROR_NO, "the schema of database '%s' matches no release", db_name(s->db));
	if (!nearest)
		return err;
	name = version_print(s->tmp, nearest);
	return error_hint(
		err,
		"the closest is %s: %zu lines of the dumps differ; --at %s shows them and, if "
		"you accept them, adopts the database; nothing was changed",
		name, least, name);
}

static void show(const char *diff)
{
	SCOPE(tmp, NULL);
	char **lines = mem_split(tmp, diff, '\n');
	size_t count = mem_list_length(lines);

	for (size_t i = 0; i < count && i < SHOWN_LINES; i++)
		note("%s", lines[i]);
	if (count > SHOWN_LINES)
		note("... and %zu more lines", count - SHOWN_LINES);
}

static struct error *diff_in(const char *dir, const struct search *s, const char *schema,
			     const char *version)
{
	SCOPE(tmp, s->tmp);
	char *a = path_join(tmp, dir, "release"), *b = path_join(tmp, dir, "database");
	struct proc diff = {.capture = true};
	struct error *err;

	err = file_write(a, schema, strlen(schema), 0600);
	if (!err)
		err = file_write(b, s->dump, strlen(s->dump), 0600);
	if (err)
		return err;
	diff.argv = proc_argv(tmp, "diff", "-u", "--label", mem_printf(tmp, "release %s", version),
			      "--label", mem_printf(tmp, "database %s", db_name(s->db)), a, b,
			      NULL);
	err = proc_run(tmp, &diff);
	if (err)
		return err;
	if (diff.status > 1)
		return error_new(ERROR_FAIL, "diff failed");
	show(diff.output);
	return NULL;
}

static struct error *show_differences(const struct search *s, const char *schema,
				      const char *version)
{
	SCOPE(tmp, s->tmp);
	struct error *err, *gone;
	char *dir;

	err = file_make_temp_dir(&dir, tmp, "hop-takeover");
	if (err)
		return err;
	err = diff_in(dir, s, schema, version);
	gone = file_remove_tree(dir);
	error_free(gone);
	return error_wrap(err, "cannot compare the schemas");
}

/* Checks the version given by the user. */
static struct error *accept(const struct version **out, const struct search *s, const char *at,
			    bool yes)
{
	SCOPE(tmp, s->tmp);
	struct version wanted;
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
	err = schema_of(&schema, s, *out);
	if (err)
		return err;
	if (strcmp(schema, s->dump) == 0)
		return NULL;
	err = show_differences(s, schema, at);
	if (err)
		return err;
	return opt_confirm(yes,
			   mem_printf(tmp,
				      "Adopt database '%s' at version %s with these differences?",
				      db_name(s->db), at));
}

static struct error *find_version(const struct version **out, struct search *s, const char *at,
				  bool yes)
{
	const struct model_request request = {.source = MODEL_COMPARED, .conf = s->p->conf};
	struct version newest;
	struct model *model;
	struct error *err;

	err = catalog_production(&newest, &s->commit, s->tmp, s->p);
	if (!err)
		err = catalog_released(&s->versions, &s->count, s->tmp, s->p->repo, s->commit);
	if (!err)
		err = model_dump(&model, s->tmp, s->db, &request);
	if (!err)
		err = dev_server_open_beside(&s->dev, s->tmp, s->p, s->conninfo);
	if (err)
		return err;
	s->dump = model->schema;
	if (at)
		return accept(out, s, at, yes);
	err = find_equal(out, s);
	return err || *out ? err : no_version(s);
}

/* Loads hop's rows for a database at this version. */
static struct error *load_rows(const struct search *s, const struct version *v)
{
	SCOPE(tmp, s->tmp);
	struct model *model;
	struct error *err = model_of(&model, tmp, s, v);

	if (!err)
		err = record_load(s->db, PATH_METADATA, model->metadata, strlen(model->metadata));
	return err;
}

static struct error *mark(const struct search *s, const struct version *v)
{
	struct error *err;

	err = db_exec_simple(s->db, "BEGIN");
	if (!err)
		err = target_mark(s->p, s->db, RECORD_PRODUCTION);
	if (!err && v)
		err = load_rows(s, v);
	if (!err)
		err = db_exec_simple(s->db, "COMMIT");
	if (!err || db_idle(s->db))
		return err;
	database_rollback(s->db);
	return error_add_hint(err, "nothing was changed");
}

struct error *takeover(void *ctx, struct project *p, struct db *db, const char *conninfo,
		       const char *at, bool yes)
{
	SCOPE(tmp, ctx);
	struct search s = {.tmp = tmp, .p = p, .db = db, .conninfo = conninfo};
	const struct version *version = NULL;
	enum target_kind kind = TARGET_OURS;
	struct error *err;
	int timeout;

	err = repo_config_number(&timeout, p->repo, "hop.lockTimeout", LOCK_TIMEOUT);
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
	if (kind == TARGET_FOREIGN)
		err = find_version(&version, &s, at, yes);
	if (!err)
		err = mark(&s, version);
	if (err)
		return err;
	if (version)
		note("database '%s' is at %s", db_name(db), version_print(tmp, version));
	else
		note("database '%s' is empty: git hop upgrade applies every release to it",
		     db_name(db));
	return NULL;
}
