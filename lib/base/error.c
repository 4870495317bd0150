/* Errors as values. */
#include "base/error.h"

#include <errno.h>
#include <string.h>

#include "base/quote.h"

struct error *error_new(enum error_code code, const char *fmt, ...)
{
	struct error *err = mem_new(NULL, struct error);
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	err->message = quote_vprintf(err, fmt, ap);
	va_end(ap);
	return err;
}

struct error *error_errno(const char *fmt, ...)
{
	int saved = errno;
	struct error *err = mem_new(NULL, struct error);
	va_list ap;

	err->code = ERROR_FAIL;
	va_start(ap, fmt);
	err->message = quote_vprintf(err, fmt, ap);
	va_end(ap);
	mem_append(&err->message, err, ": %s", strerror(saved));
	return err;
}

struct error *error_too_large(void)
{
	return error_hint(error_new(ERROR_NO, "longer than %ld MB", MEM_TEXT_MAX / 1024 / 1024),
			  "git is not made for files of that size: divide it, or load the data by "
			  "other means");
}

struct error *error_wrap(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (!err)
		return NULL;
	va_start(ap, fmt);
	text = quote_vprintf(err, fmt, ap);
	va_end(ap);
	mem_append(&text, err, ": %s", err->message);
	err->message = text;
	return err;
}

struct error *error_hint(struct error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return NULL;
	va_start(ap, fmt);
	err->hint = quote_vprintf(err, fmt, ap);
	va_end(ap);
	return err;
}

struct error *error_add_hint(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (!err)
		return NULL;
	va_start(ap, fmt);
	text = quote_vprintf(err, fmt, ap);
	va_end(ap);
	return error_add_hint_lines(err, text);
}

struct error *error_add_hint_lines(struct error *err, const char *lines)
{
	if (err)
		mem_append(&err->hint, err, "%s%s", err->hint ? "\n" : "", lines);
	return err;
}

struct error *error_detail(struct error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return NULL;
	va_start(ap, fmt);
	err->detail = mem_check(talloc_vasprintf(err, fmt, ap));
	va_end(ap);
	return err;
}

struct error *error_recode(struct error *err, enum error_code code)
{
	if (err)
		err->code = code;
	return err;
}

void error_free(struct error *err)
{
	talloc_free(err);
}

static void print_lines(FILE *stream, const char *first, const char *prefix, const char *text)
{
	SCOPE(tmp, NULL);

	for (char **line = mem_split(tmp, text ? text : "", '\n'); *line; line++) {
		fprintf(stream, "%s%s\n", first, quote_lines(tmp, *line));
		first = prefix;
	}
}

void error_print_as(FILE *stream, const char *prefix, const struct error *err)
{
	print_lines(stream, prefix, "  ", err->message);
	print_lines(stream, "  ", "  ", err->detail);
	print_lines(stream, "hint: ", "hint: ", err->hint);
}

void error_print(FILE *stream, const struct error *err)
{
	error_print_as(stream, err->code == ERROR_NO ? "error: " : "fatal: ", err);
}
