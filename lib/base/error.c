/* Errors as values. */
#include "base/error.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

__attribute__((format(printf, 2, 0))) static char *format(const void *ctx, const char *fmt,
							  va_list ap)
{
	return mem_check(talloc_vasprintf(ctx, fmt, ap));
}

struct error *error_new(enum error_code code, const char *fmt, ...)
{
	struct error *err = mem_new(NULL, struct error);
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	err->message = format(err, fmt, ap);
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
	err->message = format(err, fmt, ap);
	va_end(ap);
	mem_append(&err->message, err, ": %s", strerror(saved));
	return err;
}

struct error *error_wrap(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (!err)
		return NULL;
	va_start(ap, fmt);
	text = format(err, fmt, ap);
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
	err->hint = format(err, fmt, ap);
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
	text = format(err, fmt, ap);
	va_end(ap);
	if (err->hint)
		mem_append(&err->hint, err, "\n%s", text);
	else
		err->hint = text;
	return err;
}

struct error *error_detail(struct error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return NULL;
	va_start(ap, fmt);
	err->detail = format(err, fmt, ap);
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

/* A name or what a server said is not to drive the terminal. */
static void print_lines(FILE *stream, const char *first, const char *prefix, const char *text)
{
	while (text && *text) {
		fputs(first, stream);
		for (; *text && *text != '\n'; text++)
			putc(iscntrl((unsigned char)*text) && *text != '\t' ? '?' : *text, stream);
		putc('\n', stream);
		text += *text == '\n';
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
