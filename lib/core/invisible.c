/* Characters that cannot be seen, and that PostgreSQL takes for parts of a name. */
#include "core/invisible.h"

#include <stdio.h>

#include "core/lex.h"

static const struct {
	unsigned first, last;
	const char *name;
} blanks[] = {
	{0x00a0, 0x00a0, "no-break space"},         {0x00ad, 0x00ad, "soft hyphen"},
	{0x2000, 0x200a, "space of a fixed width"}, {0x200b, 0x200b, "zero width space"},
	{0x200c, 0x200d, "zero width joiner"},      {0x200e, 0x200f, "direction mark"},
	{0x2028, 0x2029, "line separator"},         {0x202f, 0x202f, "narrow no-break space"},
	{0x205f, 0x205f, "mathematical space"},     {0x2060, 0x2060, "word joiner"},
	{0x3000, 0x3000, "ideographic space"},      {0xfeff, 0xfeff, "byte order mark"},
};

/* The character at TEXT, which is UTF-8; 0 if it is not one of two or three bytes. */
static unsigned decode(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	if ((c[0] & 0xe0) == 0xc0)
		return (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu);
	if ((c[0] & 0xf0) == 0xe0)
		return (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
	return 0;
}

static bool find_in_word(struct invisible *out, const char *text, const struct token *word)
{
	for (size_t i = word->start; i < word->start + word->length; i++) {
		unsigned code = decode(text + i);

		for (size_t k = 0; k < sizeof(blanks) / sizeof(*blanks); k++) {
			if (code < blanks[k].first || code > blanks[k].last)
				continue;
			*out = (struct invisible){.name = blanks[k].name, .offset = i};
			snprintf(out->code, sizeof(out->code), "U+%04X", code & 0xffff);
			return true;
		}
	}
	return false;
}

bool invisible_find(struct invisible *out, const struct script *s, size_t n)
{
	const struct script_statement *st = &s->statements[n];
	struct lex lex = {.text = s->text, .length = st->start + st->length, .pos = st->start};

	for (;;) {
		struct token token = lex_next(&lex);

		if (token.kind == LEX_END || token.kind == LEX_UNTERMINATED)
			return false;
		if (token.kind == LEX_WORD && find_in_word(out, s->text, &token))
			return true;
	}
}
