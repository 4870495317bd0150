/* The beginning of the commands that change a patch. */
#include "patch_enter.h"

#include "care/enter.h"
#include "project/patch_find.h"

struct error *patch_enter(struct project **p, char **id, void *ctx, const char *word, bool dry_run)
{
	struct error *err = project_enter(p, ctx, true);

	if (err)
		return err;
	(*p)->dry_run = dry_run;
	return patch_find_id(id, ctx, *p, word);
}
