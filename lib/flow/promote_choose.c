/* Which release is promoted, and whether it may be. */
#include "flow/promote.h"

#include "flow/promote_private.h"

struct error *promote_choose(struct promotion *job, void *ctx)
{
	struct open_release *list;
	struct version production;
	struct error *err;
	char *left = NULL;
	size_t count;

	err = catalog_open(&list, &count, ctx, job->project);
	if (err)
		return err;
	if (count == 0)
		return error_hint(error_new(ERROR_NO, "no release is in preparation"),
				  "git hop release create patch|minor|major opens one");
	if (job->again && version_compare(&list[0].version, &job->request->version) != 0) {
		err = error_new(ERROR_NO, "release %s is not the lowest in preparation any more",
				version_print(ctx, &job->request->version));
		return error_hint(err, "git hop release list shows what others did meanwhile");
	}
	job->release = list[0];
	err = catalog_production(&production, &job->prod, ctx, job->project);
	if (err)
		return err;
	if (version_compare(&production, &list[0].version) >= 0)
		return error_hint(
			error_new(ERROR_NO, "release %s is lower than production, which is at %s",
				  version_print(ctx, &list[0].version),
				  version_print(ctx, &production)),
			"no database would ever get it: move its patches to a release above");
	for (size_t i = 0; i < list[0].manifest->count; i++) {
		const struct manifest_entry *e = &list[0].manifest->entries[i];

		if (e->state == PATCH_CANDIDATE)
			mem_append(&left, ctx, " %s", e->id);
	}
	if (!left)
		return NULL;
	err = error_new(ERROR_NO, "release %s still has candidates:%s",
			version_print(ctx, &list[0].version), left);
	return error_hint(err, "merge them first: git hop patch merge ID");
}
