/* A database of the project that a command works on alone. */
#include "deploy/hold.h"

#include "base/log.h"
#include "deploy/rollback_left.h"
#include "run/database_lock.h"
#include "run/in_the_way.h"
#include "run/record.h"
#include "run/target.h"

#define LOCK_TIMEOUT 60

struct error *hold_timeout(int *seconds, struct project *p)
{
	return repo_config_number(seconds, p->repo, "hop.lockTimeout", LOCK_TIMEOUT);
}

struct error *hold_show_in_way(struct db *db, const char *what, int seconds)
{
	SCOPE(tmp, NULL);
	char **list;
	struct error *err = in_the_way(&list, tmp, db, 0);

	for (char **line = err ? NULL : list; line && *line; line++)
		note("%s waits up to %d s for %s", what, seconds, *line);
	return err;
}

struct error *hold_add_in_way(struct error *err, struct db *db, double end)
{
	SCOPE(tmp, NULL);
	struct error *blind;
	char **list;

	if (!err || log_clock() < end)
		return err;
	blind = in_the_way(&list, tmp, db, 0);
	for (char **line = list; !blind && *line; line++)
		err = error_add_hint(err, "in the way: %s", *line);
	if (!blind && *list)
		err = error_recode(error_add_hint(err, "hop.lockTimeout: how long to wait"),
				   ERROR_AGAIN);
	error_free(blind);
	return err;
}

struct error *hold_connect(struct db **db, void *ctx, struct project *p, const char *conninfo)
{
	struct error *err = db_connect(db, ctx, conninfo, NULL);

	if (err && !(err = rollback_reopen(err, p, conninfo)))
		err = db_connect(db, ctx, conninfo, NULL);
	return err;
}

static struct error *connect_to(struct hold *hold, const char *database)
{
	struct project *p = hold->project;
	struct error *err;

	err = target_conninfo(&hold->conninfo, hold, p, database);
	if (!err)
		err = hold_timeout(&hold->timeout, p);
	if (!err)
		err = hold_connect(&hold->db, hold, p, hold->conninfo);
	return err;
}

static struct error *identify(struct hold *hold)
{
	enum target_kind kind;
	struct error *err = target_kind(&kind, hold->project, hold->db);

	if (err)
		return err;
	if (kind != TARGET_OURS && kind != TARGET_TEST)
		return error_hint(error_new(ERROR_NO,
					    "database '%s' has no version recorded by git hop",
					    db_name(hold->db)),
				  "git hop upgrade applies releases to an empty database; git hop "
				  "clone --production adopts one with objects");
	return record_version(&hold->version, hold, hold->db);
}

struct error *hold_database(struct hold **out, void *ctx, struct project *p, const char *database)
{
	struct hold *hold = mem_new(ctx, struct hold);
	struct error *err;

	hold->project = p;
	err = connect_to(hold, database);
	if (!err)
		err = database_lock_take(hold->db, p->conf->id, hold->timeout);
	if (!err)
		err = identify(hold);
	if (err)
		talloc_free(hold);
	else
		*out = hold;
	return err;
}
