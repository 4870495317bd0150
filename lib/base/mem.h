/* Memory that hangs off a talloc context; none of these return NULL. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* Bytes of the longest text that is read; talloc gives out no more than 256 MB at once. */
#define MEM_TEXT_MAX (200L * 1024 * 1024)

/* Run FN(&variable) when the variable leaves its block. */
#define CLEANUP(fn) __attribute__((cleanup(cleanup_##fn)))

/* Makes FN usable with CLEANUP for a variable of the pointer type TYPE. */
#define DEFINE_CLEANUP(type, fn)                 \
	static inline void cleanup_##fn(type *p) \
	{                                        \
		if (*p)                          \
			fn(*p);                  \
	}

/* Declares a context under CTX that is freed whenever the block is left. */
#define SCOPE(name, ctx) __attribute__((cleanup(mem_scope_end))) void *name = mem_scope(ctx)

/* The result must be checked. */
#define MUST_CHECK __attribute__((warn_unused_result))

void *mem_scope(const void *ctx);
void mem_scope_end(void *scope);

/* Returns PTR; if it is NULL, exits with a message and status 128. */
void *mem_check(void *ptr);

#define mem_new(ctx, type) ((type *)mem_check(talloc_zero(ctx, type)))
#define mem_array(ctx, type, n) ((type *)mem_check(talloc_zero_array(ctx, type, n)))

/* Resizes ARRAY to N elements; new ones are not initialized. */
#define mem_resize(ctx, array, type, n) ((type *)mem_check(talloc_realloc(ctx, array, type, n)))

char *mem_dup(const void *ctx, const char *text);
char *mem_dup_n(const void *ctx, const char *text, size_t n);
void *mem_dup_bytes(const void *ctx, const void *bytes, size_t n);
char *mem_printf(const void *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Appends to *TEXT, which may move and may be NULL. */
void mem_append(char **text, const void *ctx, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Appends a copy of TEXT to the NULL-terminated *LIST, which may be NULL. */
void mem_list_add(char ***list, const void *ctx, const char *text);
size_t mem_list_length(char *const *list);
bool mem_list_has(char *const *list, const char *text);

/* Splits TEXT at each SEPARATOR; one at the end does not start another item. */
char **mem_split(const void *ctx, const char *text, char separator);

#endif
