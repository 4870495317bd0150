/* Finds the IDs that a list has twice. */
#include "core/repeated.h"

#include <stdlib.h>
#include <string.h>

void repeated_add(struct repeated *seen, void *ctx, const char *id, int line)
{
	size_t room = seen->ids ? talloc_array_length(seen->ids) : 0;

	if (seen->count == room)
		seen->ids = mem_resize(ctx, seen->ids, struct repeated_id, 2 * room + 16);
	seen->ids[seen->count++] = (struct repeated_id){id, line};
}

static int by_id(const void *a, const void *b)
{
	const struct repeated_id *ia = a, *ib = b;
	int order = strcmp(ia->id, ib->id);

	return order ? order : ia->line - ib->line;
}

struct error *repeated_check(struct repeated *seen, const char *name)
{
	const struct repeated_id *first = NULL;

	if (seen->count > 0)
		qsort(seen->ids, seen->count, sizeof(*seen->ids), by_id);
	for (size_t i = 1; i < seen->count; i++) {
		const struct repeated_id *this = &seen->ids[i];

		if (strcmp(this[-1].id, this->id) == 0 && (!first || this->line < first->line))
			first = this;
	}
	if (!first)
		return NULL;
	return error_new(ERROR_FAIL, "%s:%d: patch '%s' is listed twice", name, first->line,
			 first->id);
}
