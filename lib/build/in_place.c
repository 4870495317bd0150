/* Builds in the development database itself, for roles without CREATEDB. */
#include "build/in_place.h"

#include <string.h>

#include "build/model.h"
#include "run/requirements.h"
#include "sql/sql.h"

/* A statement that writes what is there already makes a new row, too. */
static struct error *read_mark(char **out, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db,
		       "select concat_ws(' ', d.xmin, (select s.xmin "
		       "from pg_catalog.pg_shdescription s where s.objoid = d.oid "
		       "and s.classoid = 'pg_catalog.pg_database'::regclass)) "
		       "from pg_catalog.pg_database d where d.datname = current_database()",
		       DB_NO_ARGS);
	if (!err)
		*out = mem_dup(ctx, rows_text(rows, 0, 0));
	return err;
}

struct error *in_place_begin(struct in_place **out, void *ctx, struct dev_server *dev,
			     struct db *db, const struct build *b)
{
	SCOPE(tmp, ctx);
	struct in_place *p = mem_new(tmp, struct in_place);
	struct model *model;
	struct error *err;
	char *rest;

	err = model_read(&model, tmp, dev->project->repo, b->commit);
	if (!err)
		err = read_mark(&p->mark, p, db);
	if (err)
		return err;
	model_split(&rest, &p->database, tmp, model);
	talloc_steal(p, p->database);
	*out = talloc_steal(ctx, p);
	return NULL;
}

static bool is_accounted_for(const char *extension, const struct conf *conf, char *const *texts)
{
	for (char *const *listed = conf->extensions; listed && *listed; listed++) {
		if (strcmp(*listed, extension) == 0)
			return true;
	}
	for (; *texts; texts++) {
		if (requirements_creates(*texts, extension))
			return true;
	}
	return false;
}

/* All that was run in the database. */
static struct error *read_texts(char ***texts, void *ctx, struct dev_server *dev,
				const struct build *b, struct recipe *const *recipes)
{
	struct model *model;
	struct error *err = model_read(&model, ctx, dev->project->repo, b->commit);

	if (err)
		return err;
	*texts = NULL;
	mem_list_add(texts, ctx, model->schema);
	for (size_t i = 0; i < b->count; i++) {
		for (size_t k = 0; recipes[i] && k < recipes[i]->count; k++) {
			const struct script *script = recipes[i]->files[k].script;

			if (script)
				mem_list_add(texts, ctx,
					     mem_dup_n(ctx, script->text, script->length));
		}
	}
	return NULL;
}

static struct error *check_dependencies(struct db *db, const struct conf *conf, char *const *texts)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_found_before, DB_NO_ARGS);

	for (int i = 0; !err && i < rows_count(rows); i++) {
		const char *extension = rows_text(rows, i, 2);

		if (extension && is_accounted_for(extension, conf, texts))
			continue;
		err = error_new(ERROR_NO, "%s depends on %s, which no patch creates",
				rows_text(rows, i, 0), rows_text(rows, i, 1));
		if (!extension)
			return error_hint(
				err,
				"it was in database '%s' before the build, but production "
				"lacks it: create it in a patch",
				db_name(db));
		return error_hint(err,
				  "it was in database '%s' before the build, but production lacks "
				  "it; in a patch:\n"
				  "  CREATE EXTENSION IF NOT EXISTS %s;\n"
				  "or, if that requires an administrator, in .hop/config:\n"
				  "  extensions = %s",
				  db_name(db), db_ident(tmp, db, extension), extension);
	}
	return err;
}

/* Those that stayed when the database was emptied: the number of hop.project is the reset's. */
static struct error *find_others(struct in_place *p, struct db *db, const struct conf *conf,
				 char *const *texts)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db,
		       "select extname from pg_catalog.pg_extension where oid >= 16384 "
		       "and oid < pg_catalog.to_regclass('hop.project')::oid order by extname",
		       DB_NO_ARGS);
	p->without = mem_array(p, char *, 1);
	for (int i = 0; !err && i < rows_count(rows); i++) {
		if (!is_accounted_for(rows_text(rows, i, 0), conf, texts))
			mem_list_add(&p->without, p, rows_text(rows, i, 0));
	}
	return err;
}

struct error *in_place_end(struct in_place *p, struct dev_server *dev, struct db *db,
			   const struct conf *conf, const struct build *b,
			   struct recipe *const *recipes)
{
	SCOPE(tmp, NULL);
	char **texts, *mark;
	struct error *err = read_texts(&texts, tmp, dev, b, recipes);

	if (!err)
		err = check_dependencies(db, conf, texts);
	if (!err)
		err = find_others(p, db, conf, texts);
	if (!err)
		err = read_mark(&mark, tmp, db);
	if (!err)
		p->changed = strcmp(mark, p->mark) != 0;
	return err;
}
