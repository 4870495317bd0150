/* Suggests known words for a mistyped one. */
#include "base/suggest.h"

#include <string.h>

#include "base/mem.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Three rows of the table are enough: the current one and the two before. */
size_t suggest_distance(const char *a, const char *b)
{
	SCOPE(tmp, NULL);
	size_t m = strlen(a), n = strlen(b);
	size_t *before = mem_array(tmp, size_t, n + 1);
	size_t *last = mem_array(tmp, size_t, n + 1);
	size_t *row = mem_array(tmp, size_t, n + 1);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= m; i++) {
		size_t *spare = before;

		before = last;
		last = row;
		row = spare;
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			row[j] = last[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = least(row[j], least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[n];
}

char **suggest_names(void *ctx, const char *word, char *const *names)
{
	size_t best = 1 + strlen(word) / 3;
	char **list = mem_array(ctx, char *, 1);

	for (char *const *name = names; *name; name++)
		best = least(best, suggest_distance(word, *name));
	for (char *const *name = names; *name; name++) {
		if (suggest_distance(word, *name) == best)
			mem_list_add(&list, ctx, *name);
	}
	return list;
}
