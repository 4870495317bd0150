/* An existing database as version 0.0.0 of a new project. */
#include "deploy/baseline.h"

#include <config.h>
#include <time.h>

#include "run/record.h"
#include "port/pgtool.h"

#define FIRST "0.0.0"

static struct error *refuse_known(const struct record_state *state, const struct db *db)
{
	struct error *err;

	if (!state->present)
		return NULL;
	err = error_new(ERROR_NO, "the database '%s' belongs to the project '%s' already",
			db_name(db), state->identity.name);
	return error_hint(
		err, "git hop clone gets that project; an empty database, or one that git hop does "
		     "not know, can start a new one");
}

static struct error *write_rows(struct baseline *b, const struct conf *conf)
{
	const struct record_identity identity = {
		.id = conf->id,
		.name = conf->name,
		.role = RECORD_PRODUCTION,
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
	if (!err)
		err = record_dump(&b->model.metadata, b, b->db);
	return error_wrap(err, "cannot make schema hop in the database '%s'", db_name(b->db));
}

static struct error *take(struct baseline *b, const struct conf *conf, const char *conninfo)
{
	SCOPE(tmp, b);
	struct record_state state;
	struct error *err;

	err = db_connect(&b->db, b, conninfo, NULL);
	if (!err)
		b->major = db_server_version(b->db) / 10000;
	if (db_error_is(err, "3D000")) {
		/*
		 * Not there: it is to be the development database, and is made when it is
		 * needed.
		 */
		error_free(err);
		b->db = NULL;
		return NULL;
	}
	if (!err)
		err = record_state(&state, tmp, b->db);
	if (!err)
		err = refuse_known(&state, b->db);
	if (err)
		return err;
	if (!state.has_objects) {
		talloc_free(b->db);
		b->db = NULL;
		return NULL;
	}
	err = pgtool_dump_schema(&b->model.schema, b, b->db, db_name(b->db));
	return err ? err : write_rows(b, conf);
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

struct error *baseline_open(struct baseline **out, void *ctx, const struct conf *conf,
			    const char *conninfo)
{
	struct baseline *b = mem_new(ctx, struct baseline);
	struct error *err;

	err = conninfo ? take(b, conf, conninfo) : NULL;
	if (!err && !b->major)
		b->major = pgtool_newest("initdb");
	if (err) {
		talloc_free(b);
		return err;
	}
	if (!b->db) {
		b->model.schema = mem_dup(b, "-- Version " FIRST ": an empty schema.\n");
		b->model.metadata =
			record_dump_one(b,
					&(struct record_release){.version = FIRST,
								 .applied_at = now(b),
								 .applied_by = "git hop init",
								 .hop_version = PACKAGE_VERSION});
	}
	b->model.data = mem_dup(b, "");
	*out = b;
	return NULL;
}

struct error *baseline_keep(struct baseline *b)
{
	return b->db ? db_exec_simple(b->db, "COMMIT") : NULL;
}
