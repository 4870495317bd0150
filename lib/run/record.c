/* Reads and writes hop's own tables (schema hop). */
#include "run/record.h"

#include <stdlib.h>
#include <string.h>

#include "core/version.h"
#include "run/record_private.h"
#include "sql/sql.h"

enum whose { NOBODYS, OURS, FOREIGN };

static struct error *whose(enum whose *out, struct db *db, bool write)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_record_whose, DB_NO_ARGS);

	if (err)
		return err;
	*out = rows_true(rows, 0, 0) ? OURS : rows_true(rows, 0, 1) ? FOREIGN : NOBODYS;
	if (*out == FOREIGN || !rows_true(rows, 0, write ? 2 : 3))
		return NULL;
	return record_check_trust(db);
}

static struct error *read_identity(struct record_state *out, void *ctx, struct db *db)
{
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, ctx, db,
		       "select id, name, role, hop_version, clone_id, clone_host, clone_directory "
		       "from hop.project",
		       DB_NO_ARGS);
	if (err)
		return err;
	out->present = rows_count(rows) > 0;
	if (!out->present)
		return NULL;
	out->identity = (struct record_identity){
		.id = rows_text(rows, 0, 0),
		.name = rows_text(rows, 0, 1),
		.role = rows_text(rows, 0, 2),
		.hop_version = rows_text(rows, 0, 3),
		.clone_id = rows_text(rows, 0, 4),
		.clone_host = rows_text(rows, 0, 5),
		.clone_directory = rows_text(rows, 0, 6),
	};
	return NULL;
}

struct error *record_state(struct record_state *out, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct record_state state = {0};
	enum whose whose_schema;
	struct rows *rows;
	struct error *err = whose(&whose_schema, db, false);

	if (!err && whose_schema == OURS)
		err = error_wrap(read_identity(&state, ctx, db), "cannot read schema 'hop'");
	/* Only without an identity, because this query is the most expensive one. */
	if (!err && !state.present) {
		err = db_query(&rows, tmp, db, sql_has_objects,
			       DB_ARGS(whose_schema == FOREIGN ? "f" : "t"));
		if (!err) {
			state.has_objects = rows_true(rows, 0, 0);
			state.prepared = rows_true(rows, 0, 1);
		}
	}
	/* A schema that cannot be trusted is the answer, not a failure to find it. */
	if (err && err->code != ERROR_NO)
		err = error_wrap(err, "cannot determine the owner of database '%s'", db_name(db));
	if (err)
		return err;
	*out = state;
	return NULL;
}

struct error *record_install(struct db *db)
{
	enum whose whose_schema;
	struct error *err = whose(&whose_schema, db, true);

	if (!err && whose_schema == FOREIGN)
		return error_hint(error_new(ERROR_NO,
					    "schema 'hop' of database '%s' was not created by "
					    "git hop",
					    db_name(db)),
				  "git hop keeps its tables in a schema of that name: "
				  "rename yours");
	if (!err)
		err = db_exec_simple(db, sql_hop);
	return error_wrap(err, "cannot create schema 'hop' in database '%s'", db_name(db));
}

struct error *record_set_identity(struct db *db, const struct record_identity *identity)
{
	struct error *err;

	err = db_exec(
		db,
		"insert into hop.project "
		"(id, name, role, hop_version, clone_id, clone_host, clone_directory) "
		"values ($1, $2, $3, $4, $5, $6, $7) on conflict (only_row) do update "
		"set id = excluded.id, name = excluded.name, role = excluded.role, "
		"hop_version = excluded.hop_version, clone_id = excluded.clone_id, "
		"clone_host = excluded.clone_host, clone_directory = excluded.clone_directory",
		DB_ARGS(identity->id, identity->name, identity->role, identity->hop_version,
			identity->clone_id, identity->clone_host, identity->clone_directory));
	return error_wrap(err, "cannot mark database '%s' as %s", db_name(db), identity->role);
}

/* Rows that git hop did not write may contain invalid versions: these come first, in byte order. */
static int compare_versions(const char *a, const char *b)
{
	struct version va, vb;
	struct error *bad_a = version_parse(&va, a);
	struct error *bad_b = version_parse(&vb, b);
	int order;

	if (bad_a || bad_b)
		order = bad_a && bad_b ? strcmp(a, b) : bad_a ? -1 : 1;
	else
		order = version_compare(&va, &vb);
	error_free(bad_a);
	error_free(bad_b);
	return order;
}

static int compare_releases(const void *a, const void *b)
{
	const struct record_release *ra = a, *rb = b;

	return compare_versions(ra->version, rb->version);
}

struct error *record_releases(struct record_release **out, size_t *count, void *ctx, struct db *db)
{
	struct record_release *list;
	struct rows *rows;
	struct error *err;
	int n;

	err = db_query(&rows, ctx, db,
		       "select version, " UTC("applied_at") ", applied_by, commit_id, hop_version, "
							    "duration_ms from hop.release",
		       DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the releases of database '%s'", db_name(db));
	n = rows_count(rows);
	list = mem_array(ctx, struct record_release, (size_t)n + 1);
	for (int i = 0; i < n; i++) {
		list[i] = (struct record_release){
			.version = rows_text(rows, i, 0),
			.applied_at = rows_text(rows, i, 1),
			.applied_by = rows_text(rows, i, 2),
			.commit = rows_text(rows, i, 3),
			.hop_version = rows_text(rows, i, 4),
			.duration_ms = rows_number(rows, i, 5),
		};
	}
	qsort(list, (size_t)n, sizeof(*list), compare_releases);
	*out = list;
	*count = (size_t)n;
	return NULL;
}

static int compare_patches(const void *a, const void *b)
{
	const struct patch_row *pa = a, *pb = b;
	int order = compare_versions(pa->version, pb->version);

	return order ? order : atoi(pa->position) - atoi(pb->position);
}

struct error *record_patch_rows(struct patch_row **out, size_t *count, void *ctx, struct db *db)
{
	struct patch_row *list;
	struct rows *rows;
	struct error *err;
	int n;

	err = db_query(&rows, ctx, db,
		       "select version, id, hash, \"position\", duration_ms, " UTC(
			       "applied_at") " from hop.patch",
		       DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the patches of database '%s'", db_name(db));
	n = rows_count(rows);
	list = mem_array(ctx, struct patch_row, (size_t)n + 1);
	for (int i = 0; i < n; i++) {
		list[i] = (struct patch_row){
			rows_text(rows, i, 0), rows_text(rows, i, 1), rows_text(rows, i, 2),
			rows_text(rows, i, 3), rows_text(rows, i, 4), rows_text(rows, i, 5),
		};
	}
	qsort(list, (size_t)n, sizeof(*list), compare_patches);
	*out = list;
	*count = (size_t)n;
	return NULL;
}

struct error *record_applied(struct plan_applied **out, size_t *count, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct plan_applied *list;
	struct patch_row *patches;
	struct error *err = record_patch_rows(&patches, count, tmp, db);

	if (err)
		return err;
	list = mem_array(ctx, struct plan_applied, *count + 1);
	for (size_t i = 0; i < *count; i++) {
		list[i].id = mem_dup(list, patches[i].id);
		list[i].hash = mem_dup(list, patches[i].hash);
		list[i].version = mem_dup(list, patches[i].version);
	}
	*out = list;
	return NULL;
}

struct error *record_version(char **out, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct record_release *releases;
	size_t count;
	struct error *err = record_releases(&releases, &count, tmp, db);

	if (!err)
		*out = count > 0 ? mem_dup(ctx, releases[count - 1].version) : NULL;
	return err;
}

static void add_release_row(char **sql, void *ctx, struct db *db,
			    const struct record_release *release)
{
	const char *commit = release->commit ? db_literal(ctx, db, release->commit) : "NULL";

	mem_append(sql, ctx,
		   "insert into hop.release (version, commit_id, hop_version, duration_ms) "
		   "values (%s, %s, %s, %lld);",
		   db_literal(ctx, db, release->version), commit,
		   db_literal(ctx, db, release->hop_version), release->duration_ms);
}

static void add_patch_rows(char **sql, void *ctx, struct db *db, const struct record_patch *patches,
			   size_t count)
{
	mem_append(sql, ctx,
		   "insert into hop.patch (id, version, hash, \"position\", duration_ms) values ");
	for (size_t i = 0; i < count; i++)
		mem_append(sql, ctx, "%s(%s, %s, %s, %d, %lld)", i ? ", " : "",
			   db_literal(ctx, db, patches[i].id),
			   db_literal(ctx, db, patches[i].version),
			   db_literal(ctx, db, patches[i].hash), patches[i].position,
			   patches[i].duration_ms);
}

char *record_add_text(void *ctx, struct db *db, const struct record_release *release,
		      const struct record_patch *patches, size_t count)
{
	char *sql = mem_dup(ctx, "");

	if (release)
		add_release_row(&sql, ctx, db, release);
	if (count > 0)
		add_patch_rows(&sql, ctx, db, patches, count);
	return sql;
}

struct error *record_add(struct db *db, const struct record_release *release,
			 const struct record_patch *patches, size_t count)
{
	SCOPE(tmp, NULL);
	char *sql = record_add_text(tmp, db, release, patches, count);

	return error_wrap(db_exec_simple(db, sql), "cannot record release %s",
			  release ? release->version : patches->version);
}

struct error *record_scripts(struct record_script **out, size_t *count, void *ctx, struct db *db)
{
	struct record_script *list;
	struct rows *rows;
	struct error *err;
	int n;

	err = db_query(&rows, ctx, db,
		       "select file, hash, " UTC("applied_at") " from hop.bootstrap "
							       "order by file collate \"C\"",
		       DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the data scripts of database '%s'",
				  db_name(db));
	n = rows_count(rows);
	list = mem_array(ctx, struct record_script, (size_t)n + 1);
	for (int i = 0; i < n; i++)
		list[i] = (struct record_script){rows_text(rows, i, 0), rows_text(rows, i, 1),
						 rows_text(rows, i, 2)};
	*out = list;
	*count = (size_t)n;
	return NULL;
}

struct error *record_add_script(struct db *db, const char *file, const char *hash)
{
	return error_wrap(db_exec(db, "insert into hop.bootstrap (file, hash) values ($1, $2)",
				  DB_ARGS(file, hash)),
			  "cannot record the data script '%s'", file);
}
