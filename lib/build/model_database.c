/* Settings, privileges and comment of a database. */
#include "build/model.h"

#include <stdlib.h>
#include <string.h>

#include "core/statement.h"
#include "build/model_private.h"
#include "run/database.h"
#include "sql/sql.h"

#define MARK "git hop template " /* the beginning of hop's own comments, see templates.c */

void model_add_role(struct model_job *job, const char *name)
{
	struct model *m = job->model;
	size_t i = 0, n = mem_list_length(m->roles);

	while (i < n && strcmp(m->roles[i], name) < 0)
		i++;
	if (i < n && strcmp(m->roles[i], name) == 0)
		return;
	mem_list_add(&m->roles, m, name);
	for (size_t k = n; k > i; k--) {
		char *moved = m->roles[k];

		m->roles[k] = m->roles[k - 1];
		m->roles[k - 1] = moved;
	}
}

static bool is_list(const char *setting)
{
	static const char *const names[] = {"search_path", "temp_tablespaces",
					    "local_preload_libraries", "session_preload_libraries",
					    "unix_socket_directories"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], setting) == 0)
			return true;
	}
	return false;
}

/* Converts a list as stored by PostgreSQL to literals for SET; an empty name needs one as well. */
static char *list_value(void *ctx, struct db *db, const char *value)
{
	SCOPE(tmp, ctx);
	char *out = mem_dup(ctx, "");
	struct token t;
	struct lex lex;

	lex_open(&lex, value, strlen(value));
	for (t = lex_next(&lex); t.kind != LEX_END && t.kind != LEX_UNTERMINATED;
	     t = lex_next(&lex)) {
		char *name = mem_dup_n(tmp, value + t.start, t.length), *to = name;

		if (t.kind != LEX_WORD && t.kind != LEX_QUOTED)
			continue;
		for (const char *from = name; *from; from++) {
			if (*from == '"' && (from == name || from[1] != '"'))
				continue;
			from += *from == '"';
			*to++ = *from;
		}
		*to = '\0';
		mem_append(&out, ctx, "%s%s", *out ? ", " : "", db_literal(tmp, db, name));
	}
	return *out ? out : mem_dup(ctx, "''");
}

static char *role_word(void *ctx, struct model_job *job, const char *role, bool owner)
{
	if (!*role)
		return mem_dup(ctx, "PUBLIC");
	if (owner || (job->role && strcmp(role, job->role) == 0))
		return mem_dup(ctx, "CURRENT_USER");
	if (job->model && strncmp(role, "pg_", 3) != 0)
		model_add_role(job, role);
	return db_ident(ctx, job->db, role);
}

static void add(struct model_property **list, size_t *count, void *ctx, char *head, char *tail)
{
	*list = mem_resize(ctx, *list, struct model_property, *count + 1);
	(*list)[(*count)++] = (struct model_property){head, tail};
}

/* Custom parameters of an application may contain keys or the like. */
static bool may_be_secret(const struct model_job *job, const char *setting)
{
	return job->request && job->request->source == MODEL_ADOPTED && strchr(setting, '.');
}

static void setting(struct model_property **list, size_t *count, void *ctx, struct model_job *job,
		    const struct rows *rows, int i)
{
	const char *role = rows_text(rows, i, 1), *name = rows_text(rows, i, 3);
	const char *value = rows_text(rows, i, 4);
	char *text = is_list(name) ? list_value(ctx, job->db, value)
				   : db_literal(ctx, job->db, value);

	if (may_be_secret(job, name)) {
		mem_list_add(&job->model->left_out, job->model,
			     mem_printf(ctx, "the setting %s of the database", name));
		return;
	}
	add(list, count, ctx,
	    role ? mem_printf(ctx, "ALTER ROLE %s IN DATABASE ", role_word(ctx, job, role, false))
		 : mem_dup(ctx, "ALTER DATABASE "),
	    mem_printf(ctx, " SET %s TO %s", db_ident(ctx, job->db, name), text));
}

const char *model_comment_of(const char *comment)
{
	const char *line;

	if (strncmp(comment, MARK, strlen(MARK)) != 0)
		return comment;
	line = strchr(comment, '\n');
	return line ? line + 1 : NULL;
}

static void property(struct model_property **list, size_t *count, void *ctx, struct model_job *job,
		     const struct rows *rows, int i)
{
	const char *kind = rows_text(rows, i, 0), *comment;

	if (strcmp(kind, "setting") == 0) {
		setting(list, count, ctx, job, rows, i);
	} else if (strcmp(kind, "revoke") == 0) {
		add(list, count, ctx, mem_dup(ctx, "REVOKE ALL ON DATABASE "),
		    mem_dup(ctx, " FROM PUBLIC, CURRENT_USER"));
	} else if (strcmp(kind, "grant") == 0) {
		char *role = role_word(ctx, job, rows_text(rows, i, 1), rows_true(rows, i, 2));

		add(list, count, ctx,
		    mem_printf(ctx, "GRANT %s ON DATABASE ", rows_text(rows, i, 3)),
		    mem_printf(ctx, " TO %s%s", role, rows_text(rows, i, 4)));
	} else if ((comment = model_comment_of(rows_text(rows, i, 4)))) {
		add(list, count, ctx, mem_dup(ctx, "COMMENT ON DATABASE "),
		    mem_printf(ctx, " IS %s", db_literal(ctx, job->db, comment)));
	}
}

struct error *model_properties(struct model_property **out, size_t *count, void *ctx,
			       struct model_job *job, const char *name)
{
	SCOPE(tmp, ctx);
	struct model_property *list = NULL;
	struct rows *rows;
	struct error *err;

	*count = 0;
	err = db_query(&rows, tmp, job->db, sql_database_properties, DB_ARGS(name));
	if (err)
		return error_wrap(err, "cannot read the settings of database '%s'", name);
	for (int i = 0; i < rows_count(rows); i++) {
		bool private = strcmp(rows_text(rows, i, 0), "setting") != 0;

		if (private && job->request && job->request->database)
			continue;
		property(&list, count, ctx, job, rows, i);
	}
	*out = list;
	return NULL;
}

/* See database_sql (model_schema.c); settings are ALTER. */
static bool is_private(const char *statement, size_t length)
{
	static const char *const starts[] = {"GRANT ", "REVOKE ", "COMMENT "},
				 begin[] = "BEGIN EXECUTE '";
	const char *body = length > 3 && strncmp(statement, "DO $", 4) == 0
				   ? memchr(statement + 4, '$', length - 4)
				   : NULL;

	if (!body || strncmp(body + 1, begin, strlen(begin)) != 0)
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		if (strncmp(body + 1 + strlen(begin), starts[i], strlen(starts[i])) == 0)
			return true;
	}
	return false;
}

void model_split(char **rest, char **database, void *ctx, const struct model *m)
{
	struct statement st;
	struct lex lex;

	*rest = mem_dup(ctx, m->schema);
	*database = mem_dup(ctx, "");
	lex_open(&lex, m->schema, strlen(m->schema));
	while (statement_next(&st, &lex)) {
		size_t length = st.end - st.start;

		if (!is_private(m->schema + st.start, length))
			continue;
		mem_append(database, ctx, "%.*s\n", (int)length, m->schema + st.start);
		for (size_t i = st.start; i < st.end; i++) {
			if ((*rest)[i] != '\n')
				(*rest)[i] = ' ';
		}
	}
}

struct error *model_apply_database(bool *done, struct db *db, const char *from, const char *to)
{
	SCOPE(tmp, NULL);
	struct model_job job = {.db = db};
	struct model_property *list;
	char *sql = NULL, *owner, *name = db_ident(tmp, db, to);
	struct error *err;
	size_t count;

	err = model_properties(&list, &count, tmp, &job, from);
	if (!err)
		err = database_owner(&owner, tmp, db, from);
	if (err)
		return err;
	*done = owner != NULL;
	for (size_t i = 0; i < count; i++)
		mem_append(&sql, tmp, "%s%s%s;", list[i].head, name, list[i].tail);
	if (sql)
		err = db_exec_simple(db, sql);
	return error_wrap(err, "cannot set up database '%s'", to);
}
