/* The answer on standard output, for programs. */
#include "base/out.h"

#include <jansson.h>
#include <stdio.h>

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

static void put_escaped(const char *value)
{
	for (; *value; value++) {
		switch (*value) {
		case '\t':
			fputs("\\t", stdout);
			break;
		case '\n':
			fputs("\\n", stdout);
			break;
		case '\\':
			fputs("\\\\", stdout);
			break;
		default:
			putchar(*value);
		}
	}
}

void out_text(struct out *out, const char *field, const char *value)
{
	if (out->format == OUT_PORCELAIN) {
		putchar('\t');
		put_escaped(value ? value : "-");
	}
	if (out->format == OUT_JSON) {
		json_t *text = value ? json_string(value) : json_null();

		/* Bytes that are not UTF-8 (a file name may be anything) have no JSON string. */
		json_object_set_new(out->record, field, text ? text : json_null());
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
		json_dumpf(out->root, stdout, JSON_INDENT(2));
	if (out->format != OUT_TEXT)
		putchar('\n');
}
