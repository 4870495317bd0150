/* Finds, publishes and copies template databases, and drops them by age and count. */
#include "build/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "base/log.h"
#include "build/model.h"
#include "run/database.h"

#define HOUR 3600
#define DAY 86400
#define TEMPLATES 12     /* default of hop.templates */
#define TEMPLATE_DAYS 14 /* default of hop.templateAge */
#define MOST_DROPS 4     /* per command: each continues in the server after we exit */

/* Uses 24 digits of the key, so that names have at most 63 bytes. */
static char *template_name(void *ctx, const struct dev_server *dev, const char *key)
{
	return mem_printf(ctx, "%st_%.24s", dev->prefix, key);
}

char *template_spare_name(void *ctx, const struct dev_server *dev, const char *key)
{
	return mem_printf(ctx, "%sp_%.24s_0", dev->prefix, key);
}

/*
 * COMMENT ON DATABASE NAME: its key, the time of last use and whether it is plain, followed by the
 * users' own comment on the database, which is still named NOW: copies get that back.
 */
static char *comment_sql(void *ctx, const struct dev_server *dev, const char *name, const char *now,
			 const char *key, bool plain)
{
	SCOPE(tmp, ctx);
	const char *users = NULL;
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, dev->db,
				     "select pg_catalog.shobj_description(oid, 'pg_database') "
				     "from pg_catalog.pg_database where datname = $1",
				     DB_ARGS(now));

	if (!err && rows_count(rows) > 0 && rows_text(rows, 0, 0))
		users = model_comment_of(rows_text(rows, 0, 0));
	error_free(err);
	return database_comment_sql(ctx, dev->db, name,
				    mem_printf(tmp, "git hop template %s of %s used %lld%s%s%s",
					       key, dev->project->conf->id, (long long)time(NULL),
					       plain ? " plain" : "", users ? "\n" : "",
					       users ? users : ""));
}

/* Reads one of our comments. */
static void parse_comment(struct template_item *item, void *ctx, const struct dev_server *dev,
			  const char *comment)
{
	char key[OID_LENGTH + 1], id[33];
	int end = 0;

	if (!comment ||
	    sscanf(comment, "git hop template %40[0-9a-f] of %32[0-9a-f] used %lld%n", key, id,
		   &item->used, &end) != 3 ||
	    strcmp(id, dev->project->conf->id) != 0)
		return;
	item->key = mem_dup(ctx, key);
	item->plain = strncmp(comment + end, " plain", strlen(" plain")) == 0;
	item->bare = item->bare && !strchr(comment, '\n');
}

char *template_replaced_comment(void *ctx, const struct dev_server *dev)
{
	return mem_printf(ctx, "git hop replaced of %s", dev->project->conf->id);
}

static bool is_replaced(const struct dev_server *dev, const char *comment)
{
	SCOPE(tmp, NULL);

	return comment && strcmp(comment, template_replaced_comment(tmp, dev)) == 0;
}

struct error *templates_read(struct templates **out, void *ctx, struct dev_server *dev)
{
	SCOPE(tmp, ctx);
	struct templates *templates = mem_new(tmp, struct templates);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, dev->db,
		       "select datname, pg_catalog.shobj_description(oid, 'pg_database'), "
		       "datconnlimit = -2, pg_catalog.pg_get_userbyid(datdba) = current_user, "
		       "datacl is null and not exists (select from "
		       "pg_catalog.pg_db_role_setting where setdatabase = d.oid) "
		       "from pg_catalog.pg_database d "
		       "where starts_with(datname, $1) and pg_catalog.pg_has_role(datdba, 'USAGE')",
		       DB_ARGS(dev->prefix));
	if (err)
		return error_wrap(err, "cannot list the databases of this project");
	templates->dev = dev;
	templates->items = mem_array(templates, struct template_item, (size_t)rows_count(rows));
	for (int i = 0; i < rows_count(rows); i++) {
		struct template_item *item = &templates->items[templates->count++];

		item->name = mem_dup(templates, rows_text(rows, i, 0));
		item->bare = rows_true(rows, i, 4);
		parse_comment(item, templates, dev, rows_text(rows, i, 1));
		item->replaced = is_replaced(dev, rows_text(rows, i, 1));
		item->broken = rows_true(rows, i, 2);
		item->own = rows_true(rows, i, 3);
	}
	*out = talloc_steal(ctx, templates);
	return NULL;
}

static const struct template_item *find_name(const struct templates *templates, const char *name)
{
	for (size_t i = 0; i < templates->count; i++) {
		const struct template_item *item = &templates->items[i];

		if (strcmp(item->name, name) == 0 && !item->broken && item->own)
			return item;
	}
	return NULL;
}

/* Its comment must contain the key; its name is not enough. */
const struct template_item *templates_find(const struct templates *templates, const char *key)
{
	SCOPE(tmp, NULL);
	const struct template_item *item = find_name(templates,
						     template_name(tmp, templates->dev, key));

	return item && item->key && strcmp(item->key, key) == 0 ? item : NULL;
}

const char *templates_find_spare(const struct templates *templates, const char *key)
{
	SCOPE(tmp, NULL);
	const struct template_item *item = find_name(templates,
						     template_spare_name(tmp, templates->dev, key));

	return item ? item->name : NULL;
}

void templates_touch(struct templates *templates, const char *key)
{
	SCOPE(tmp, templates);
	struct dev_server *dev = templates->dev;
	const struct template_item *item = templates_find(templates, key);

	if (item && item->used < time(NULL) - HOUR)
		error_free(db_exec_simple(dev->db, comment_sql(tmp, dev, item->name, item->name,
							       key, item->plain)));
}

struct error *template_publish(struct dev_server *dev, const char *name, const char *key,
			       bool plain)
{
	SCOPE(tmp, dev);
	char *template = template_name(tmp, dev, key);
	struct error *err = fail_point("build.template");

	if (err)
		return err;
	/* One message is one transaction: when it has its name, it is complete and marked. */
	return db_exec_simple(dev->db,
			      mem_printf(tmp, "%s; %s; %s",
					 database_rename_sql(tmp, dev->db, name, template),
					 database_allow_sql(tmp, dev->db, template, false),
					 comment_sql(tmp, dev, template, name, key, plain)));
}

char *template_copy_sql(void *ctx, struct dev_server *dev, const char *name, const char *from)
{
	/* The private server does not wait for the disk. */
	return database_copy_sql(ctx, dev->db, name, from, !dev->private_server);
}

void template_prepare_spare(struct dev_server *dev, const char *key)
{
	SCOPE(tmp, dev);
	struct templates *templates;
	struct error *err = templates_read(&templates, tmp, dev);
	const struct template_item *template;

	if (err) {
		debug("cannot create a spare database: %s", err->message);
		error_free(err);
		return;
	}
	template = templates_find(templates, key);
	if (template && !templates_find_spare(templates, key))
		dev_server_send_and_leave(dev, template_copy_sql(tmp, dev,
								 template_spare_name(tmp, dev, key),
								 template->name));
}

static bool is_kind(const struct templates *templates, const struct template_item *item,
		    const char *kind)
{
	size_t n = strlen(templates->dev->prefix);

	return strncmp(item->name + n, kind, strlen(kind)) == 0;
}

static bool wanted(const struct templates *templates, const struct template_item *item,
		   char *const *keys)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < talloc_array_length(keys); i++) {
		if (strcmp(item->name, template_name(tmp, templates->dev, keys[i])) == 0)
			return true;
	}
	return false;
}

/* Does the template of this spare exist? Its key is in the name of the spare. */
static bool has_template(const struct templates *templates, const struct template_item *spare)
{
	SCOPE(tmp, NULL);
	const char *key = spare->name + strlen(templates->dev->prefix) + 2;

	return find_name(templates, template_name(tmp, templates->dev, key));
}

static int by_use(const void *a, const void *b)
{
	const struct template_item *ia = a, *ib = b;

	/* Sorts templates last, by the time of last use. */
	if (!ia->key != !ib->key)
		return ia->key ? 1 : -1;
	return (ia->used > ib->used) - (ia->used < ib->used);
}

/* LEFT: the number of templates from this one on. */
static bool is_waste(const struct templates *templates, const struct template_item *item,
		     size_t left, int most, int days)
{
	if (item->broken || item->replaced)
		return true;
	if (item->key && is_kind(templates, item, "t_"))
		return left > (size_t)most || item->used < time(NULL) - (long long)days * DAY;
	return is_kind(templates, item, "p_") && !has_template(templates, item);
}

static struct error *clean(size_t *drops, struct templates *templates, char *const *keys, bool look)
{
	SCOPE(tmp, templates);
	struct dev_server *dev = templates->dev;
	int most, days;
	struct error *err = repo_config_number(&most, dev->project->repo, "hop.templates",
					       TEMPLATES);

	*drops = 0;
	if (!err)
		err = repo_config_number(&days, dev->project->repo, "hop.templateAge",
					 TEMPLATE_DAYS);
	if (err)
		return err;
	/* The time of use is recorded only once per hour, so sort what is in use now last. */
	for (size_t i = 0; i < templates->count; i++) {
		if (wanted(templates, &templates->items[i], keys))
			templates->items[i].used = time(NULL) + 1;
	}
	qsort(templates->items, templates->count, sizeof(*templates->items), by_use);
	for (size_t i = 0; i < templates->count && *drops < MOST_DROPS; i++) {
		struct template_item *item = &templates->items[i];

		if (wanted(templates, item, keys) ||
		    !is_waste(templates, item, templates->count - i, most, days))
			continue;
		(*drops)++;
		if (look)
			continue;
		debug("dropping database '%s'", item->name);
		dev_server_send_and_leave(dev, database_drop_sql(tmp, dev->db, item->name));
	}
	return NULL;
}

void templates_clean(struct templates *templates, char *const *keys)
{
	size_t drops;
	struct error *err = clean(&drops, templates, keys, false);

	if (err)
		warn("%s", err->message);
	error_free(err);
}

struct error *templates_tidy(size_t *count, struct dev_server *dev, bool look)
{
	SCOPE(tmp, dev);
	struct templates *templates;
	struct error *err = templates_read(&templates, tmp, dev);

	return err ? err : clean(count, templates, mem_array(tmp, char *, 0), look);
}
