/* Whether what is pending can be applied, and how much it is. */
#include "deploy/pending.h"

static struct error *check_patch(const struct pending_release *release,
				 const struct pending_patch *patch)
{
	for (size_t i = 0; i < patch->count; i++) {
		if (patch->files[i].problem)
			return error_hint(
				error_new(ERROR_NO, "release %s cannot be applied: %s is %s",
					  release->version, patch->files[i].path,
					  patch->files[i].problem),
				"this version of git hop cannot run it; nothing was changed");
	}
	return NULL;
}

struct error *pending_check(const struct pending *pending)
{
	for (size_t i = 0; i < pending->count; i++) {
		const struct pending_release *release = &pending->releases[i];

		for (size_t k = 0; k < release->count; k++) {
			struct error *err = NULL;

			if (!release->patches[k].skip)
				err = check_patch(release, &release->patches[k]);
			if (err)
				return err;
		}
	}
	return NULL;
}

void pending_total(size_t *files, size_t *statements, const struct pending_release *release)
{
	*files = release->schema ? 1 : 0;
	*statements = release->schema ? release->schema->statements : 0;
	for (size_t i = 0; i < release->count; i++) {
		const struct pending_patch *patch = &release->patches[i];

		if (patch->skip)
			continue;
		*files += patch->count;
		for (size_t k = 0; k < patch->count; k++)
			*statements += patch->files[k].statements;
	}
}
