/* Creates extensions on the private server, where builds do not run as superuser. */
#include "build/build.h"

#include <string.h>

#include "build/build_private.h"
#include "core/statement.h"
#include "run/requirements.h"

/* CREATE SCHEMA in a model. */
struct place {
	char *name;
	size_t start, end;
	bool made;
};

struct job {
	struct db *db, *admin;
	const struct conf *conf;
	char *schema; /* of the model */
	struct place *places;
	size_t count;
};

static bool accept(struct lex *lex, const char *words)
{
	SCOPE(tmp, NULL);

	for (char **word = mem_split(tmp, words, ' '); *word; word++) {
		struct token t = lex_next(lex);

		if (!lex_is(lex, &t, *word))
			return false;
	}
	return true;
}

static char *take_name(void *ctx, struct lex *lex)
{
	struct token t = lex_next(lex);

	return t.kind == LEX_WORD || t.kind == LEX_QUOTED ? lex_name(ctx, lex, &t) : NULL;
}

/* A schema that extensions need is created before them, and not by the model. */
static struct error *make_place(struct job *job, const char *name)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < job->count; i++) {
		struct place *place = &job->places[i];
		struct error *err;

		if (place->made || strcmp(place->name, name) != 0)
			continue;
		err = db_exec_simple(job->db, mem_printf(tmp, "CREATE SCHEMA %s",
							 db_ident(tmp, job->db, name)));
		if (err)
			return err;
		for (size_t k = place->start; k < place->end; k++) {
			if (job->schema[k] != '\n')
				job->schema[k] = ' ';
		}
		place->made = true;
	}
	return NULL;
}

/* " VERSION '1.2'", if that follows. */
static char *version(void *ctx, struct job *job, struct lex *lex)
{
	struct token t = lex_next(lex);
	char *text;

	if (!lex_is(lex, &t, "VERSION"))
		return mem_dup(ctx, "");
	text = take_name(ctx, lex);
	return text ? mem_printf(ctx, " VERSION %s", db_literal(ctx, job->db, text))
		    : mem_dup(ctx, "");
}

/*
 * CREATE EXTENSION IF NOT EXISTS name WITH SCHEMA schema. The listed ones are the superuser's; what
 * they need comes before them, and if it cannot be created, the model says so.
 */
static struct error *make_one(struct job *job, struct lex *lex)
{
	SCOPE(tmp, NULL);
	char *name = accept(lex, "IF NOT EXISTS") ? take_name(tmp, lex) : NULL;
	char *schema = name && accept(lex, "WITH SCHEMA") ? take_name(tmp, lex) : NULL;
	struct error *err;
	char *tail;

	if (!schema)
		return NULL;
	err = make_place(job, schema);
	if (err)
		return err;
	tail = mem_printf(tmp, " SCHEMA %s%s", db_ident(tmp, job->db, schema),
			  version(tmp, job, lex));
	if (mem_list_has(job->conf->extensions, name))
		return requirements_make_extension(job->admin, name, tail);
	error_free(requirements_make_extension(job->db, name, tail));
	return NULL;
}

static struct error *make_those_of_model(struct job *job)
{
	SCOPE(tmp, NULL);
	char *text = mem_dup(tmp, job->schema);
	struct error *err = NULL;
	struct statement st;
	struct lex all;

	job->places = mem_array(tmp, struct place, 0);
	lex_open(&all, text, strlen(text));
	while (!err && statement_next(&st, &all)) {
		struct lex lex;

		lex_open(&lex, text + st.start, st.end - st.start);
		if (accept(&lex, "CREATE EXTENSION")) {
			err = make_one(job, &lex);
			continue;
		}
		lex.pos = 0;
		if (st.word_count != 3 || !accept(&lex, "CREATE SCHEMA"))
			continue;
		job->places = mem_resize(tmp, job->places, struct place, job->count + 1);
		job->places[job->count++] = (struct place){take_name(tmp, &lex), st.start, st.end,
							   false};
	}
	return err;
}

struct error *extensions_make(char **schema, void *ctx, struct dev_server *dev, struct db *db,
			      const struct conf *conf)
{
	SCOPE(tmp, ctx);
	struct job job = {.db = db, .conf = conf, .schema = mem_dup(ctx, *schema)};
	struct error *err;

	if (!dev->private_server || !conf->extensions || !*conf->extensions)
		return NULL;
	err = dev_server_connect_admin(&job.admin, tmp, dev, db_name(db));
	if (!err)
		err = make_those_of_model(&job);
	if (!err)
		err = requirements_make_extensions(job.admin, conf);
	*schema = job.schema;
	return err;
}
