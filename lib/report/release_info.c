/* The state of a release. */
#include "report/release_info.h"

#include <string.h>

#include "core/branch.h"
#include "project/catalog.h"
#include "project/tag.h"

static struct error *read_opened(struct release_info *out, void *ctx, struct project *p,
				 const char *prod)
{
	struct repo_commit_info commit;
	struct error *err;
	char *first;

	err = repo_first_own(&first, ctx, p->repo, out->commit, prod);
	if (!err && first)
		err = repo_commit_info(&commit, ctx, p->repo, first);
	if (!err && first)
		out->created = commit.time;
	return err;
}

static struct error *open_info(struct release_info *out, void *ctx, struct project *p,
			       const struct open_release *release, const char *prod)
{
	const struct manifest *m = release->manifest;
	struct repo_commit_info commit;
	struct error *err;

	err = repo_commit_info(&commit, ctx, p->repo, release->tip);
	if (err)
		return err;
	*out = (struct release_info){
		.version = version_print(ctx, &release->becomes),
		.state = release->hotfix          ? RELEASE_HOTFIX
			 : release->rc.number > 0 ? RELEASE_RC
						  : RELEASE_PREPARATION,
		.rc = release->rc.number > 0 ? version_print(ctx, &release->rc) : NULL,
		.since = commit.time,
		.commit = release->tip,
		.branch = release->branch,
		.staged = manifest_count(m, PATCH_STAGED),
		.candidates = manifest_count(m, PATCH_CANDIDATE),
		.patches = mem_array(ctx, struct patch_info, m->count),
		.patch_count = m->count,
	};
	for (size_t i = 0; i < m->count; i++) {
		out->patches[i].id = m->entries[i].id;
		out->patches[i].release = out->version;
		out->patches[i].state = patch_info_listed(&m->entries[i]);
		out->patches[i].position = i + 1;
	}
	err = repo_ahead_behind(&out->ahead, &out->lacks, p->repo, release->tip, prod);
	out->behind = !err && out->lacks > 0;
	return err ? err : read_opened(out, ctx, p, prod);
}

/* NULL if the tag is missing or does not count, which git hop check reports. */
static struct error *find_commit(char **oid, void *ctx, struct project *p,
				 const struct version *version)
{
	struct error *err = tag_commit(oid, ctx, p, version);

	if (!err || err->code != ERROR_NO)
		return err;
	error_free(err);
	*oid = NULL;
	return NULL;
}

static struct error *released_info(struct release_info *out, void *ctx, struct project *p,
				   const struct version *version, const char *prod,
				   enum patch_info_state state)
{
	struct repo_commit_info commit = {.time = 0};
	struct error *err;
	char **ids, *oid;

	err = catalog_patches(&ids, ctx, p->repo, prod, version);
	if (!err)
		err = find_commit(&oid, ctx, p, version);
	if (!err && oid)
		err = repo_commit_info(&commit, ctx, p->repo, oid);
	if (err)
		return err;
	*out = (struct release_info){
		.version = version_print(ctx, version),
		.state = RELEASE_PRODUCTION,
		.since = commit.time,
		.commit = oid,
		.staged = mem_list_length(ids),
		.patch_count = mem_list_length(ids),
	};
	out->patches = mem_array(ctx, struct patch_info, out->patch_count);
	for (size_t i = 0; i < out->patch_count; i++)
		out->patches[i] = (struct patch_info){
			.id = ids[i],
			.release = out->version,
			.state = state,
			.position = i + 1,
		};
	return NULL;
}

struct error *release_info_open(struct release_info **out, size_t *count, void *ctx,
				struct project *p, const struct catalog *catalog)
{
	struct error *err = NULL;

	*count = catalog->open_count;
	*out = mem_array(ctx, struct release_info, *count);
	for (size_t i = 0; !err && i < *count; i++)
		err = open_info(&(*out)[i], ctx, p, &catalog->open[i], catalog->prod);
	return err;
}

struct error *release_info_all(struct release_info **out, size_t *count, void *ctx,
			       struct project *p)
{
	struct release_info *open, *list;
	const struct catalog *catalog;
	size_t released, opened;
	struct error *err;

	err = catalog_read(&catalog, ctx, p);
	if (!err)
		err = release_info_open(&open, &opened, ctx, p, catalog);
	if (err)
		return err;
	released = catalog->released_count;
	list = mem_array(ctx, struct release_info, released + opened);
	for (size_t i = 0; !err && i < released; i++)
		err = released_info(&list[i], ctx, p, &catalog->released[i], catalog->prod,
				    PATCH_INFO_RELEASED);
	for (size_t i = 0; i < opened; i++)
		list[released + i] = open[i];
	*out = list;
	*count = released + opened;
	return err;
}

struct error *release_info_complete(struct release_info *info, void *ctx, struct project *p)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < info->patch_count; i++)
		err = patch_info_complete(&info->patches[i], ctx, p, info->commit);
	return err;
}

/* What a release candidate holds is staged until its release is in production. */
static struct error *state_in_rc(enum patch_info_state *out, void *ctx, struct project *p,
				 const struct version *rc)
{
	struct version base = version_base(rc);
	const struct catalog *catalog;
	struct error *err = catalog_read(&catalog, ctx, p);

	*out = PATCH_INFO_STAGED;
	for (size_t i = 0; !err && i < catalog->released_count; i++) {
		if (version_compare(&catalog->released[i], &base) == 0)
			*out = PATCH_INFO_RELEASED;
	}
	return err;
}

/* A release candidate, read from its tag; *FOUND is false if there is no such tag. */
static struct error *rc_info(struct release_info *out, bool *found, void *ctx, struct project *p,
			     const struct version *rc)
{
	enum patch_info_state state;
	struct error *err;
	char *commit;

	err = tag_commit(&commit, ctx, p, rc);
	*found = !err && commit;
	if (err || !commit)
		return err;
	err = state_in_rc(&state, ctx, p, rc);
	if (!err)
		err = released_info(out, ctx, p, rc, commit, state);
	out->state = RELEASE_RC;
	return err;
}

struct error *release_info_one(struct release_info *out, void *ctx, struct project *p,
			       const char *version)
{
	struct release_info *list;
	struct version wanted;
	struct error *err;
	size_t count, pick;
	bool found = false;

	if (version) {
		err = version_parse(&wanted, version);
		if (!err && wanted.stage == VERSION_RC)
			err = rc_info(out, &found, ctx, p, &wanted);
		if (err || found)
			return err;
	}
	err = release_info_all(&list, &count, ctx, p);
	if (err)
		return err;
	for (pick = 0; pick < count; pick++) {
		if (version ? strcmp(list[pick].version, version) == 0 : list[pick].branch != NULL)
			break;
	}
	if (pick == count && !version && count > 0)
		pick = count - 1;
	if (pick == count)
		return error_hint(error_new(ERROR_NO, "there is no release %s",
					    version ? version : ""),
				  "git hop release list shows them");
	*out = list[pick];
	return NULL;
}
