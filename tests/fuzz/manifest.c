/* Fuzzes the files of a release; what is taken must survive print and parse. */
#include "fuzz.h"

#include "core/manifest.h"
#include "core/patch.h"

static void check_manifest(void *ctx, const char *text, size_t length)
{
	struct manifest *m, *again;
	struct error *err = manifest_parse(&m, ctx, "f", text, length);
	const char *print;

	if (err) {
		must(err->code == ERROR_FAIL);
		error_free(err);
		return;
	}
	print = manifest_print(ctx, m);
	err = manifest_parse(&again, ctx, "f", print, strlen(print));
	must(!err && again->count == m->count);
	must(strcmp(manifest_print(ctx, again), print) == 0);
	for (size_t i = 0; i < m->count; i++) {
		must(patch_id_valid(m->entries[i].id));
		must(manifest_find(m, m->entries[i].id) == &m->entries[i]);
	}
}

static void check_idlist(void *ctx, const char *text, size_t length)
{
	char **ids, **again;
	struct error *err = idlist_parse(&ids, ctx, "f", text, length);
	const char *print;

	if (err) {
		must(err->code == ERROR_FAIL);
		error_free(err);
		return;
	}
	print = idlist_print(ctx, "a comment", ids);
	err = idlist_parse(&again, ctx, "f", print, strlen(print));
	must(!err && mem_list_length(again) == mem_list_length(ids));
	for (size_t i = 0; ids[i]; i++)
		must(patch_id_valid(ids[i]) && strcmp(ids[i], again[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	const char *text = mem_dup_bytes(tmp, data, size);

	check_manifest(tmp, text, size);
	check_idlist(tmp, text, size);
	return 0;
}
