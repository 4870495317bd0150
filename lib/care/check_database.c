/* Checks databases: those that hop made, and the schema of production. */
#include "care/check.h"

#include "base/log.h"
#include "build/dev_server.h"
#include "build/templates.h"
#include "care/check_private.h"
#include "deploy/drift.h"
#include "port/server.h"
#include "port/server_state.h"
#include "project/leftovers.h"
#include "run/record.h"
#include "run/target.h"

/* A private server that is not running is not started for this. */
static struct error *is_reachable(bool *out, void *ctx, struct look *l)
{
	struct project *p = l->project;
	struct server_status state;
	struct server *server;
	struct error *err;

	*out = target_named(ctx, p, l->check->database) != NULL;
	if (*out)
		return NULL;
	err = server_locate(&server, ctx, p->common, 0);
	if (!err)
		err = server_status(&state, ctx, server);
	if (!err)
		*out = state.running;
	return err;
}

static struct error *tidy(struct look *l, void *ctx)
{
	size_t folders, before, after, templates = 0;
	struct dev_server *dev;
	struct error *err = leftovers_count(&folders, &before, l->project);

	if (!err)
		err = dev_server_open(&dev, ctx, l->project, l->check->database, l->dry_run);
	if (!err)
		err = leftovers_count(&folders, &after, l->project);
	if (!err && dev->can_create)
		err = templates_tidy(&templates, dev, l->dry_run);
	if (err)
		return err;
	if (l->dry_run)
		after = 0;
	if (before > after)
		look_add(l, "database", FINDING_REPAIRED, db_describe(ctx, dev->db), NULL,
			 "databases left by killed commands: %zu", before - after);
	if (templates)
		look_add(l, "template", FINDING_REPAIRED, db_describe(ctx, dev->db), NULL,
			 "template databases that are superfluous or too old: %zu", templates);
	return NULL;
}

static struct error *compare_schema(struct look *l, struct db *db, const char *conninfo,
				    const char *version)
{
	SCOPE(tmp, l->project);
	struct drift drift;
	struct error *err = drift_find(&drift, tmp, l->project, db, conninfo, version);

	for (size_t i = 0; !err && i < drift.count; i++) {
		const struct drift_item *item = &drift.items[i];
		char *lines = NULL;

		for (char **line = item->lines; line && *line; line++)
			mem_append(&lines, tmp, "%s%s", lines ? "\n" : "", *line);
		if (item->tolerated)
			note("%s", drift_describe(tmp, item));
		else
			look_add(l, "drift", FINDING_DECISION, item->object, lines, "%s",
				 drift_words(item));
	}
	return err;
}

/* What was applied, and what the releases have now. */
static struct error *compare_patches(struct look *l, struct db *db)
{
	SCOPE(tmp, l->project);
	struct error *err;
	char **ids;

	err = drift_patches(&ids, tmp, l->project, db);
	for (char **id = err ? NULL : ids; id && *id; id++)
		look_add(l, "patch-differs", FINDING_DECISION, *id,
			 "either the tag of that release was moved, or the tables of schema hop "
			 "were changed",
			 "was not applied to the database as its release has it");
	return err;
}

/* *DONE: DB is a production database, so there is nothing of hop to tidy. */
static struct error *look_at_drift(bool *done, struct look *l, void *ctx)
{
	enum target_kind kind;
	struct error *err;
	char *conninfo, *version, *under_way;
	struct db *db;

	*done = l->project->production;
	conninfo = target_named(ctx, l->project, l->check->database);
	if (!conninfo || (!l->project->production && !l->check->database))
		return NULL;
	err = db_connect(&db, ctx, conninfo, NULL);
	if (!err)
		err = target_kind(&kind, l->project, db);
	if (err)
		return err;
	*done = *done || kind == TARGET_OURS;
	if (kind != TARGET_OURS)
		return NULL;
	err = record_version(&version, ctx, db);
	if (!err)
		err = record_under_way(&under_way, ctx, db);
	if (!err && under_way) {
		look_add(l, "under-way", FINDING_DECISION, under_way,
			 "git hop upgrade continues it", "the release is under way");
		return NULL;
	}
	if (!err && version)
		err = compare_schema(l, db, conninfo, version);
	return err || !version ? err : compare_patches(l, db);
}

struct error *look_at_databases(struct look *l)
{
	SCOPE(tmp, l->project);
	struct error *err;
	bool done, reachable;

	if (l->bad_settings)
		return NULL;
	err = look_at_drift(&done, l, tmp);
	if (!err && !done)
		err = is_reachable(&reachable, tmp, l);
	if (!err && !done && reachable)
		err = tidy(l, tmp);
	if (!err || err->code == ERROR_SIGNALLED)
		return err;
	if (err->code == ERROR_AGAIN) {
		warn("databases were not checked: %s", err->message);
		error_free(err);
		return NULL;
	}
	look_add_error(l, "database", "hop.database", NULL, err);
	return NULL;
}
