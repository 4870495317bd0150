/* Template databases: found, published, copied, and cleaned away by age and count. */
#include "flow/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "base/log.h"
#include "flow/build_private.h"

#define HOUR 3600
#define DAY 86400
#define TEMPLATES 12     /* hop.templates when it is not set */
#define TEMPLATE_DAYS 14 /* hop.templateAge when it is not set */
#define MOST_DROPS 4     /* in one command: each runs on in the server when we are gone */

/* 24 digits of a key, so that every name is within PostgreSQL's 63 bytes. */
char *template_name(void *ctx, const struct workshop *w, const char *key)
{
	return mem_printf(ctx, "%st_%.24s", w->prefix, key);
}

char *spare_name(void *ctx, const struct workshop *w, const char *key)
{
	return mem_printf(ctx, "%sp_%.24s_0", w->prefix, key);
}

/* COMMENT ON DATABASE NAME: which template it is, and that it is of use now. */
static char *comment_sql(void *ctx, const struct workshop *w, const char *name, const char *key)
{
	SCOPE(tmp, ctx);
	char *comment = mem_printf(tmp, "git hop template %s of %s used %lld", key,
				   w->project->conf->id, (long long)time(NULL));

	return mem_printf(ctx, "COMMENT ON DATABASE %s IS %s", db_ident(tmp, w->db, name),
			  db_literal(tmp, w->db, comment));
}

/* The key in a comment of ours, and when it was last of use. */
static char *parse_comment(long long *used, void *ctx, const struct workshop *w,
			   const char *comment)
{
	char key[OID_LENGTH + 1], id[33];

	if (!comment || sscanf(comment, "git hop template %40[0-9a-f] of %32[0-9a-f] used %lld",
			       key, id, used) != 3)
		return NULL;
	return strcmp(id, w->project->conf->id) == 0 ? mem_dup(ctx, key) : NULL;
}

/* Where the development database that was replaced went, see build_swap.c. */
static bool is_replaced(const struct workshop *w, const char *comment)
{
	SCOPE(tmp, NULL);

	return comment && strcmp(comment, replaced_comment(tmp, w)) == 0;
}

struct error *shelf_read(struct shelf **out, void *ctx, struct workshop *w)
{
	SCOPE(tmp, ctx);
	struct shelf *shelf = mem_new(tmp, struct shelf);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, w->db,
		       "select datname, pg_catalog.shobj_description(oid, 'pg_database'), "
		       "datconnlimit = -2 from pg_catalog.pg_database "
		       "where starts_with(datname, $1) and pg_catalog.pg_has_role(datdba, 'USAGE')",
		       DB_ARGS(w->prefix));
	if (err)
		return error_wrap(err, "cannot list the databases of this project");
	shelf->workshop = w;
	shelf->items = mem_array(shelf, struct shelf_item, (size_t)rows_count(rows));
	for (int i = 0; i < rows_count(rows); i++) {
		struct shelf_item *item = &shelf->items[shelf->count++];

		item->name = mem_dup(shelf, rows_text(rows, i, 0));
		item->key = parse_comment(&item->used, shelf, w, rows_text(rows, i, 1));
		item->replaced = is_replaced(w, rows_text(rows, i, 1));
		item->broken = rows_true(rows, i, 2);
	}
	*out = talloc_steal(ctx, shelf);
	return NULL;
}

const struct shelf_item *shelf_find(const struct shelf *shelf, const char *name)
{
	for (size_t i = 0; i < shelf->count; i++) {
		if (strcmp(shelf->items[i].name, name) == 0 && !shelf->items[i].broken)
			return &shelf->items[i];
	}
	return NULL;
}

void shelf_touch(struct shelf *shelf, const char *key)
{
	SCOPE(tmp, shelf);
	struct workshop *w = shelf->workshop;
	char *name = template_name(tmp, w, key);
	const struct shelf_item *item = shelf_find(shelf, name);

	if (item && item->key && item->used < time(NULL) - HOUR)
		error_free(db_exec_simple(w->db, comment_sql(tmp, w, name, key)));
}

struct error *template_publish(struct workshop *w, const char *name, const char *key)
{
	SCOPE(tmp, w);
	char *from = db_ident(tmp, w->db, name);
	char *template = template_name(tmp, w, key);
	char *to = db_ident(tmp, w->db, template);
	struct error *err = fail_point("build.template");

	if (err)
		return err;
	/* One message, one transaction: under its name it is complete and marked as ours. */
	return db_exec_simple(w->db, mem_printf(tmp,
						"ALTER DATABASE %s RENAME TO %s;"
						"ALTER DATABASE %s ALLOW_CONNECTIONS false;"
						"%s",
						from, to, to, comment_sql(tmp, w, template, key)));
}

char *template_copy_sql(void *ctx, struct workshop *w, const char *name, const char *from)
{
	SCOPE(tmp, ctx);
	const char *strategy = "";

	/* Copying files means checkpoints, which cost nothing only where nothing waits for the
	 * disk. */
	if (db_server_version(w->db) >= 150000)
		strategy = w->private_server ? " STRATEGY file_copy" : " STRATEGY wal_log";
	return mem_printf(ctx, "CREATE DATABASE %s TEMPLATE %s%s", db_ident(tmp, w->db, name),
			  db_ident(tmp, w->db, from), strategy);
}

void workshop_send_and_leave(struct workshop *w, const char *sql)
{
	SCOPE(tmp, w);
	struct db *db;
	struct error *err = workshop_connect(&db, tmp, w, db_name(w->db));

	if (err)
		debug("%s", err->message);
	else
		db_send_and_leave(db, sql);
	error_free(err);
}

void build_prepare_spare(struct workshop *w, const struct build *b, size_t keep)
{
	SCOPE(tmp, w);
	struct shelf *shelf;
	struct error *err;
	char **keys, *spare, *template;

	if (!w->can_create || keep > b->count)
		return;
	err = build_keys(&keys, tmp, w, b);
	if (!err)
		err = shelf_read(&shelf, tmp, w);
	if (err) {
		debug("no spare database: %s", err->message);
		error_free(err);
		return;
	}
	spare = spare_name(tmp, w, keys[keep]);
	template = template_name(tmp, w, keys[keep]);
	if (!shelf_find(shelf, spare) && shelf_find(shelf, template))
		workshop_send_and_leave(w, template_copy_sql(tmp, w, spare, template));
}

static bool is_kind(const struct shelf *shelf, const struct shelf_item *item, const char *kind)
{
	size_t n = strlen(shelf->workshop->prefix);

	return strncmp(item->name + n, kind, strlen(kind)) == 0;
}

static bool wanted(const struct shelf *shelf, const struct shelf_item *item, char *const *keys)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < talloc_array_length(keys); i++) {
		if (strcmp(item->name, template_name(tmp, shelf->workshop, keys[i])) == 0)
			return true;
	}
	return false;
}

/* A spare bears the key of its template in its name. */
static bool has_template(const struct shelf *shelf, const struct shelf_item *spare)
{
	SCOPE(tmp, NULL);
	const char *key = spare->name + strlen(shelf->workshop->prefix) + 2;

	return shelf_find(shelf, template_name(tmp, shelf->workshop, key));
}

static int by_use(const void *a, const void *b)
{
	const struct shelf_item *ia = a, *ib = b;

	/* Templates last, the one used last at the very end. */
	if (!ia->key != !ib->key)
		return ia->key ? 1 : -1;
	return (ia->used > ib->used) - (ia->used < ib->used);
}

/* LEFT: this template and how many were used after it. */
static bool is_waste(const struct shelf *shelf, const struct shelf_item *item, size_t left,
		     int most, int days)
{
	if (item->broken || item->replaced)
		return true;
	if (item->key && is_kind(shelf, item, "t_"))
		return left > (size_t)most || item->used < time(NULL) - (long long)days * DAY;
	return is_kind(shelf, item, "p_") && !has_template(shelf, item);
}

static struct error *clean(size_t *drops, struct shelf *shelf, char *const *keys, bool look)
{
	SCOPE(tmp, shelf);
	struct workshop *w = shelf->workshop;
	int most, days;
	struct error *err = repo_config_number(&most, w->project->repo, "hop.templates", TEMPLATES);

	*drops = 0;
	if (!err)
		err = repo_config_number(&days, w->project->repo, "hop.templateAge", TEMPLATE_DAYS);
	if (err)
		return err;
	/* When it was of use is written down once an hour only; what is of use now goes last. */
	for (size_t i = 0; i < shelf->count; i++) {
		if (wanted(shelf, &shelf->items[i], keys))
			shelf->items[i].used = time(NULL) + 1;
	}
	qsort(shelf->items, shelf->count, sizeof(*shelf->items), by_use);
	for (size_t i = 0; i < shelf->count && *drops < MOST_DROPS; i++) {
		struct shelf_item *item = &shelf->items[i];

		if (wanted(shelf, item, keys) ||
		    !is_waste(shelf, item, shelf->count - i, most, days))
			continue;
		(*drops)++;
		if (look)
			continue;
		debug("dropping the database '%s'", item->name);
		workshop_send_and_leave(w,
					mem_printf(tmp, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
						   db_ident(tmp, w->db, item->name)));
	}
	return NULL;
}

void shelf_clean(struct shelf *shelf, char *const *keys)
{
	size_t drops;
	struct error *err = clean(&drops, shelf, keys, false);

	if (err)
		warn("%s", err->message);
	error_free(err);
}

struct error *build_tidy(size_t *count, struct workshop *w, bool look)
{
	SCOPE(tmp, w);
	struct shelf *shelf;
	struct error *err = shelf_read(&shelf, tmp, w);

	return err ? err : clean(count, shelf, mem_array(tmp, char *, 0), look);
}
