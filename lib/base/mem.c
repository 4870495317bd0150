/* Memory that hangs off a talloc context. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *mem_check(void *ptr)
{
	if (!ptr) {
		fputs("fatal: out of memory\n", stderr);
		exit(128);
	}
	return ptr;
}

void *mem_scope(const void *ctx)
{
	return mem_check(talloc_new(ctx));
}

void mem_scope_end(void *scope)
{
	talloc_free(*(void **)scope);
}

char *mem_dup(const void *ctx, const char *text)
{
	return mem_check(talloc_strdup(ctx, text));
}

char *mem_dup_n(const void *ctx, const char *text, size_t n)
{
	return mem_check(talloc_strndup(ctx, text, n));
}

void *mem_dup_bytes(const void *ctx, const void *bytes, size_t n)
{
	char *copy = mem_array(ctx, char, n + 1);

	if (n > 0)
		memcpy(copy, bytes, n);
	return copy;
}

char *mem_printf(const void *ctx, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mem_check(talloc_vasprintf(ctx, fmt, ap));
	va_end(ap);
	return text;
}

void mem_append(char **text, const void *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (*text)
		*text = mem_check(talloc_vasprintf_append_buffer(*text, fmt, ap));
	else
		*text = mem_check(talloc_vasprintf(ctx, fmt, ap));
	va_end(ap);
}

size_t mem_list_length(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

bool mem_list_has(char *const *list, const char *text)
{
	for (; list && *list; list++) {
		if (strcmp(*list, text) == 0)
			return true;
	}
	return false;
}

void mem_list_add(char ***list, const void *ctx, const char *text)
{
	size_t room = *list ? talloc_array_length(*list) : 0;
	size_t n = 0;

	/* The first NULL ends the items: find it by bisection. */
	for (size_t end = room; n < end;) {
		size_t middle = (n + end) / 2;

		if ((*list)[middle])
			n = middle + 1;
		else
			end = middle;
	}
	if (n + 1 >= room) {
		size_t more = room < 8 ? 8 : room * 2;

		*list = mem_resize(ctx, *list, char *, more);
		memset(*list + n, 0, (more - n) * sizeof(char *));
	}
	(*list)[n] = mem_dup(*list, text);
}

char **mem_split(const void *ctx, const char *text, char separator)
{
	char **list = mem_array(ctx, char *, 1);

	while (*text) {
		const char *end = strchr(text, separator);
		size_t n = end ? (size_t)(end - text) : strlen(text);
		char *item = mem_dup_n(NULL, text, n);

		mem_list_add(&list, ctx, item);
		talloc_free(item);
		text += end ? n + 1 : n;
	}
	return list;
}
