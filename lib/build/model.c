/* Reads, writes and loads the files of a model. */
#include "build/model.h"

#include <string.h>

#include "base/path.h"
#include "core/branch.h"
#include "core/statement.h"
#include "build/model_private.h"
#include "run/record.h"
#include "run/sql_file.h"

static struct error *read_file(char **out, void *ctx, struct repo *repo, const char *treeish,
			       const char *path)
{
	size_t length = 0;
	struct error *err = repo_file(out, &length, ctx, repo, treeish, path);

	if (!err && !*out)
		err = error_new(ERROR_FAIL, "there is no %s in %s", path, treeish);
	if (!err && strlen(*out) != length)
		err = error_new(ERROR_NO, "%s in %s contains a NUL byte", path, treeish);
	return err;
}

struct error *model_read(struct model **out, void *ctx, struct repo *repo, const char *treeish)
{
	SCOPE(tmp, ctx);
	struct model *m = mem_new(tmp, struct model);
	struct error *err;

	err = read_file(&m->schema, m, repo, treeish, PATH_SCHEMA);
	if (!err)
		err = read_file(&m->data, m, repo, treeish, PATH_DATA);
	if (!err)
		err = read_file(&m->metadata, m, repo, treeish, PATH_METADATA);
	if (!err)
		*out = talloc_steal(ctx, m);
	return err;
}

/*
 * Removes links of other versions and everything else in the directory: it is not used in builds.
 */
static struct error *remove_others(struct edits *edits, void *ctx, struct project *p,
				   const char *treeish, char *const *keep)
{
	SCOPE(tmp, ctx);
	struct repo_file *files;
	struct error *err;
	size_t count;

	if (!*treeish)
		return NULL;
	err = repo_list(&files, &count, tmp, p->repo, treeish, PATH_MODEL);
	for (size_t i = 0; !err && i < count; i++) {
		char *path = mem_printf(tmp, PATH_MODEL "/%s", files[i].name);
		char *const *kept = keep;

		while (*kept && strcmp(*kept, path) != 0)
			kept++;
		if (!*kept)
			edits_remove(edits, ctx, path);
	}
	return err;
}

struct error *model_write(struct edits *edits, void *ctx, struct project *p, const char *treeish,
			  const struct version *version, const struct model *m)
{
	SCOPE(tmp, ctx);
	char *schema_link = path_schema_link(tmp, version);
	char *metadata_link = path_metadata_link(tmp, version);
	char *keep[] = {mem_dup(tmp, PATH_SCHEMA),
			mem_dup(tmp, PATH_DATA),
			mem_dup(tmp, PATH_METADATA),
			schema_link,
			metadata_link,
			NULL};
	struct error *err = remove_others(edits, ctx, p, treeish, keep);

	if (!err)
		err = edits_file(edits, ctx, p, PATH_SCHEMA, m->schema);
	if (!err)
		err = edits_file(edits, ctx, p, PATH_DATA, m->data);
	if (!err)
		err = edits_file(edits, ctx, p, PATH_METADATA, m->metadata);
	if (!err)
		err = edits_link(edits, ctx, p, schema_link, path_base(PATH_SCHEMA));
	return err ? err : edits_link(edits, ctx, p, metadata_link, path_base(PATH_METADATA));
}

struct error *model_names(char **out, void *ctx, struct repo *repo, const char *treeish)
{
	static const char *const paths[] = {PATH_SCHEMA, PATH_DATA, PATH_METADATA};
	SCOPE(tmp, ctx);
	char *text = NULL;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char *oid;
		struct error *err = repo_entry(&oid, tmp, repo, treeish, paths[i]);

		if (err)
			return err;
		mem_append(&text, tmp, "%s%s", i ? " " : "", oid ? oid : "-");
	}
	*out = talloc_steal(ctx, text);
	return NULL;
}

struct error *model_names_of(char **out, void *ctx, const struct model *m)
{
	SCOPE(tmp, ctx);
	const char *texts[] = {m->schema, m->data, m->metadata};
	char *text = NULL;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char *oid;
		struct error *err = repo_hash(&oid, tmp, texts[i], strlen(texts[i]));

		if (err)
			return err;
		mem_append(&text, tmp, "%s%s", i ? " " : "", oid);
	}
	*out = talloc_steal(ctx, text);
	return NULL;
}

/* The position of the rows: at the mark or, if there is none, at the end. */
static size_t rows_at(const char *schema, size_t length)
{
	size_t before = 0;
	struct statement st;
	struct lex lex;

	lex_open(&lex, schema, length);
	while (statement_next(&st, &lex)) {
		const char *mark = memmem(schema + before, st.start - before, MODEL_ROWS_MARK,
					  strlen(MODEL_ROWS_MARK));

		if (mark)
			return (size_t)(mark - schema);
		before = st.end;
	}
	return length;
}

/* The part of TEXT after AT, preceded by its settings, with unchanged line numbers for messages. */
static char *second_part(void *ctx, const char *text, size_t at)
{
	const char *settings = strstr(text, "\n\n"),
		   *end = settings ? strstr(settings + 2, "\n\n") : NULL;
	char *out = mem_dup(ctx, text);

	for (size_t i = end && end < text + at ? (size_t)(end - text) : 0; i < at; i++) {
		if (out[i] != '\n')
			out[i] = ' ';
	}
	return out;
}

static struct error *load_files(struct db *db, const struct model *m)
{
	SCOPE(tmp, NULL);
	size_t length = strlen(m->schema), at = rows_at(m->schema, length);
	struct error *err = run_sql_text(db, PATH_SCHEMA, m->schema, at);

	if (!err)
		err = run_sql_text(db, PATH_DATA, m->data, strlen(m->data));
	if (!err && at < length)
		err = run_sql_text(db, PATH_SCHEMA, second_part(tmp, m->schema, at), length);
	return err;
}

struct error *model_load(struct db *db, const struct model *m)
{
	struct error *err = load_files(db, m);

	if (!err)
		err = record_install(db);
	if (!err)
		err = record_load(db, PATH_METADATA, m->metadata, strlen(m->metadata));
	return err;
}

/*
 * Functions used by indexes may rely on the search_path of the database. pg_catalog comes first, as
 * in a path that does not name it.
 */
static struct error *find_path(struct model_job *job)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, job->db,
		       "select format('SELECT pg_catalog.set_config(''search_path'', %L, false);', "
		       "'pg_catalog, ' || coalesce((select substr(c.line, 13) "
		       "from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) as c (line) "
		       "where s.setrole = 0 and starts_with(c.line, 'search_path=') "
		       "and s.setdatabase = (select oid from pg_catalog.pg_database "
		       "where datname = current_database())), 'public')), current_user, "
		       "(select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database "
		       "where datname = current_database())",
		       DB_NO_ARGS);
	if (err)
		return err;
	job->model->path = mem_printf(job->model, "%s\n", rows_text(rows, 0, 0));
	job->role = mem_dup(job->model, rows_text(rows, 0, 1));
	if (job->request->source == MODEL_COMPARED)
		job->second = mem_dup(job->model, rows_text(rows, 0, 2));
	return NULL;
}

struct error *model_dump(struct model **out, void *ctx, struct db *db,
			 const struct model_request *request)
{
	SCOPE(tmp, ctx);
	struct model *m = mem_new(tmp, struct model);
	struct model_job job = {.db = db, .request = request, .model = m};
	struct error *err;

	m->roles = mem_array(m, char *, 1);
	m->left_out = mem_array(m, char *, 1);
	err = find_path(&job);
	if (!err)
		err = model_dump_schema(&job);
	if (!err && request->source == MODEL_BUILT)
		err = model_dump_rows(&job);
	if (!err && request->source == MODEL_BUILT)
		err = model_check_roles(&job);
	if (!err && request->source != MODEL_COMPARED)
		err = record_dump(&m->metadata, m, db);
	if (err)
		return err;
	if (!m->data)
		m->data = mem_dup(m, "-- No rows.\n");
	*out = talloc_steal(ctx, m);
	return NULL;
}
