/* The names that PostgreSQL gives to a table that occurs more than once in a view. */
#include "core/alias.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "core/lex.h"

/* tree_1 */
static bool is_numbered(const struct lex *lex, const struct token *t)
{
	const char *text = lex->text + t->start;
	size_t n = t->length;

	if (t->kind != LEX_WORD)
		return false;
	while (n > 0 && isdigit((unsigned char)text[n - 1]))
		n--;
	return n > 1 && n < t->length && text[n - 1] == '_';
}

/* Whether T can be the name of a table that an alias follows, and not the keyword before one. */
static bool is_table(const struct lex *lex, const struct token *t)
{
	static const char *const keywords[] = {"FROM",   "JOIN",     "AS",      "SELECT", "ON",
					       "AND",    "OR",       "NOT",     "WHERE",  "BY",
					       "USING",  "IN",       "THEN",    "ELSE",   "WHEN",
					       "CASE",   "LIMIT",    "ONLY",    "HAVING", "LATERAL",
					       "OFFSET", "DISTINCT", "BETWEEN", "IS"};

	if (t->kind == LEX_QUOTED)
		return lex->text[t->start] == '"';
	if (t->kind != LEX_WORD)
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (lex_is(lex, t, keywords[i]))
			return false;
	}
	return true;
}

/* The aliases of the text, in the order in which they come first. */
static char **read_aliases(void *ctx, const char *view)
{
	char **list = mem_array(ctx, char *, 1);
	struct token t, before = {.kind = LEX_END};
	struct lex lex;

	lex_open(&lex, view, strlen(view));
	for (t = lex_next(&lex); t.kind != LEX_END && t.kind != LEX_UNTERMINATED;
	     before = t, t = lex_next(&lex)) {
		if (is_numbered(&lex, &t) && is_table(&lex, &before))
			mem_list_add(&list, ctx, mem_dup_n(list, view + t.start, t.length));
	}
	return list;
}

char *alias_hide(void *ctx, const char *view)
{
	SCOPE(tmp, ctx);
	char **aliases = read_aliases(tmp, view), *out = mem_dup(ctx, "");
	struct token t;
	struct lex lex;
	size_t done = 0;

	lex_open(&lex, view, strlen(view));
	for (t = lex_next(&lex); t.kind != LEX_END && t.kind != LEX_UNTERMINATED;
	     t = lex_next(&lex)) {
		for (size_t i = 0; is_numbered(&lex, &t) && aliases[i]; i++) {
			if (strlen(aliases[i]) != t.length ||
			    memcmp(aliases[i], view + t.start, t.length) != 0)
				continue;
			mem_append(&out, ctx, "%.*s alias %zu ", (int)(t.start - done), view + done,
				   i);
			done = t.start + t.length;
			break;
		}
	}
	mem_append(&out, ctx, "%s", view + done);
	return out;
}
