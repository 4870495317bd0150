/* Fuzzes the output for scripts: any bytes in, valid JSON and whole records out. */
#include "fuzz.h"

#include <jansson.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/quote.h"

#define FIELDS 3

static char *printed;
static size_t length;

/* Prints each value in two records. */
static void print(enum out_format format, char *const *values)
{
	SCOPE(tmp, NULL);
	FILE *before = stdout;
	struct out *out;

	stdout = open_memstream(&printed, &length);
	must(stdout != NULL);
	out = out_open(tmp, format, "fuzz");
	for (int i = 0; i < 2; i++) {
		out_record(out, "thing");
		out_text(out, "a", values[0]);
		out_number(out, "n", i);
		out_text(out, "b", values[1]);
		out_bool(out, "t", true);
		out_text(out, "c", values[2]);
	}
	out_end(out);
	fclose(stdout);
	stdout = before;
}

static void check_json(char *const *values)
{
	static const char *const keys[FIELDS] = {"a", "b", "c"};
	SCOPE(tmp, NULL);
	json_t *root, *list;

	print(OUT_JSON, values);
	root = json_loadb(printed, length, JSON_REJECT_DUPLICATES, NULL);
	list = json_object_get(root, "thing");
	must(root && json_array_size(list) == 2);
	for (size_t i = 0; i < FIELDS; i++) {
		json_t *plain = json_string(values[i]);
		const char *value = json_string_value(
			json_object_get(json_array_get(list, 1), keys[i]));

		must(value != NULL);
		must(strcmp(value, plain ? values[i] : quote_field(tmp, values[i])) == 0);
		json_decref(plain);
	}
	for (size_t i = 0; i < length; i++)
		must(printed[i] == '\n' || (printed[i] >= ' ' && printed[i] <= 0x7f));
	json_decref(root);
	free(printed);
}

static void check_porcelain(char *const *values)
{
	size_t tabs = 0, lines = 0;

	print(OUT_PORCELAIN, values);
	for (size_t i = 0; i < length; i++) {
		tabs += printed[i] == '\t';
		lines += printed[i] == '\n';
		must(printed[i] == '\t' || printed[i] == '\n' || (unsigned char)printed[i] >= ' ');
		must(printed[i] != 0x7f);
	}
	must(tabs == 10 && lines == 3);
	free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	char **values = mem_array(tmp, char *, FIELDS);
	const char *text = mem_dup_bytes(tmp, data, size);

	/* The values are separated by NUL bytes. */
	for (size_t i = 0; i < FIELDS; i++) {
		values[i] = mem_dup_n(tmp, text, strnlen(text, size));
		text += strlen(values[i]);
		size -= strlen(values[i]);
		text += size > 0;
		size -= size > 0;
	}
	check_json(values);
	check_porcelain(values);
	return 0;
}
