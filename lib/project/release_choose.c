/* The release that a patch goes into. */
#include "project/release_choose.h"

#include "core/branch.h"

static struct error *choose_only(const struct open_release **out, const struct catalog *catalog,
				 const struct release_wish *wish)
{
	SCOPE(tmp, NULL);
	const struct open_release *list = catalog->open;
	size_t count = catalog->open_count;
	struct error *err = catalog_refuse_any_unreadable(catalog);

	if (err)
		return err;
	if (count == 1) {
		*out = list;
		return NULL;
	}
	if (count == 0)
		return error_hint(error_new(ERROR_NO, "no release is in preparation"),
				  "git hop release create patch|minor|major opens one");
	err = error_new(ERROR_NO, "%zu releases are in preparation; choose one for '%s'", count,
			wish->id);
	for (size_t i = 0; i < count; i++)
		err = error_add_hint(err, "%s --release %s %s", wish->command,
				     version_print(tmp, &list[i].version), wish->id);
	return err;
}

struct error *release_choose(const struct open_release **out, void *ctx, struct project *p,
			     const struct catalog *catalog, const struct release_wish *wish)
{
	char *branch, *head;
	struct error *err;
	struct branch at;

	if (wish->named)
		return catalog_find(out, catalog, wish->named);
	err = repo_head(&branch, &head, ctx, p->repo);
	if (err)
		return err;
	at = branch_parse(ctx, branch ? branch : "");
	if (at.kind == BRANCH_RELEASE)
		return catalog_find(out, catalog, &at.version);
	if (!wish->otherwise)
		return choose_only(out, catalog, wish);
	*out = wish->otherwise;
	return NULL;
}
