/* The schema of a production database, and those of versions to compare it with. */
#include "deploy/compare.h"

#include "base/log.h"
#include "deploy/hold.h"
#include "project/catalog.h"
#include "project/tag.h"

struct error *compare_open(struct compare **out, void *ctx, struct project *p, struct db *db,
			   const char *conninfo)
{
	SCOPE(tmp, ctx);
	struct model_request request = {.source = MODEL_COMPARED};
	struct compare *c = mem_new(tmp, struct compare);
	struct version newest;
	struct model *model;
	struct error *err;
	double end;

	c->project = p;
	c->db = db;
	c->conninfo = conninfo;
	err = catalog_production(&newest, &c->commit, c, p);
	if (!err)
		err = catalog_released(&c->versions, &c->count, c, p->repo, c->commit);
	if (!err)
		err = project_conf(&c->conf, c, p, c->commit);
	request.conf = c->conf ? c->conf : p->conf;
	if (!err)
		err = hold_timeout(&request.lock_seconds, p);
	if (!err)
		err = hold_show_in_way(db, "the comparison with a release", request.lock_seconds);
	end = log_clock() + request.lock_seconds;
	request.lock_seconds += request.lock_seconds == 0;
	if (!err)
		err = model_dump(&model, tmp, db, &request);
	if (err)
		return hold_add_in_way(err, db, end);
	c->conf = c->conf ? c->conf : p->conf;
	c->schema = talloc_steal(c, model->schema);
	*out = talloc_steal(ctx, c);
	return NULL;
}

/* The commit with the model of a version: that of ho-prod or of its tag. */
static struct error *commit_of(char **out, void *ctx, const struct compare *c,
			       const struct version *v)
{
	struct error *err;

	*out = c->commit;
	if (version_compare(v, &c->versions[c->count - 1]) == 0)
		return NULL;
	err = tag_commit(out, ctx, c->project, v);
	if (!err && !*out)
		err = tag_missing(c->project, v);
	return err;
}

struct error *compare_model(struct model **out, void *ctx, const struct compare *c,
			    const struct version *v)
{
	SCOPE(tmp, ctx);
	char *commit;
	struct error *err = commit_of(&commit, tmp, c, v);

	if (!err)
		err = model_read(out, ctx, c->project->repo, commit);
	return error_wrap(err, "cannot read the model of %s", version_print(tmp, v));
}

static struct error *redump(char **schema, void *ctx, struct compare *c, const struct model *model)
{
	const struct model_request request = {.source = MODEL_COMPARED, .conf = c->conf};
	struct error *err = NULL;

	if (!c->dev)
		err = dev_server_open_beside(&c->dev, c, c->project, c->conninfo);
	return err ? err : model_redump(schema, ctx, c->dev, model, &request);
}

struct error *compare_load(char **schema, void *ctx, struct compare *c, const struct version *v)
{
	SCOPE(tmp, ctx);
	struct model *model;
	struct error *err = compare_model(&model, tmp, c, v);

	progress("comparing with %s", version_print(tmp, v));
	if (!err)
		err = redump(schema, ctx, c, model);
	progress("%s", "");
	return error_wrap(err, "cannot build version %s to compare with", version_print(tmp, v));
}

struct error *compare_reload(char **schema, void *ctx, struct compare *c, const struct version *v)
{
	SCOPE(tmp, ctx);
	struct model *model;
	struct error *err = compare_model(&model, tmp, c, v);

	if (err)
		return err;
	model->schema = c->schema;
	model->data = mem_dup(model, "");
	return error_wrap(redump(schema, ctx, c, model), "cannot load the schema of database '%s'",
			  db_name(c->db));
}
