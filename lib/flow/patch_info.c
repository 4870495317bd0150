/* Where a patch stands. */
#include "flow/patch_info.h"

#include <stdlib.h>
#include <string.h>

#include "core/branch.h"
#include "core/patch.h"
#include "flow/catalog.h"
#include "flow/patch_find.h"

static struct error *list_files(struct patch_info *out, void *ctx, struct project *p)
{
	struct repo_file *files;
	struct error *err;
	size_t count;

	out->files = mem_array(ctx, char *, 1);
	if (!out->commit)
		return NULL;
	err = repo_list(&files, &count, ctx, p->repo, out->commit, path_patch(ctx, out->id));
	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		enum patch_file_kind kind = patch_file_kind(files[i].name);

		if (kind != PATCH_README && kind != PATCH_OTHER)
			mem_list_add(&out->files, ctx, files[i].name);
	}
	qsort(out->files, mem_list_length(out->files), sizeof(char *), patch_file_order);
	return NULL;
}

/* A patch of the past: in the release that its file on ho-prod names. */
static struct error *find_released(struct patch_info *out, void *ctx, struct project *p)
{
	struct version *versions;
	struct error *err;
	size_t count;
	char *prod;

	err = project_tip(&prod, ctx, p, BRANCH_PROD);
	if (!err)
		err = catalog_released(&versions, &count, ctx, p->repo, prod);
	for (size_t i = 0; !err && i < count && !out->state; i++) {
		char **ids;

		err = catalog_patches(&ids, ctx, p->repo, prod, &versions[i]);
		for (; !err && *ids; ids++) {
			if (strcmp(*ids, out->id) != 0)
				continue;
			out->state = "released";
			out->release = version_print(ctx, &versions[i]);
			out->commit = prod;
		}
	}
	return err;
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
	 * One's own commits count before they are pushed; two that went different ways are
	 * merge's matter.
	 */
	err = patch_find_tip(&tip, ctx, p, out->id);
	if (!err)
		out->commit = tip.tip;
	error_free(err);
	return NULL;
}

struct error *patch_info(struct patch_info *out, void *ctx, struct project *p, const char *id)
{
	struct open_release release;
	struct error *err;

	*out = (struct patch_info){.id = id};
	err = catalog_release_of(&release, ctx, p, id);
	if (err)
		return err;
	if (release.branch) {
		bool staged = manifest_find(release.manifest, id)->state == PATCH_STAGED;

		out->state = staged ? "staged" : "candidate";
		out->release = version_print(ctx, &release.version);
		err = find_branch(out, ctx, p, staged);
	} else {
		err = find_released(out, ctx, p);
		if (!err && !out->state) {
			err = find_branch(out, ctx, p, false);
			out->state = out->branch ? "detached" : NULL;
		}
	}
	if (err)
		return err;
	if (!out->state)
		return error_hint(
			error_new(ERROR_NO, "there is no patch '%s'", id),
			"git hop patch list shows the patches of the releases in preparation");
	return list_files(out, ctx, p);
}
