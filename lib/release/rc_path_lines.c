/* Comparing two databases but for what another order of the same patches may change. */
#include "release/rc_path.h"

#include <stdlib.h>
#include <string.h>

#include "build/model.h"
#include "release/rc_path_private.h"

#define SHOWN_LINES 20

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A line of a list has a comma behind it unless it is the last one. */
static void add_schema(char ***list, void *ctx, char *const *lines)
{
	SCOPE(tmp, NULL);

	for (; *lines; lines++) {
		size_t n = strlen(*lines);

		if (n > 0 && (*lines)[n - 1] == ',')
			n--;
		if (n > 0)
			mem_list_add(list, ctx, mem_dup_n(tmp, *lines, n));
	}
}

/* Of a table its name and the number of rows; what sets sequences is left out. */
static void add_rows(char ***list, void *ctx, char *const *lines)
{
	SCOPE(tmp, NULL);
	const char *title = "", *copy = NULL;
	size_t rows = 0;

	for (; *lines; lines++) {
		if (copy && strcmp(*lines, "\\.") == 0) {
			mem_list_add(list, ctx, mem_printf(tmp, "%s: %zu", copy, rows));
			copy = NULL;
		} else if (copy) {
			rows++;
		} else if (strncmp(*lines, "-- Rows of ", 11) == 0) {
			title = *lines;
		} else if (strncmp(*lines, "COPY ", 5) == 0) {
			copy = title;
			rows = 0;
		}
	}
}

struct error *rc_lines(char ***out, void *ctx, struct db *db, const struct conf *conf)
{
	const struct model_request request = {.source = MODEL_BUILT, .conf = conf};
	SCOPE(tmp, ctx);
	char **list = mem_array(ctx, char *, 1);
	struct model *model;
	struct error *err;

	err = model_dump(&model, tmp, db, &request);
	if (err)
		return err;
	add_schema(&list, ctx, mem_split(tmp, model->schema, '\n'));
	add_rows(&list, ctx, mem_split(tmp, model->data, '\n'));
	qsort(list, mem_list_length(list), sizeof(*list), by_bytes);
	*out = list;
	return NULL;
}

struct error *rc_lines_compare(char *const *built, char *const *path)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *shown = NULL;
	size_t count = 0;

	while (*built || *path) {
		int order = !*path ? -1 : !*built ? 1 : strcmp(*built, *path);

		if (order != 0 && count++ < SHOWN_LINES)
			mem_append(&shown, tmp, "%c%s\n", order < 0 ? '-' : '+',
				   order < 0 ? *built : *path);
		built += order <= 0;
		path += order >= 0;
	}
	if (count == 0)
		return NULL;
	err = error_new(ERROR_NO, "the other order of the patches gives another database");
	return error_detail(err, "%s", shown);
}
