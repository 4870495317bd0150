/* Fuzzes patch IDs and markers; a canonical ID is read as itself. */
#include "fuzz.h"

#include "core/patch.h"

static void check_id(void *ctx, const char *text)
{
	struct patch_id id, again;
	struct error *err = patch_id_parse(&id, ctx, text);

	if (err) {
		must(err->code == ERROR_USAGE && !patch_id_valid(text));
		error_free(err);
		return;
	}
	must(id.number > 0 && atoi(id.id) == id.number && strlen(id.id) <= 100);
	must(patch_id_valid(id.id));
	must(patch_id_valid(text) == (strcmp(text, id.id) == 0));
	err = patch_id_parse(&again, ctx, id.id);
	must(!err && strcmp(again.id, id.id) == 0 && again.number == id.number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	const char *text = mem_dup_bytes(tmp, data, size);

	check_id(tmp, text);
	for (int kind = PATCH_SQL; kind <= PATCH_OTHER; kind++) {
		enum patch_mark mark;
		int stray;
		struct error *err = patch_mark_parse(&mark, &stray, (enum patch_file_kind)kind,
						     text, size);

		must(err ? err->code == ERROR_NO : stray == 0 || stray > 1);
		error_free(err);
	}
	return 0;
}
