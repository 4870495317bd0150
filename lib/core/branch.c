/* Names of branches and files. */
#include "core/branch.h"

#include <string.h>

#include "core/patch.h"

#define RELEASE_PREFIX "ho-release/"
#define PATCH_PREFIX "ho-patch/"
#define STAGED_PREFIX "ho-staged/"

/* The part of NAME after PREFIX; NULL if it does not start with it. */
static const char *after(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(name, prefix, n) == 0 ? name + n : NULL;
}

static bool is_version(struct version *out, const char *text)
{
	struct error *err = version_parse(out, text);

	error_free(err);
	return err == NULL;
}

struct branch branch_parse(void *ctx, const char *name)
{
	struct branch branch = {.kind = BRANCH_OTHER};
	struct version v;
	const char *rest;

	if (strcmp(name, BRANCH_PROD) == 0) {
		branch.kind = BRANCH_IS_PROD;
	} else if ((rest = after(name, RELEASE_PREFIX))) {
		if (is_version(&v, rest) && v.stage == VERSION_FINAL) {
			branch.kind = BRANCH_RELEASE;
			branch.version = v;
		}
	} else if ((rest = after(name, PATCH_PREFIX))) {
		if (patch_id_valid(rest)) {
			branch.kind = BRANCH_PATCH;
			branch.id = mem_dup(ctx, rest);
		}
	} else if ((rest = after(name, STAGED_PREFIX))) {
		if (patch_id_valid(rest)) {
			branch.kind = BRANCH_STAGED;
			branch.id = mem_dup(ctx, rest);
		}
	}
	return branch;
}

char *branch_release(const void *ctx, const struct version *v)
{
	return mem_printf(ctx, RELEASE_PREFIX "%d.%d.%d", v->major, v->minor, v->patch);
}

char *branch_patch(const void *ctx, const char *id)
{
	return mem_printf(ctx, PATCH_PREFIX "%s", id);
}

char *branch_staged(const void *ctx, const char *id)
{
	return mem_printf(ctx, STAGED_PREFIX "%s", id);
}

/* BEFORE, the version and BEHIND, joined. */
static char *around(const void *ctx, const char *before, const struct version *v,
		    const char *behind)
{
	SCOPE(tmp, NULL);

	return mem_printf(ctx, "%s%s%s", before, version_print(tmp, v), behind);
}

char *ref_number(const void *ctx, int number)
{
	return mem_printf(ctx, "refs/hop/patch/%d", number);
}

char *path_manifest(const void *ctx, const struct version *v)
{
	struct version base = version_base(v);

	return around(ctx, PATH_RELEASES "/", &base, "-patches.toml");
}

char *path_release(const void *ctx, const struct version *v)
{
	return around(ctx, PATH_RELEASES "/", v, ".txt");
}

char *path_schema_link(const void *ctx, const struct version *v)
{
	return around(ctx, PATH_MODEL "/schema-", v, ".sql");
}

char *path_metadata_link(const void *ctx, const struct version *v)
{
	return around(ctx, PATH_MODEL "/metadata-", v, ".sql");
}

char *path_patch(const void *ctx, const char *id)
{
	return mem_printf(ctx, PATH_PATCHES "/%s", id);
}

bool release_file_parse(struct version *out, const char *name)
{
	SCOPE(tmp, NULL);
	const char *dot = strrchr(name, '.');

	if (!dot || strcmp(dot, ".txt") != 0)
		return false;
	return is_version(out, mem_dup_n(tmp, name, (size_t)(dot - name)));
}
