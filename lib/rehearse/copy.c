/* A copy of a production database, to rehearse in. */
#include "rehearse/copy.h"

#include "base/log.h"
#include "build/model.h"
#include "build/scratch.h"
#include "deploy/compare.h"
#include "run/record.h"

/* The roles that the releases need; those that the database has now are among them. */
static struct error *make_roles(struct dev_server *dev, const struct upgrade *u)
{
	SCOPE(tmp, NULL);
	const struct pending *pending = u->pending;
	struct error *err;
	struct conf *conf;

	if (!dev->private_server || pending->count == 0)
		return NULL;
	err = project_conf(&conf, tmp, u->project, pending->releases[pending->count - 1].commit);
	return err || !conf ? err : dev_server_make_roles(dev, conf);
}

/* The steps that are done of a release that is under way. */
static struct error *copy_steps(struct db *to, struct db *from)
{
	SCOPE(tmp, NULL);
	struct record_step *steps;
	struct error *err;
	size_t count;

	err = record_steps(&steps, &count, tmp, from);
	return err || count == 0 ? err : record_set_steps(to, steps, count);
}

struct error *copy_schema(struct copy **out, void *ctx, struct upgrade *u)
{
	SCOPE(tmp, ctx);
	struct copy *copy = mem_new(tmp, struct copy);
	struct scratch *scratch;
	struct compare *compare;
	struct model model = {0};
	struct error *err;

	progress("copying the schema of database '%s'", db_name(u->db));
	err = dev_server_open_beside(&copy->dev, copy, u->project, u->conninfo);
	if (!err)
		err = make_roles(copy->dev, u);
	if (!err)
		err = compare_open(&compare, tmp, u->project, u->db, u->conninfo);
	if (!err)
		err = record_dump(&model.metadata, tmp, u->db);
	if (err)
		return err;
	model.schema = compare->schema;
	model.data = mem_dup(tmp, "");
	err = scratch_load(&scratch, copy, copy->dev, compare->conf, &model);
	if (!err)
		err = copy_steps(scratch->db, u->db);
	progress("%s", "");
	if (err)
		return error_wrap(err, "cannot copy the schema of database '%s'", db_name(u->db));
	copy->name = scratch->name;
	TALLOC_FREE(scratch->db);
	*out = talloc_steal(ctx, copy);
	return NULL;
}
