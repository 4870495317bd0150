/* Memory that hangs off a talloc context; none of these return NULL. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include <talloc.h>

/* Run FN(&variable) when the variable leaves its block. */
#define CLEANUP(fn) __attribute__((cleanup(cleanup_##fn)))

/* Makes FN usable with CLEANUP for a variable of the pointer type TYPE. */
#define DEFINE_CLEANUP(type, fn)                 \
	static inline void cleanup_##fn(type *p) \
	{                                        \
		if (*p)                          \
			fn(*p);                  \
	}

/* Opens a context under CTX that is freed at every way out of the block. */
#define SCOPE(name, ctx) __attribute__((cleanup(mem_scope_end))) void *name = mem_scope(ctx)

/* What can fail must be looked at. */
#define MUST_CHECK __attribute__((warn_unused_result))

void *mem_scope(const void *ctx);
void mem_scope_end(void *scope);

/* PTR, unless it is NULL: then the program ends with a message and 128. */
void *mem_check(void *ptr);

#define mem_new(ctx, type) ((type *)mem_check(talloc_zero(ctx, type)))
#define mem_array(ctx, type, n) ((type *)mem_check(talloc_zero_array(ctx, type, n)))

/* ARRAY, re-allocated to hold N elements; the new ones are not cleared. */
#define mem_resize(ctx, array, type, n) ((type *)mem_check(talloc_realloc(ctx, array, type, n)))

char *mem_dup(const void *ctx, const char *text);
char *mem_dup_n(const void *ctx, const char *text, size_t n);
void *mem_dup_bytes(const void *ctx, const void *bytes, size_t n);
char *mem_printf(const void *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* *TEXT with more at its end; *TEXT may move, and NULL counts as "". */
void mem_append(char **text, const void *ctx, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A NULL-terminated list of strings: *LIST with a copy of TEXT at its end. *LIST may be NULL. */
void mem_list_add(char ***list, const void *ctx, const char *text);
size_t mem_list_length(char *const *list);

/* Splits TEXT at each SEPARATOR; a separator at the very end starts no new item. */
char **mem_split(const void *ctx, const char *text, char separator);

#endif
