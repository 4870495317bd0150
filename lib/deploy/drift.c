/* What a database has beyond its version, or lacks. */
#include "deploy/drift.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/branch.h"
#include "deploy/compare.h"
#include "project/catalog.h"
#include "project/tag.h"
#include "run/record.h"

#define SHOWN 40 /* at most so many objects of each sort, and lines of each */

struct error *drift_find(struct drift *out, void *ctx, struct project *p, struct db *db,
			 const char *conninfo, const char *version)
{
	SCOPE(tmp, ctx);
	struct compare *c;
	struct version v;
	struct model *model;
	struct error *err;
	char *schema, *own;

	*out = (struct drift){.count = 0};
	err = version_parse(&v, version);
	if (err || v.stage == VERSION_RC)
		return err;
	progress("comparing with %s", version);
	err = compare_open(&c, tmp, p, db, conninfo);
	if (!err)
		err = compare_model(&model, tmp, c, &v);
	progress("%s", "");
	if (err)
		return err;
	drift_compare(out, ctx, model->schema, c->schema, c->conf->drift_ignore);
	if (out->blocking == 0)
		return NULL;
	err = compare_load(&schema, tmp, c, &v);
	if (err)
		return err;
	drift_compare(out, ctx, schema, c->schema, c->conf->drift_ignore);
	if (out->blocking == 0)
		return NULL;
	/* One that does not load differs in any case. */
	err = compare_reload(&own, tmp, c, &v);
	if (!err)
		drift_compare(out, ctx, schema, own, c->conf->drift_ignore);
	error_free(err);
	return NULL;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct plan_applied *)a)->id, ((const struct plan_applied *)b)->id);
}

/* What the database has of the patch; "" if nothing. APPLIED is sorted. */
static const char *applied_hash(const struct plan_applied *applied, size_t count, char *id)
{
	const struct plan_applied key = {.id = id}, *found = NULL;

	if (count > 0)
		found = bsearch(&key, applied, count, sizeof(key), by_id);
	return found ? found->hash : "";
}

static struct error *compare_release(char ***out, void *ctx, struct project *p,
				     const struct record_release *release,
				     const struct plan_applied *applied, size_t count)
{
	SCOPE(tmp, ctx);
	struct version v;
	struct error *err = version_parse(&v, release->version);
	char *commit, **ids;

	if (!err)
		err = tag_commit(&commit, tmp, p, &v);
	if (!err && !commit)
		err = tag_missing(p, &v);
	if (!err)
		err = catalog_patches(&ids, tmp, p->repo, commit, &v);
	for (; !err && *ids; ids++) {
		char *hash;

		err = repo_entry(&hash, tmp, p->repo, commit, path_patch(tmp, *ids));
		if (!err && (!hash || strcmp(hash, applied_hash(applied, count, *ids)) != 0))
			mem_list_add(out, ctx, *ids);
	}
	return err;
}

struct error *drift_patches(char ***out, void *ctx, struct project *p, struct db *db)
{
	SCOPE(tmp, ctx);
	struct record_release *releases;
	struct plan_applied *applied;
	struct error *err;
	size_t count, patches;

	*out = mem_array(ctx, char *, 1);
	err = record_releases(&releases, &count, tmp, db);
	if (!err)
		err = record_applied(&applied, &patches, tmp, db);
	if (!err && patches > 0)
		qsort(applied, patches, sizeof(*applied), by_id);
	for (size_t i = 0; !err && i < count; i++)
		err = compare_release(out, ctx, p, &releases[i], applied, patches);
	return err;
}

const char *drift_words(const struct drift_item *item)
{
	static const char *const words[] = {
		[DRIFT_ADDED] = "is only in the database",
		[DRIFT_MISSING] = "is missing in the database",
		[DRIFT_CHANGED] = "differs from the release",
	};

	return words[item->kind];
}

char *drift_describe(void *ctx, const struct drift_item *item)
{
	return mem_printf(ctx, "%s %s%s%s%s", item->object, drift_words(item),
			  item->tolerated ? " (" : "", item->tolerated ? item->tolerated : "",
			  item->tolerated ? ")" : "");
}

static void show_lines(char *const *lines)
{
	for (size_t n = 0; lines && *lines; lines++, n++) {
		if (n == SHOWN) {
			note("  ...");
			return;
		}
		note("  %s", *lines);
	}
}

static void show(const struct drift *drift, bool tolerated)
{
	SCOPE(tmp, NULL);
	size_t shown = 0, count = tolerated ? drift->count - drift->blocking : drift->blocking;

	for (size_t i = 0; i < drift->count && shown < SHOWN; i++) {
		const struct drift_item *item = &drift->items[i];

		if (!item->tolerated == tolerated)
			continue;
		note("%s", drift_describe(tmp, item));
		show_lines(item->lines);
		shown++;
	}
	if (count > shown)
		note("... and %zu more", count - shown);
}

void drift_show(const struct drift *drift)
{
	show(drift, false);
	show(drift, true);
}
