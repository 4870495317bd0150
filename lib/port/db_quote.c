/* Names and values in SQL. */
#include "port/db.h"

#include <string.h>

#include "port/db_private.h"

/* libpq quotes valid UTF-8 only. Quoting other text byte by byte is safe: the server rejects it. */
static char *quote_bytes(void *ctx, const char *text, char quote)
{
	char *out = mem_array(ctx, char, 2 * strlen(text) + 3);
	char *to = out;

	*to++ = quote;
	for (; *text; text++) {
		if (*text == quote)
			*to++ = quote;
		*to++ = *text;
	}
	*to = quote;
	return out;
}

char *db_ident(void *ctx, struct db *db, const char *name)
{
	char *quoted = PQescapeIdentifier(db->conn, name, strlen(name));
	char *copy = quoted ? mem_dup(ctx, quoted) : quote_bytes(ctx, name, '"');

	PQfreemem(quoted);
	return copy;
}

char *db_literal(void *ctx, struct db *db, const char *text)
{
	char *quoted = PQescapeLiteral(db->conn, text, strlen(text));
	char *copy = quoted ? mem_dup(ctx, quoted) : quote_bytes(ctx, text, '\'');

	PQfreemem(quoted);
	return copy;
}
