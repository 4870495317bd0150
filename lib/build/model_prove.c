/* Proves that a model can be loaded and gives the same dump again. */
#include "build/model.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "build/in_place.h"
#include "build/model_private.h"
#include "build/scratch.h"
#include "core/branch.h"

#define SHOWN_LINES 20

static bool is_same(const struct model *a, const struct model *b)
{
	return strcmp(a->schema, b->schema) == 0 && strcmp(a->data, b->data) == 0 &&
	       strcmp(a->metadata, b->metadata) == 0;
}

/* Appends the lines from FROM up to the next common one, each after MARK. */
static void add_lines(char **out, void *ctx, char mark, char *const *from, char *const *to)
{
	for (size_t i = 0; from + i < to && i < SHOWN_LINES; i++)
		mem_append(out, ctx, "%c%s\n", mark, from[i]);
}

/* The lines from the first to the last difference. */
static char *difference(void *ctx, const char *a, const char *b)
{
	SCOPE(tmp, ctx);
	char **la = mem_split(tmp, a, '\n'), **lb = mem_split(tmp, b, '\n');
	char **ea = la + mem_list_length(la), **eb = lb + mem_list_length(lb);
	char *out = NULL;

	while (la < ea && lb < eb && strcmp(*la, *lb) == 0) {
		la++;
		lb++;
	}
	while (la < ea && lb < eb && strcmp(ea[-1], eb[-1]) == 0) {
		ea--;
		eb--;
	}
	add_lines(&out, tmp, '-', la, ea);
	add_lines(&out, tmp, '+', lb, eb);
	return mem_dup(ctx, out ? out : "");
}

static struct error *not_the_same(const struct model *was, const struct model *is)
{
	SCOPE(tmp, NULL);
	bool schema = strcmp(was->schema, is->schema) != 0;
	bool data = !schema && strcmp(was->data, is->data) != 0;
	const char *a = schema ? was->schema : data ? was->data : was->metadata;
	const char *b = schema ? is->schema : data ? is->data : is->metadata;
	struct error *err;

	err = error_new(ERROR_NO, "the database differs when it is rebuilt from its dump: %s",
			schema ? PATH_SCHEMA
			: data ? PATH_DATA
			       : PATH_METADATA);
	err = error_detail(err, "%s", difference(tmp, a, b));
	return error_hint(
		err, "the next release would start from the lines with '+': change the patch so "
		     "that it creates the object the way a dump restores it");
}

static struct error *not_loaded(struct error *err)
{
	if (!err || err->code != ERROR_NO)
		return err;
	err = error_wrap(err, "the schema cannot be rebuilt from its dump");
	return error_add_hint(
		err, "no later release could be built; often, a function used by an index, "
		     "default or constraint relies on search_path: qualify the names in it, or "
		     "give it a SET search_path");
}

/* A model on its way to be proven. */
struct proof {
	void *ctx;
	struct dev_server *dev;
	struct scratch *spare;  /* to load into; NULL: into new databases */
	struct scratch *loaded; /* what the last model was loaded into */
	const struct model_request *request;
	bool with_path; /* models are loaded with the search_path of the database */
};

static void set_path(struct model *m)
{
	char *at = strstr(m->schema, MODEL_EMPTY_PATH);

	m->schema = mem_printf(m, "%.*s%s%s", (int)(at - m->schema), m->schema, m->path,
			       at + strlen(MODEL_EMPTY_PATH));
}

static struct error *load(struct proof *p, const struct model *m)
{
	if (!p->spare)
		return scratch_load(&p->loaded, p->ctx, p->dev, p->request->conf, m);
	p->loaded = p->spare;
	return scratch_reload(p->spare, p->request->conf, m);
}

/*
 * Functions that indexes or constraints call may find others by the search_path of the database:
 * where the empty one fails, M becomes a model that sets that.
 */
static struct error *load_first(struct proof *p, struct model *m)
{
	struct error *err = load(p, m);

	if (!err || err->code != ERROR_NO)
		return err;
	debug("with an empty search_path: %s", err->message);
	error_free(err);
	p->with_path = true;
	set_path(m);
	return not_loaded(load(p, m));
}

static struct error *dump_loaded(struct model **again, struct proof *p)
{
	struct error *err = fail_point("model.loaded");

	if (!err)
		err = model_dump(again, p->ctx, p->loaded->db, p->request);
	if (!err && p->with_path)
		set_path(*again);
	return err;
}

/* Loads and dumps *M, which may become another model. */
static struct error *settle(struct proof *p, struct model **m)
{
	struct model *again, *once_more;
	struct error *err;

	err = load_first(p, *m);
	if (!err)
		err = dump_loaded(&again, p);
	if (err || is_same(*m, again))
		return err;
	/* Another form of the same objects is accepted if it is stable. */
	if (strcmp((*m)->objects, again->objects) != 0 || strcmp((*m)->data, again->data) != 0)
		return not_the_same(*m, again);
	err = not_loaded(load(p, again));
	if (!err)
		err = dump_loaded(&once_more, p);
	if (!err && !is_same(again, once_more))
		return not_the_same(again, once_more);
	*m = again;
	return err;
}

/* Patches that write to what is the database's own: the model would be without it. */
static struct error *check_database(const struct scratch *built)
{
	if (!built->in_place->changed)
		return NULL;
	return error_hint(error_new(ERROR_NO,
				    "the patches change privileges or comment of the database, "
				    "and that of '%s' has its own",
				    built->name),
			  "promote on a server where the role may create databases: "
			  "git config hop.database");
}

struct error *model_prove(struct model **out, void *ctx, struct scratch *built,
			  const struct model_request *request)
{
	SCOPE(tmp, ctx);
	bool in_place = !built->dev->can_create;
	struct model_request dump = *request;
	struct proof proof = {.ctx = tmp,
			      .dev = built->dev,
			      .spare = in_place ? built : NULL,
			      .request = &dump};
	struct model *m;
	struct error *err;

	if (in_place) {
		dump.database = built->in_place->database;
		dump.without = built->in_place->without;
	}
	err = in_place ? check_database(built) : NULL;
	if (!err)
		err = model_dump(&m, tmp, built->db, &dump);
	if (!err)
		err = settle(&proof, &m);
	if (!err && !in_place)
		err = scratch_to_template(proof.loaded);
	if (!err)
		*out = talloc_steal(ctx, m);
	return err;
}

struct error *model_prove_adopted(struct model **m, void *ctx, struct dev_server *dev,
				  const struct conf *conf)
{
	SCOPE(tmp, ctx);
	const struct model_request request = {.source = MODEL_ADOPTED, .conf = conf};
	struct proof proof = {.ctx = tmp, .dev = dev, .request = &request};
	struct error *err = settle(&proof, m);

	/* Do not leave a template on a server that is not ours. */
	if (!err)
		talloc_steal(ctx, *m);
	return err;
}

struct error *model_redump(char **schema, void *ctx, struct dev_server *dev, const struct model *m,
			   const struct model_request *request)
{
	SCOPE(tmp, ctx);
	struct scratch *loaded;
	struct model *again;
	struct error *err = scratch_load(&loaded, tmp, dev, request->conf, m);

	if (!err)
		err = model_dump(&again, tmp, loaded->db, request);
	if (!err)
		*schema = talloc_steal(ctx, again->schema);
	return err;
}
