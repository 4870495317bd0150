/* The data of the release graph. */
#include "report/release_graph.h"

#include <string.h>

#include "core/branch.h"
#include "project/catalog.h"
#include "project/tag.h"
#include "report/release_info.h"

struct rc {
	struct version version;
	char *commit;
	char **ids;
};

/* The release candidates of the release of VERSION, found by their tags. */
static struct error *list_rcs(struct rc **out, size_t *count, void *ctx, struct project *p,
			      const char *version)
{
	SCOPE(tmp, ctx);
	struct version of, base, *rcs;
	struct error *err;
	size_t n;

	*count = 0;
	err = version_parse(&of, version);
	if (err)
		return err;
	base = version_base(&of);
	err = tag_list_rcs(&rcs, &n, tmp, p);
	if (err)
		return err;
	*out = mem_array(ctx, struct rc, n);
	for (size_t i = 0; !err && i < n; i++) {
		struct rc *rc = &(*out)[*count];
		struct version of_rc = version_base(&rcs[i]);
		struct error *bad;

		if (version_compare(&of_rc, &base) != 0)
			continue;
		/* A tag with such a name may be someone's own. */
		rc->version = rcs[i];
		bad = tag_commit(&rc->commit, ctx, p, &rc->version);
		if (!bad && rc->commit)
			bad = catalog_patches(&rc->ids, ctx, p->repo, rc->commit, &rc->version);
		*count += !bad && rc->commit;
		error_free(bad);
	}
	return err;
}

static bool has_id(char *const *ids, const char *id)
{
	for (; *ids; ids++) {
		if (strcmp(*ids, id) == 0)
			return true;
	}
	return false;
}

static struct error *read_rcs(struct graph_release *out, void *ctx, struct project *p)
{
	struct repo_commit_info commit;
	struct error *err;
	struct rc *list;

	err = list_rcs(&list, &out->rc_count, ctx, p, out->version);
	if (err)
		return err;
	out->rcs = mem_array(ctx, struct graph_rc, out->rc_count);
	for (size_t i = 0; i < out->rc_count; i++) {
		struct graph_rc *rc = &out->rcs[i];

		err = repo_commit_info(&commit, ctx, p->repo, list[i].commit);
		if (err)
			return err;
		rc->version = version_print(ctx, &list[i].version);
		rc->since = commit.time;
		rc->patches = mem_list_length(list[i].ids);
		for (size_t k = 0; k < out->patch_count; k++) {
			struct graph_patch *patch = &out->patches[k];

			if (!has_id(list[i].ids, patch->id))
				continue;
			rc->after = k + 1;
			if (!patch->rc)
				patch->rc = rc->version;
		}
	}
	return NULL;
}

static void read_patches(struct graph_release *out, void *ctx, const struct release_info *info)
{
	out->patch_count = info->patch_count;
	out->patches = mem_array(ctx, struct graph_patch, info->patch_count);
	for (size_t i = 0; i < info->patch_count; i++) {
		const struct patch_info *from = &info->patches[i];

		out->patches[i] = (struct graph_patch){
			.id = from->id,
			.staged = from->state != PATCH_INFO_CANDIDATE,
			.since = from->created,
			.author = from->author,
			.title = from->title,
		};
	}
}

/* The newest version that the release contains; hidden ones count as one. */
static struct error *find_base(struct graph_release *out, const struct graph *g, struct project *p,
			       const struct release_info *released, const struct release_info *info)
{
	for (size_t i = g->released_count; i-- > 0;) {
		struct error *err;
		bool has = true;

		/* Everything is based on 0.0.0, which does not have a tag. */
		if (released[i].commit) {
			err = repo_is_ancestor(&has, p->repo, released[i].commit, info->commit);
			if (err)
				return err;
		}
		if (has) {
			out->base = i;
			return NULL;
		}
	}
	out->base = g->older > 0 ? GRAPH_OLDER_BASE : 0;
	return NULL;
}

static struct error *read_release(struct graph_release *out, void *ctx, struct project *p,
				  struct release_info *info)
{
	struct error *err;

	err = release_info_complete(info, ctx, p);
	if (err)
		return err;
	*out = (struct graph_release){
		.version = info->version,
		.since = info->branch ? info->created : info->since,
		.hotfix = strstr(info->version, "hotfix") != NULL,
	};
	read_patches(out, ctx, info);
	return out->hotfix ? NULL : read_rcs(out, ctx, p);
}

struct error *release_graph_read(struct graph *out, void *ctx, struct project *p, size_t most)
{
	struct release_info *list, *newest;
	struct error *err;
	size_t count, released = 0;

	err = release_info_all(&list, &count, ctx, p);
	if (err)
		return err;
	while (released < count && !list[released].branch)
		released++;
	most = most < 1 ? 1 : most;
	*out = (struct graph){.project = p->conf->name};
	out->older = released > most ? released - most : 0;
	out->released_count = released - out->older;
	out->open_count = count - released;
	out->released = mem_array(ctx, struct graph_release, out->released_count);
	out->open = mem_array(ctx, struct graph_release, out->open_count);
	newest = list + out->older;
	for (size_t i = 0; !err && i < out->released_count; i++)
		err = read_release(&out->released[i], ctx, p, &newest[i]);
	for (size_t i = 0; !err && i < out->open_count; i++) {
		struct release_info *info = &list[released + i];

		err = read_release(&out->open[i], ctx, p, info);
		if (!err)
			err = find_base(&out->open[i], out, p, newest, info);
		if (info->behind && released > 0)
			out->open[i].lacks = list[released - 1].version;
	}
	return err;
}
