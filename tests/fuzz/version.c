/* Fuzzes version_parse and branch_parse; what they take must print as it was read. */
#include "fuzz.h"

#include "core/branch.h"

static void check_version(void *ctx, const char *text)
{
	struct version v, next;
	struct error *err = version_parse(&v, text);

	if (err) {
		must(err->code == ERROR_USAGE);
		error_free(err);
		return;
	}
	must(strcmp(version_print(ctx, &v), text) == 0);
	must(version_compare(&v, &v) == 0);
	for (int level = LEVEL_PATCH; level <= LEVEL_MAJOR; level++) {
		err = version_next(&next, &v, (enum version_level)level);
		must(err || version_compare(&next, &v) > 0);
		error_free(err);
	}
}

static void check_branch(void *ctx, const char *text)
{
	struct branch branch = branch_parse(ctx, text);

	if (branch.kind == BRANCH_RELEASE)
		must(strcmp(branch_release(ctx, &branch.version), text) == 0);
	if (branch.kind == BRANCH_PATCH)
		must(strcmp(branch_patch(ctx, branch.id), text) == 0);
	if (branch.kind == BRANCH_STAGED)
		must(strcmp(branch_staged(ctx, branch.id), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	const char *text = mem_dup_bytes(tmp, data, size);
	struct version v;

	check_version(tmp, text);
	check_branch(tmp, text);
	if (release_file_parse(&v, text))
		must(strcmp(mem_printf(tmp, "%s.txt", version_print(tmp, &v)), text) == 0);
	return 0;
}
