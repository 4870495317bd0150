/* Who holds the locks that others wait for. */
#include "run/in_the_way.h"

#include "sql/sql.h"

static void add(char **text, const char *before, const char *value)
{
	if (value)
		mem_append(text, NULL, "%s%s", before, value);
}

static char *describe(void *ctx, const struct rows *rows, int row)
{
	const char *state = rows_text(rows, row, 4);
	char *text;

	if (rows_number(rows, row, 0) == 0)
		return mem_dup(ctx, "a prepared transaction, see pg_prepared_xacts");
	text = mem_printf(ctx, "process %lld", rows_number(rows, row, 0));
	add(&text, ", role ", rows_text(rows, row, 2));
	add(&text, ", ", rows_text(rows, row, 3));
	add(&text, ", has locked ", rows_text(rows, row, 1));
	add(&text, ", ", state);
	add(&text, state ? " since " : ", since ", rows_text(rows, row, 5));
	add(&text, ": ", rows_text(rows, row, 6));
	return text;
}

struct error *in_the_way(char ***out, void *ctx, struct db *db, int pid)
{
	SCOPE(tmp, ctx);
	char **list = mem_array(ctx, char *, 1);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db, sql_in_the_way, DB_ARGS(mem_printf(tmp, "%d", pid)));
	if (err)
		return error_wrap(err, "cannot find out which sessions hold locks");
	for (int i = 0; i < rows_count(rows); i++)
		mem_list_add(&list, ctx, describe(ctx, rows, i));
	*out = list;
	return NULL;
}
