/* The result on standard output, for scripts. */
#include "base/out.h"

#include <jansson.h>
#include <stdio.h>

#include "base/quote.h"

struct out {
	enum out_format format;
	const char *command;
	json_t *root;
	json_t *record;
};

static int out_destroy(struct out *out)
{
	json_decref(out->root);
	return 0;
}

struct out *out_open(void *ctx, enum out_format format, const char *command)
{
	struct out *out = mem_new(ctx, struct out);

	out->format = format;
	out->command = command;
	talloc_set_destructor(out, out_destroy);
	if (format == OUT_JSON)
		out->root = mem_check(json_pack("{s:i, s:s}", "version", 1, "command", command));
	if (format == OUT_PORCELAIN)
		printf("# git-hop %s 1", command);
	return out;
}

bool out_is_text(const struct out *out)
{
	return out->format == OUT_TEXT;
}

void out_record(struct out *out, const char *kind)
{
	if (out->format == OUT_PORCELAIN)
		printf("\n%s", kind);
	if (out->format == OUT_JSON) {
		json_t *list = json_object_get(out->root, kind);

		if (!list) {
			list = mem_check(json_array());
			json_object_set_new(out->root, kind, list);
		}
		out->record = mem_check(json_object());
		json_array_append_new(list, out->record);
	}
}

void out_text(struct out *out, const char *field, const char *value)
{
	SCOPE(tmp, NULL);

	if (out->format == OUT_PORCELAIN)
		printf("\t%s", value ? quote_field(tmp, value) : "-");
	if (out->format == OUT_JSON) {
		json_t *text = value ? json_string(value) : json_null();

		/* Invalid UTF-8, as in file names, cannot be a JSON string. */
		if (!text)
			text = mem_check(json_string(quote_field(tmp, value)));
		json_object_set_new(out->record, field, text);
	}
}

void out_number(struct out *out, const char *field, long long value)
{
	if (out->format == OUT_PORCELAIN)
		printf("\t%lld", value);
	if (out->format == OUT_JSON)
		json_object_set_new(out->record, field, json_integer(value));
}

void out_bool(struct out *out, const char *field, bool value)
{
	if (out->format == OUT_PORCELAIN)
		printf("\t%s", value ? "true" : "false");
	if (out->format == OUT_JSON)
		json_object_set_new(out->record, field, json_boolean(value));
}

void out_end(struct out *out)
{
	if (out->format == OUT_JSON)
		json_dumpf(out->root, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	if (out->format != OUT_TEXT)
		putchar('\n');
}
