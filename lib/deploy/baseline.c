/* Makes an existing database version 0.0.0 of a new project. */
#include "deploy/baseline.h"

#include <config.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/opt.h"
#include "build/dev_server.h"
#include "run/record.h"
#include "run/target.h"
#include "port/pgtool.h"
#include "port/server.h"

#define FIRST "0.0.0"

static struct error *refuse_known(const struct record_state *state, const struct db *db)
{
	struct error *err;

	if (!state->present)
		return NULL;
	err = error_new(ERROR_NO, "database '%s' already belongs to project '%s'", db_name(db),
			state->identity.name);
	return error_hint(
		err, "to clone that project: git hop clone; a new project starts from an empty "
		     "database, or from one that git hop does not manage");
}

static struct error *write_rows(struct baseline *b, const struct conf *conf)
{
	const struct record_identity identity = {
		.id = conf->id,
		.name = conf->name,
		.role = b->role,
		.hop_version = PACKAGE_VERSION,
	};
	const struct record_release release = {.version = FIRST, .hop_version = PACKAGE_VERSION};
	struct error *err;

	err = db_exec_simple(b->db, "BEGIN");
	if (!err)
		err = record_install(b->db);
	if (!err)
		err = record_set_identity(b->db, &identity);
	if (!err)
		err = record_add(b->db, &release, NULL, 0);
	return error_wrap(err, "cannot create schema hop in database '%s'", db_name(b->db));
}

/* A role without the privileges of production's administrator cannot create these. */
static struct error *find_extensions(struct baseline *b)
{
	SCOPE(tmp, b);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, b->db,
		       "select e.extname from pg_catalog.pg_extension e "
		       "join pg_catalog.pg_available_extension_versions() v "
		       "on v.name = e.extname and v.version = e.extversion "
		       "where v.superuser and not v.trusted order by 1",
		       DB_NO_ARGS);
	for (int i = 0; !err && i < rows_count(rows); i++)
		mem_list_add(&b->extensions, b, rows_text(rows, i, 0));
	return error_wrap(err, "cannot read the extensions");
}

/* Stops a private server that was started only for this, because its directory may be renamed. */
static struct error *prove(struct baseline *b, struct project *p, const char *conninfo)
{
	SCOPE(tmp, b);
	struct conf conf = *p->conf;
	struct dev_server *dev;
	struct server *server;
	struct error *err, *failed;
	bool private, stopped;

	err = dev_server_open_beside(&dev, tmp, p, conninfo);
	if (err)
		return err;
	private = dev->private_server;
	conf.roles = b->roles;
	conf.extensions = b->extensions;
	err = model_prove_adopted(&b->model, b, dev, &conf);
	talloc_free(dev);
	if (!private)
		return err;
	failed = server_locate(&server, tmp, p->common, 0);
	if (!failed)
		failed = server_stop(&stopped, server);
	error_free(failed);
	return err;
}

static struct error *adopt(struct baseline *b, struct project *p, const char *conninfo)
{
	const struct model_request request = {.source = MODEL_ADOPTED};
	struct error *err = write_rows(b, p->conf);

	if (!err)
		err = model_dump(&b->model, b, b->db, &request);
	if (!err)
		err = find_extensions(b);
	if (err)
		return err;
	for (char **line = b->model->left_out; *line; line++)
		warn("left out, because it may contain a secret: %s", *line);
	for (char **role = b->model->roles; *role; role++)
		mem_list_add(&b->roles, b, *role);
	return prove(b, p, conninfo);
}

static struct error *ask_role(struct baseline *b)
{
	static const char *const roles[] = {RECORD_PRODUCTION, RECORD_DEVELOPMENT, NULL};
	SCOPE(tmp, NULL);
	struct error *err;
	size_t i;

	err = opt_choose(&i, "--as",
			 mem_printf(tmp,
				    "Is the database '%s' in production, or a copy to develop on, "
				    "whose rows the next build replaces?",
				    db_name(b->db)),
			 roles);
	if (!err)
		b->role = roles[i];
	return err;
}

static struct error *refuse_empty(const struct baseline_request *wish, const char *name)
{
	if (!wish->role || strcmp(wish->role, RECORD_PRODUCTION) != 0)
		return NULL;
	return error_hint(error_new(ERROR_NO, "the database '%s' is empty: it is not in production",
				    name),
			  "without --as it becomes the development database; a database for "
			  "production is named in a production clone: git hop clone --production");
}

static struct error *take(struct baseline *b, struct project *p,
			  const struct baseline_request *wish)
{
	SCOPE(tmp, b);
	struct record_state state;
	struct error *err;

	err = db_connect(&b->db, b, wish->conninfo, NULL);
	if (!err)
		b->major = db_server_version(b->db) / 10000;
	if (db_error_is(err, "3D000")) {
		/*
		 * It does not exist: it will be the development database, and be created when
		 * needed.
		 */
		error_free(err);
		b->db = NULL;
		return refuse_empty(wish, wish->conninfo);
	}
	if (!err)
		err = record_state(&state, tmp, b->db);
	if (!err)
		err = refuse_known(&state, b->db);
	if (err)
		return err;
	if (state.has_objects) {
		b->role = wish->role;
		err = b->role ? NULL : ask_role(b);
		return err ? err : adopt(b, p, wish->conninfo);
	}
	err = refuse_empty(wish, db_name(b->db));
	talloc_free(b->db);
	b->db = NULL;
	return err;
}

static char *now(void *ctx)
{
	time_t seconds = time(NULL);
	char text[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%FT%TZ", &tm);
	return mem_dup(ctx, text);
}

/* The model of a project that starts with an empty schema. */
static struct model *first_model(void *ctx)
{
	struct model *m = mem_new(ctx, struct model);
	const struct record_release first = {.version = FIRST,
					     .applied_at = now(m),
					     .applied_by = "git hop init",
					     .hop_version = PACKAGE_VERSION};

	m->schema = mem_dup(m, "-- Version " FIRST ": an empty schema.\n");
	m->data = mem_dup(m, "-- No rows.\n");
	m->metadata = record_dump_one(m, &first);
	return m;
}

struct error *baseline_open(struct baseline **out, void *ctx, struct project *p,
			    const struct baseline_request *wish)
{
	struct baseline *b = mem_new(ctx, struct baseline);
	struct error *err;

	b->role = RECORD_DEVELOPMENT;
	b->root = wish->root ? mem_dup(b, wish->root) : NULL;
	b->roles = mem_array(b, char *, 1);
	b->extensions = mem_array(b, char *, 1);
	err = wish->conninfo ? take(b, p, wish) : NULL;
	if (!err && !b->major)
		b->major = pgtool_newest("initdb");
	if (err) {
		talloc_free(b);
		return err;
	}
	if (!b->db)
		b->model = first_model(b);
	*out = b;
	return NULL;
}

/* This clone has an ID only after the project has been created. */
struct error *baseline_keep(struct baseline *b, struct project *p)
{
	struct project there = *p;
	struct error *err;

	if (!b->db)
		return NULL;
	if (b->root)
		there.root = b->root;
	err = target_sign(&there, b->db, b->role);
	return err ? err : db_exec_simple(b->db, "COMMIT");
}
