/* A copy of a production database, to rehearse in. */
#include "rehearse/copy.h"

#include "base/log.h"
#include "base/path.h"
#include "build/model.h"
#include "build/scratch.h"
#include "deploy/backup.h"
#include "deploy/compare.h"
#include "deploy/hold.h"
#include "port/pgtool.h"
#include "project/export.h"
#include "run/database.h"
#include "run/record.h"

/* The roles that the releases need; those that the database has now are among them. */
static struct error *make_roles(struct dev_server *dev, const struct upgrade *u)
{
	SCOPE(tmp, NULL);
	const struct pending *pending = u->pending;
	struct error *err;
	struct conf *conf;

	if (pending->count == 0)
		return NULL;
	err = project_conf(&conf, tmp, u->project, pending->releases[pending->count - 1].commit);
	return err || !conf ? err : dev_server_make_roles(dev, conf);
}

/* The steps that are done of a release that is under way. */
static struct error *copy_steps(struct db *to, struct db *from)
{
	SCOPE(tmp, NULL);
	struct record_step *steps;
	struct error *err;
	size_t count;

	err = record_steps(&steps, &count, tmp, from);
	return err || count == 0 ? err : record_set_steps(to, steps, count);
}

static struct error *copy_setting(struct db *db, const char *name, const char *value)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = db_exec(db, "select pg_catalog.set_config($1, $2, false)", DB_ARGS(name, value));
	return err ? err
		   : db_exec_simple(db, mem_printf(tmp, "ALTER DATABASE %s SET %s FROM CURRENT",
						   db_ident(tmp, db, db_name(db)),
						   db_ident(tmp, db, name)));
}

/* Settings of the database; files may rely on its search_path. */
static struct error *copy_settings(const struct copy *copy, struct db *from)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;
	struct db *db;

	err = db_query(&rows, tmp, from,
		       "select split_part(line, '=', 1), substr(line, strpos(line, '=') + 1) "
		       "from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, "
		       "unnest(s.setconfig) line "
		       "where s.setrole = 0 and d.datname = current_database()",
		       DB_NO_ARGS);
	if (!err)
		err = dev_server_connect(&db, tmp, copy->dev, copy->name);
	for (int i = 0; !err && i < rows_count(rows); i++) {
		struct error *refused = copy_setting(db, rows_text(rows, i, 0),
						     rows_text(rows, i, 1));

		if (refused)
			warn("the copy lacks the setting %s of the database: %s",
			     rows_text(rows, i, 0), refused->message);
		error_free(refused);
	}
	return err;
}

/* On a server that is not that of the database, missing roles are made. */
static struct error *open_server(struct copy *copy, const struct upgrade *u, const char *on)
{
	struct error *err;

	err = dev_server_open_beside(&copy->dev, copy, u->project, on ? on : u->conninfo);
	copy->beside = !err && !on && !copy->dev->private_server;
	return err || copy->beside ? err : make_roles(copy->dev, u);
}

struct error *copy_schema(struct copy **out, void *ctx, struct upgrade *u, const char *on)
{
	SCOPE(tmp, ctx);
	struct copy *copy = mem_new(tmp, struct copy);
	struct scratch *scratch;
	struct compare *compare;
	struct model model = {0};
	struct error *err;

	progress("copying the schema of database '%s'", db_name(u->db));
	err = open_server(copy, u, on);
	if (!err)
		err = compare_open(&compare, tmp, u->project, u->db, u->conninfo);
	if (!err)
		err = record_dump(&model.metadata, tmp, u->db);
	if (err)
		return err;
	model.schema = compare->schema;
	model.data = mem_dup(tmp, "");
	err = scratch_load(&scratch, copy, copy->dev, compare->conf, &model);
	if (!err)
		err = copy_steps(scratch->db, u->db);
	copy->name = err ? NULL : scratch->name;
	if (!err)
		err = copy_settings(copy, u->db);
	progress("%s", "");
	if (err)
		return error_wrap(err, "cannot copy the schema of database '%s'", db_name(u->db));
	TALLOC_FREE(scratch->db);
	*out = talloc_steal(ctx, copy);
	return NULL;
}

static int drop(struct copy *copy)
{
	int suspended = signals_suspend();
	struct error *err = database_drop(copy->dev->db, copy->name);

	if (err) {
		warn("cannot drop database '%s': %s", copy->name, err->message);
		leftovers_keep(copy->dev->leftovers);
		error_free(err);
	}
	signals_resume(suspended);
	return 0;
}

static struct error *create(struct copy *copy)
{
	struct error *err = dev_server_new_name(&copy->name, copy, copy->dev, 's');

	if (!err)
		err = dev_server_note(copy->dev, copy->name);
	if (err)
		return err;
	talloc_set_destructor(copy, drop);
	return database_create(copy->dev->db, copy->name);
}

static struct error *dump(const struct upgrade *u, const char *path)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *snapshot;
	int timeout;

	err = hold_timeout(&timeout, u->project);
	if (!err)
		err = backup_begin(&snapshot, tmp, u->db);
	if (!err)
		err = pgtool_backup(tmp, u->db, path, snapshot, backup_jobs(), timeout);
	if (err)
		database_rollback(u->db);
	return err ? err : db_exec_simple(u->db, "COMMIT");
}

static struct error *load(struct copy *copy, const struct upgrade *u, const char *path,
			  const char *work)
{
	SCOPE(tmp, NULL);
	struct dev_server *dev = copy->dev;
	struct error *err;
	struct db *db;

	if (copy->beside)
		err = pgtool_restore(tmp, dev->db, copy->name, path, work, backup_jobs());
	else
		err = pgtool_load(tmp, dev->db, copy->name, path);
	if (!err)
		err = copy_settings(copy, u->db);
	if (!err)
		err = dev_server_connect(&db, tmp, dev, copy->name);
	if (!err)
		err = dev_server_mark(dev, db, RECORD_SCRATCH);
	return err ? err : db_exec_simple(db, "ANALYZE");
}

struct error *copy_data(struct copy **out, void *ctx, struct upgrade *u, const char *on)
{
	SCOPE(tmp, ctx);
	struct copy *copy = mem_new(tmp, struct copy);
	struct export *export;
	struct error *err;
	char *path;

	progress("copying database '%s'", db_name(u->db));
	err = open_server(copy, u, on);
	if (!err)
		err = create(copy);
	if (!err)
		err = export_open(&export, tmp, u->project);
	if (err)
		return err;
	path = path_join(tmp, export->dir, "dump");
	err = dump(u, path);
	if (!err)
		err = load(copy, u, path, export->dir);
	progress("%s", "");
	if (err)
		return error_wrap(err, "cannot copy database '%s'", db_name(u->db));
	*out = talloc_steal(ctx, copy);
	return NULL;
}
