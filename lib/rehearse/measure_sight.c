/* What can be seen of relations, inside of a transaction and from outside. */
#include "rehearse/measure.h"

#include <stdlib.h>
#include <string.h>

#include "rehearse/measure_private.h"
#include "sql/sql.h"

static struct sight read_sight(const char *line)
{
	struct sight s = {0};
	char *end;

	s.oid = (unsigned int)strtoul(line, &end, 10);
	s.kind = end[1];
	s.parent = (unsigned int)strtoul(end + 2, &end, 10);
	s.filenode = (unsigned int)strtoul(end, &end, 10);
	s.tablespace = (unsigned int)strtoul(end, &end, 10);
	s.mode = (enum lock_mode)strtoul(end, &end, 10);
	s.scans = strtoll(end, &end, 10);
	s.inserted = strtoll(end, &end, 10);
	s.updated = strtoll(end, &end, 10);
	s.deleted = strtoll(end, &end, 10);
	return s;
}

/*
 * What the statements set, and the locks that they take, is undone at once: the file goes on in the
 * session as it left it.
 */
struct error *measure_ask(struct rows **out, void *ctx, struct db *db, const char *query)
{
	struct db_script_error where;
	struct error *err;

	err = db_run_text(&where, ctx, db,
			  mem_printf(ctx,
				     "SAVEPOINT \"git hop\"; "
				     "SET LOCAL search_path = pg_catalog, pg_temp; %s; "
				     "ROLLBACK TO SAVEPOINT \"git hop\"; "
				     "RELEASE SAVEPOINT \"git hop\"",
				     query),
			  NULL, 0);
	if (!err && !where.last)
		err = error_new(ERROR_FAIL, "the server does not report its locks");
	*out = where.last;
	return error_wrap(err, "cannot measure");
}

/* The lines of the only value that QUERY returns; *LINES is empty for NULL. */
static struct error *ask(char ***lines, void *ctx, struct db *db, const char *query)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err = measure_ask(&rows, tmp, db, query);
	const char *text;

	if (err)
		return err;
	text = rows_text(rows, 0, 0);
	*lines = mem_split(ctx, text ? text : "", '\n');
	return NULL;
}

static void read_sights(struct look *out, void *ctx, char *const *lines)
{
	out->sights = mem_array(ctx, struct sight, mem_list_length(lines));
	out->count = 0;
	for (; *lines; lines++)
		out->sights[out->count++] = read_sight(*lines);
}

struct error *measure_look(struct look *out, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	char **lines;
	struct error *err = ask(&lines, tmp, db, sql_rehearse_look);

	if (err)
		return err;
	out->catalog = *lines ? strtoll(*lines, NULL, 10) : 0;
	read_sights(out, ctx, *lines ? lines + 1 : lines);
	return NULL;
}

struct error *measure_counters(struct look *out, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	char **lines;
	struct error *err = ask(&lines, tmp, db, sql_rehearse_counters);

	if (!err)
		read_sights(out, ctx, lines);
	return err;
}

struct error *measure_map(struct relation **out, size_t *count, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct relation *list;
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_rehearse_before, DB_NO_ARGS);

	if (err)
		return error_wrap(err, "cannot list the tables");
	*count = (size_t)rows_count(rows);
	list = mem_array(ctx, struct relation, *count);
	for (int i = 0; i < rows_count(rows); i++)
		list[i] = (struct relation){
			.oid = (unsigned int)rows_number(rows, i, 0),
			.kind = *rows_text(rows, i, 1),
			.name = mem_dup(list, rows_text(rows, i, 2)),
			.parent = (unsigned int)rows_number(rows, i, 3),
			.filenode = (unsigned int)rows_number(rows, i, 4),
			.tablespace = (unsigned int)rows_number(rows, i, 5),
		};
	*out = list;
	return NULL;
}

struct relation *measure_find(struct relation *list, size_t count, unsigned int oid)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].oid == oid)
			return &list[middle];
		if (list[middle].oid < oid)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
