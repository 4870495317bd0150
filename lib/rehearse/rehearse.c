/* Runs an upgrade on a copy of the database. */
#include "rehearse/rehearse.h"

#include "base/fail.h"
#include "base/log.h"
#include "rehearse/copy.h"
#include "rehearse/measure.h"
#include "run/sql_file.h"

/* The same upgrade, with the copy in place of the database. */
static struct error *open_copy(struct upgrade **out, void *ctx, const struct upgrade *u,
			       const struct copy *copy)
{
	struct upgrade *on = mem_new(ctx, struct upgrade);

	*on = *u;
	on->conninfo = copy->dev->conninfo;
	on->copy = copy->name;
	*out = on;
	return dev_server_connect(&on->db, on, copy->dev, copy->name);
}

static struct error *run(struct measure *m, const struct upgrade *u, const struct copy *copy,
			 bool atomic)
{
	SCOPE(tmp, m);
	struct upgrade *on;
	struct error *err = open_copy(&on, tmp, u, copy);

	if (!err)
		err = upgrade_copy(on, atomic, measure_watch(m));
	return error_wrap(sql_error_judge(err), "on a copy of database '%s'", db_name(u->db));
}

struct error *rehearse_upgrade(const struct rehearsal **out, void *ctx, struct upgrade *u,
			       const struct rehearse_request *request)
{
	SCOPE(tmp, ctx);
	struct measure *m;
	struct copy *copy;
	struct db *db;
	struct error *err;

	if (request->data)
		err = copy_data(&copy, tmp, u, request->on);
	else
		err = copy_schema(&copy, tmp, u, request->on);
	if (!err)
		err = fail_point("rehearse.copied");
	if (!err)
		err = dev_server_connect(&db, tmp, copy->dev, copy->name);
	if (!err)
		err = measure_open(&m, ctx, db, request->data);
	if (!err)
		err = run(m, u, copy, request->atomic);
	if (!err)
		*out = measure_end(m);
	return err;
}
