/* Paths as text. */
#include "base/path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/quote.h"

DEFINE_CLEANUP(char *, free)

char *path_join(const void *ctx, const char *dir, const char *name)
{
	size_t n = strlen(dir);

	if (n == 0 || name[0] == '/')
		return mem_dup(ctx, name);
	return mem_printf(ctx, dir[n - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_dir(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_dup(ctx, ".");
	if (slash == path)
		return mem_dup(ctx, "/");
	return mem_dup_n(ctx, path, (size_t)(slash - path));
}

struct error *path_real(char **out, void *ctx, const char *path)
{
	CLEANUP(free) char *real = realpath(path, NULL);

	if (!real)
		return error_errno("cannot find '%s'", path);
	*out = mem_dup(ctx, real);
	return NULL;
}

char *path_absolute(const void *ctx, const char *path)
{
	CLEANUP(free) char *here = NULL;

	if (path[0] == '/')
		return mem_dup(ctx, path);
	here = getcwd(NULL, 0);
	return path_join(ctx, here ? here : "/", path);
}

/* In every shell, and without a byte that would drive the terminal. */
static char *quote_printed(const void *ctx, const char *text)
{
	char *out = mem_dup(ctx, "\"$(printf '");

	for (; *text; text++) {
		if (*text < ' ' || *text == '\'' || *text == '\\' || *text == 0x7f)
			mem_append(&out, ctx, "\\%03o", (unsigned)(unsigned char)*text);
		else
			mem_append(&out, ctx, "%s%c", *text == '%' ? "%" : "", *text);
	}
	mem_append(&out, ctx, "')\"");
	return out;
}

char *path_quote(const void *ctx, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-./=:@%+,";
	SCOPE(tmp, NULL);
	char *out;

	if (*text && strspn(text, plain) == strlen(text))
		return mem_dup(ctx, text);
	if (strcmp(quote_name(tmp, text), text) != 0)
		return quote_printed(ctx, text);
	out = mem_dup(ctx, "'");
	for (; *text; text++) {
		if (*text == '\'')
			mem_append(&out, ctx, "'\\''");
		else
			mem_append(&out, ctx, "%c", *text);
	}
	mem_append(&out, ctx, "'");
	return out;
}
