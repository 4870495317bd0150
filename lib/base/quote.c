/* Text of others, made harmless. */
#include "base/quote.h"

#include <string.h>
#include <sys/types.h>

#include "base/utf8.h"

/* The character at *TEXT; false when it must not be shown. Moves *TEXT behind it. */
static bool take(const char **text)
{
	const char *begin = *text;
	int c = utf8_next(text);

	/* A replacement character may also stand in the text itself. */
	return c != UTF8_REPLACEMENT || strncmp(begin, "\uFFFD", strlen("\uFFFD")) == 0;
}

static void escape(char **out, const void *ctx, const char *from, const char *to)
{
	static const char letters[] = "abtnvfr";

	for (; from < to; from++) {
		unsigned char byte = (unsigned char)*from;

		if (byte >= '\a' && byte <= '\r')
			mem_append(out, ctx, "\\%c", letters[byte - '\a']);
		else
			mem_append(out, ctx, "\\%03o", (unsigned)byte);
	}
}

/* SPECIAL: more characters that are escaped; KEPT: those that are not, though they are control. */
static char *escaped(const void *ctx, const char *text, const char *special, const char *kept)
{
	char *out = mem_dup(ctx, "");

	while (*text) {
		const char *begin = text;
		bool shown = take(&text);

		if (*begin == '\n' || *begin == '\t')
			shown = strchr(kept, *begin) != NULL;
		if (!shown)
			escape(&out, ctx, begin, text);
		else if (strchr(special, *begin))
			mem_append(&out, ctx, "\\%c", *begin);
		else
			out = mem_check(
				talloc_strndup_append_buffer(out, begin, (size_t)(text - begin)));
	}
	return out;
}

static bool is_plain(const char *text)
{
	while (*text) {
		if (*text == '\n' || !take(&text))
			return false;
	}
	return true;
}

char *quote_name(const void *ctx, const char *text)
{
	if (is_plain(text))
		return mem_dup(ctx, text);
	return mem_printf(ctx, "\"%s\"", escaped(ctx, text, "\"\\", ""));
}

char *quote_field(const void *ctx, const char *text)
{
	if (is_plain(text) && !strpbrk(text, "\t\"\\") && strcmp(text, "-") != 0)
		return mem_dup(ctx, text);
	return mem_printf(ctx, "\"%s\"", escaped(ctx, text, "\"\\", ""));
}

char *quote_lines(const void *ctx, const char *text)
{
	return escaped(ctx, text, "", "\n\t");
}

struct conversion {
	bool left, zero;
	int width;
	int precision; /* -1: none */
	int longs;     /* 0: int, 1: long or size_t, 2: long long */
	char kind;
};

static int take_count(const char **fmt, va_list *ap)
{
	int n = 0;

	if (**fmt == '*') {
		++*fmt;
		return va_arg(*ap, int);
	}
	for (; **fmt >= '0' && **fmt <= '9'; ++*fmt)
		n = n * 10 + (**fmt - '0');
	return n;
}

/* *FMT is behind the percent sign. */
static struct conversion take_conversion(const char **fmt, va_list *ap)
{
	struct conversion c = {.precision = -1};

	for (; **fmt == '-' || **fmt == '0'; ++*fmt) {
		c.left |= **fmt == '-';
		c.zero |= **fmt == '0';
	}
	c.width = take_count(fmt, ap);
	if (c.width < 0) {
		c.left = true;
		c.width = -c.width;
	}
	if (**fmt == '.') {
		++*fmt;
		c.precision = take_count(fmt, ap);
	}
	for (; **fmt == 'l' || **fmt == 'z'; ++*fmt)
		c.longs++;
	c.kind = **fmt;
	if (**fmt)
		++*fmt;
	return c;
}

static long long take_signed(const struct conversion *c, va_list *ap)
{
	if (c->longs == 0)
		return va_arg(*ap, int);
	return c->longs == 1 ? va_arg(*ap, long) : va_arg(*ap, long long);
}

static unsigned long long take_unsigned(const struct conversion *c, va_list *ap)
{
	if (c->longs == 0)
		return va_arg(*ap, unsigned);
	return c->longs == 1 ? va_arg(*ap, unsigned long) : va_arg(*ap, unsigned long long);
}

/* At most LENGTH bytes of TEXT, and no part of a character at the end. */
static char *cut(const void *ctx, const char *text, size_t length)
{
	size_t n = strnlen(text, length);

	for (size_t i = 1; n == length && i < 4 && i <= n; i++) {
		if ((unsigned char)text[n - i] < 0xc0)
			continue;
		if (utf8_length(text + n - i, i) == 0)
			n -= i;
		break;
	}
	return mem_dup_n(ctx, text, n);
}

static char *take_text(const void *ctx, const struct conversion *c, va_list *ap)
{
	const char *text = va_arg(*ap, const char *);

	if (!text)
		return mem_dup(ctx, "(null)");
	if (c->precision < 0)
		return quote_name(ctx, text);
	return quote_name(ctx, cut(ctx, text, (size_t)c->precision));
}

static char *convert(const void *ctx, const struct conversion *c, va_list *ap)
{
	switch (c->kind) {
	case 'd':
	case 'i':
		return mem_printf(ctx, "%lld", take_signed(c, ap));
	case 'u':
		return mem_printf(ctx, "%llu", take_unsigned(c, ap));
	case 'x':
		return mem_printf(ctx, "%llx", take_unsigned(c, ap));
	case 'o':
		return mem_printf(ctx, "%llo", take_unsigned(c, ap));
	case 'f':
		return mem_printf(ctx, "%.*f", c->precision < 0 ? 6 : c->precision,
				  va_arg(*ap, double));
	case 'c':
		return quote_name(ctx, (char[]){(char)va_arg(*ap, int), '\0'});
	case 's':
		return take_text(ctx, c, ap);
	default:
		return mem_dup(ctx, "%");
	}
}

char *quote_vprintf(const void *ctx, const char *fmt, va_list args)
{
	SCOPE(tmp, NULL);
	char *out = mem_dup(ctx, "");
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		size_t n = strcspn(fmt, "%"), length;
		struct conversion c;
		char *text;
		int pad;

		out = mem_check(talloc_strndup_append_buffer(out, fmt, n));
		fmt += n;
		if (!*fmt)
			break;
		fmt++;
		c = take_conversion(&fmt, &ap);
		text = convert(tmp, &c, &ap);
		length = strlen(text);
		pad = (size_t)c.width > length ? c.width - (int)length : 0;
		for (int i = 0; i < pad && !c.left; i++)
			mem_append(&out, ctx, "%c", c.zero ? '0' : ' ');
		mem_append(&out, ctx, "%s", text);
		for (int i = 0; i < pad && c.left; i++)
			mem_append(&out, ctx, " ");
	}
	va_end(ap);
	return out;
}

char *quote_printf(const void *ctx, const char *fmt, ...)
{
	va_list ap;
	char *out;

	va_start(ap, fmt);
	out = quote_vprintf(ctx, fmt, ap);
	va_end(ap);
	return out;
}
