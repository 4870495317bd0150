/* The beginning of the commands that change a patch. */
#include "patch_enter.h"

#include "care/enter.h"
#include "project/patch_find.h"

struct error *patch_enter(struct project **p, char **id, void *ctx, const char *word)
{
	struct error *err = project_enter(p, ctx, true);

	return err ? err : patch_find_id(id, ctx, *p, word);
}
