/* Reads text that may contain invalid UTF-8. */
#include "base/utf8.h"

#include <stdbool.h>

size_t utf8_length(const char *text, size_t left)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (n == 0 || p[0] > 0xf4 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	/* Overlong forms, surrogates, and code points above U+10FFFF. */
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static bool is_text(int c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n';
	if (c >= 0x7F && c < 0xA0)
		return false;
	if (c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
	    (c >= 0x2066 && c <= 0x2069))
		return false;
	/* Tags (U+E0000) show nothing, whatever they spell. */
	return (c & 0xFFFE) != 0xFFFE && c != 0xFEFF && (c < 0xE0000 || c > 0xE007F);
}

int utf8_next(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	size_t n;
	int c;

	if (*p == 0)
		return 0;
	/* A character does not contain the final NUL, so this does not read beyond it. */
	n = utf8_length(*text, 4);
	*text += n ? n : 1;
	if (n == 0)
		return UTF8_REPLACEMENT;
	c = n == 1 ? *p : *p & (0xFF >> (n + 1));
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3F);
	return is_text(c) ? c : UTF8_REPLACEMENT;
}
