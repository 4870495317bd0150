/* Makes scratch databases from spares and templates. */
#include "build/scratch.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "build/build_private.h"
#include "build/model.h"
#include "build/templates.h"
#include "run/database.h"

/* Did another command drop, rename or copy the database at the same time? */
static bool lost_race(const struct error *err)
{
	return db_error_is(err, "3D000") || db_error_is(err, "55006");
}

/*
 * Waits for a spare that is still being made: making another copy would take as long, and slow down
 * both.
 */
static struct error *await_spare(bool *there, struct dev_server *dev, const char *spare,
				 const char *template)
{
	SCOPE(tmp, dev);
	char *copy = template_copy_sql(tmp, dev, spare, template);
	bool coming = true;

	*there = false;
	while (coming) {
		struct rows *rows;
		struct error *err;

		err = db_query(&rows, tmp, dev->db,
			       "select exists (select from pg_catalog.pg_stat_activity "
			       "where state = 'active' and query = $1), "
			       "exists (select from pg_catalog.pg_database where datname = $2 "
			       "and pg_catalog.pg_get_userbyid(datdba) = current_user)",
			       DB_ARGS(copy, spare));
		if (err)
			return err;
		coming = rows_true(rows, 0, 0);
		*there = rows_true(rows, 0, 1);
		if (coming)
			usleep(5000);
	}
	return NULL;
}

/*
 * Runs SQL that concerns databases shared with other commands: *DONE is false if another command
 * was faster.
 */
static struct error *try(bool *done, struct dev_server *dev, const char *sql)
{
	struct error *err = db_exec_simple(dev->db, sql);

	*done = !err;
	if (!lost_race(err))
		return err;
	error_free(err);
	return NULL;
}

/* Copies settings and the like from the template, which may have been dropped in the meantime. */
static struct error *set_up(bool *taken, struct scratch *s, const struct template_item *template)
{
	struct error *err;

	if (template->bare)
		return NULL;
	err = model_apply_database(taken, s->dev->db, template->name, s->name);

	return err || *taken ? err : database_drop(s->dev->db, s->name);
}

struct error *scratch_take(bool *taken, struct scratch *s, struct templates *templates,
			   const char *key)
{
	SCOPE(tmp, s);
	struct dev_server *dev = s->dev;
	char *spare = template_spare_name(tmp, dev, key);
	bool has_spare = templates_find_spare(templates, key);
	const struct template_item *template = templates_find(templates, key);
	struct error *err = NULL;

	*taken = false;
	if (!has_spare && template)
		err = await_spare(&has_spare, dev, spare, template->name);
	/* What a copy lacks is read from the template. */
	if (!err && has_spare && template)
		err = try(taken, dev, database_rename_sql(tmp, dev->db, spare, s->name));
	if (!err && !*taken && template)
		err = try(taken, dev, template_copy_sql(tmp, dev, s->name, template->name));
	if (!err && *taken)
		err = set_up(taken, s, template);
	if (!err && *taken) {
		s->asked = true;
		s->plain = template->plain;
		templates_touch(templates, key);
	}
	return err ? err : fail_point("scratch.taken");
}

void build_prepare_spare(struct dev_server *dev, const struct build *b, size_t keep)
{
	SCOPE(tmp, dev);
	const struct conf *conf;
	struct error *err;
	char **keys;

	if (!dev->can_create || keep > b->count)
		return;
	err = build_conf(&conf, tmp, dev, b);
	if (!err)
		err = build_keys(&keys, tmp, dev, conf, b);
	if (err)
		debug("cannot create a spare database: %s", err->message);
	else
		template_prepare_spare(dev, keys[keep]);
	error_free(err);
}
