/* The state of a patch. */
#include "report/patch_info.h"

#include <string.h>

#include "base/path.h"
#include "core/branch.h"
#include "core/patch.h"
#include "project/catalog.h"
#include "project/patch_find.h"
#include "project/recipe_read.h"

static struct error *list_files(struct patch_info *out, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	struct recipe *recipe;
	struct error *err;
	char *tree;

	out->files = mem_array(ctx, char *, 1);
	if (!out->commit)
		return NULL;
	err = repo_entry(&tree, tmp, p->repo, out->commit, path_patch(tmp, out->id));
	if (err || !tree)
		return err;
	err = recipe_read(&recipe, tmp, p->repo, out->id, tree);
	for (size_t i = 0; !err && i < recipe->count; i++)
		mem_list_add(&out->files, ctx, recipe->files[i].name);
	for (size_t i = 0; !err && i < recipe->bootstrap_count; i++)
		mem_list_add(&out->files, ctx, recipe->bootstrap[i].name);
	return err;
}

/* The first line of text after the heading. */
static struct error *read_title(struct patch_info *out, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *text;

	err = repo_file(&text, NULL, tmp, p->repo, out->commit,
			path_join(tmp, path_patch(tmp, out->id), "README.md"));
	if (err || !text)
		return err;
	for (char **line = mem_split(tmp, text, '\n'); *line; line++) {
		const char *first = *line + strspn(*line, " \t\r");

		if (*first && *first != '#') {
			out->title = mem_dup_n(ctx, first, strcspn(first, "\r"));
			return NULL;
		}
	}
	return NULL;
}

static struct error *read_number(struct patch_info *out, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	struct repo_commit_info commit;
	struct patch_id id;
	struct error *err;
	char *oid;

	err = patch_id_parse(&id, tmp, out->id);
	if (!err)
		err = repo_commit(&oid, tmp, p->repo, ref_number(tmp, id.number));
	if (!err && oid)
		err = repo_commit_info(&commit, ctx, p->repo, oid);
	if (err || !oid)
		return err;
	out->created = commit.time;
	out->author = commit.author;
	return NULL;
}

static struct error *find_branch(struct patch_info *out, void *ctx, struct project *p, bool staged)
{
	char *branch = staged ? branch_staged(ctx, out->id) : branch_patch(ctx, out->id);
	struct patch_tip tip;
	struct error *err;
	char *oid;

	err = project_tip(&oid, ctx, p, branch);
	if (err || !oid)
		return err;
	out->branch = branch;
	out->commit = oid;
	if (staged)
		return NULL;
	/*
	 * Local commits count before they are pushed. Diverged branches are dealt with by patch
	 * merge.
	 */
	err = patch_find_tip(&tip, ctx, p, out->id);
	if (!err)
		out->commit = tip.tip;
	error_free(err);
	return NULL;
}

static struct error *read_branch(struct patch_info *out, void *ctx, struct project *p,
				 const char *tip)
{
	struct repo_commit_info commit;
	struct error *err;

	err = find_branch(out, ctx, p, out->state == PATCH_INFO_STAGED);
	if (err || !out->branch)
		return err;
	err = repo_commit_info(&commit, ctx, p->repo, out->commit);
	if (err)
		return err;
	out->updated = commit.time;
	if (!tip)
		return NULL;
	return repo_ahead_behind(&out->ahead, &out->behind, p->repo, out->commit, tip);
}

struct error *patch_info_complete(struct patch_info *info, void *ctx, struct project *p,
				  const char *tip)
{
	struct error *err = NULL;

	if (info->state != PATCH_INFO_RELEASED)
		err = read_branch(info, ctx, p, tip);
	else
		info->commit = tip;
	if (!err)
		err = read_number(info, ctx, p);
	/* The branch of a merged patch may have been deleted. */
	if (!err && !info->commit && info->state == PATCH_INFO_STAGED)
		info->commit = tip;
	return err || !info->commit ? err : read_title(info, ctx, p);
}

enum patch_info_state patch_info_listed(const struct manifest_entry *entry)
{
	return entry->state == PATCH_STAGED ? PATCH_INFO_STAGED : PATCH_INFO_CANDIDATE;
}

/* Looks for the patch in the lists of released versions on ho-prod. */
static struct error *find_released(struct patch_info *out, void *ctx, struct project *p,
				   const struct catalog *catalog)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < catalog->released_count && !out->state; i++) {
		const struct version *version = &catalog->released[i];
		char **ids;

		err = catalog_patches(&ids, ctx, p->repo, catalog->prod, version);
		for (size_t k = 0; !err && ids[k]; k++) {
			if (strcmp(ids[k], out->id) != 0)
				continue;
			out->state = PATCH_INFO_RELEASED;
			out->release = version_print(ctx, version);
			out->position = k + 1;
		}
	}
	return err;
}

/* Sets the first four members, and finds the commit of the release. */
static struct error *find(struct patch_info *out, const char **tip, void *ctx, struct project *p,
			  const struct catalog *catalog)
{
	const struct open_release *release = catalog_release_of(catalog, out->id);
	const struct manifest_entry *entry;
	struct error *err;
	char *oid;

	if (release) {
		entry = manifest_find(release->manifest, out->id);
		out->state = patch_info_listed(entry);
		out->release = version_print(ctx, &release->becomes);
		out->position = (size_t)(entry - release->manifest->entries) + 1;
		*tip = release->tip;
		return NULL;
	}
	*tip = catalog->prod;
	err = find_released(out, ctx, p, catalog);
	if (err || out->state)
		return err;
	*tip = NULL;
	err = project_tip(&oid, ctx, p, branch_patch(ctx, out->id));
	if (!err && oid)
		out->state = PATCH_INFO_DETACHED;
	return err;
}

struct error *patch_info(struct patch_info *out, void *ctx, struct project *p,
			 const struct catalog *catalog, const char *id)
{
	struct error *err;
	const char *tip;

	*out = (struct patch_info){.id = id};
	err = find(out, &tip, ctx, p, catalog);
	if (!err && !out->state)
		return error_hint(
			error_new(ERROR_NO, "there is no patch '%s'", id),
			"git hop patch list shows the patches of the releases in preparation");
	if (!err)
		err = patch_info_complete(out, ctx, p, tip);
	return err ? err : list_files(out, ctx, p);
}
