/* Which database a command uses, and to whom it belongs. */
#include "run/target.h"

#include <config.h>
#include <stdlib.h>
#include <string.h>

#include "base/machine.h"
#include "base/path.h"
#include "base/utf8.h"
#include "run/record.h"

/* If the user has set any of these, a server has been chosen. */
static bool environment_names_server(void)
{
	static const char *const names[] = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE",
					    "PGSERVICE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return true;
	}
	return false;
}

char *target_named(void *ctx, struct project *p, const char *database)
{
	const char *variable = getenv("HOP_DATABASE");
	char *setting;

	if (database)
		return mem_dup(ctx, database);
	if (variable && *variable)
		return mem_dup(ctx, variable);
	setting = repo_config(ctx, p->repo, "hop.database");
	if (setting && *setting)
		return setting;
	return environment_names_server() ? mem_dup(ctx, "") : NULL;
}

struct error *target_conninfo(char **out, void *ctx, struct project *p, const char *database)
{
	char *named = target_named(ctx, p, database);

	/* libpq's variables are not specific enough for production. */
	if (named && *named) {
		*out = named;
		return NULL;
	}
	return error_hint(error_new(ERROR_USAGE,
				    "no database given: a production database must be named"),
			  "use --database=CONNINFO or $HOP_DATABASE or, once for this clone:\n"
			  "git config hop.database 'host=... dbname=...'");
}

struct error *target_development_name(char **out, void *ctx, struct project *p,
				      const char *conninfo, bool private_server)
{
	struct error *err = db_target(out, ctx, conninfo);

	if (err || *out)
		return err;
	*out = mem_dup(ctx, p->conf->name);
	if (!private_server)
		mem_append(out, ctx, "_%s", machine_user(ctx));
	if (strlen(*out) > TARGET_NAME_MAX)
		(*out)[TARGET_NAME_MAX] = '\0';
	return NULL;
}

static enum target_kind kind_of(const struct project *p, const struct record_state *state)
{
	const struct record_identity *who = &state->identity;

	if (!state->present)
		return state->has_objects ? TARGET_FOREIGN : TARGET_EMPTY;
	if (strcmp(who->id, p->conf->id) != 0)
		return TARGET_OTHER;
	if (strcmp(who->role, RECORD_PRODUCTION) == 0)
		return TARGET_OURS;
	return strcmp(who->role, RECORD_DEVELOPMENT) == 0 ? TARGET_TEST : TARGET_SCRATCH;
}

static struct error *refuse_other(struct db *db, const struct record_state *state)
{
	return error_new(ERROR_NO, "database '%s' belongs to another project, '%s'", db_name(db),
			 state->identity.name);
}

struct error *target_refuse(struct db *db, const char *role)
{
	return error_hint(error_new(ERROR_NO, "database '%s' is a %s database", db_name(db), role),
			  "only production databases can be upgraded; according to its table "
			  "hop.project, this is not one");
}

struct error *target_kind(enum target_kind *out, struct project *p, struct db *db)
{
	SCOPE(tmp, NULL);
	struct record_state state;
	struct error *err;

	err = record_state(&state, tmp, db);
	if (!err && state.present)
		err = record_check_trust(db);
	if (err)
		return err;
	*out = kind_of(p, &state);
	if (*out == TARGET_OTHER)
		return error_hint(refuse_other(db, &state),
				  "this is the project '%s'; nothing was changed", p->conf->name);
	return *out == TARGET_SCRATCH ? target_refuse(db, RECORD_SCRATCH) : NULL;
}

#define NAME_ANOTHER "use another one: git config hop.database \"dbname=...\""

/* Refuses a database unless it is named to be replaced anyway. */
static struct error *refuse_unnamed(struct db *db, const struct record_state *state)
{
	const struct record_identity *clone = state->present ? &state->identity : NULL;
	SCOPE(tmp, NULL);
	const char *name = db_name(db);
	struct error *err;

	if (!clone) {
		err = error_new(
			ERROR_NO,
			state->has_objects
				? "database '%s' contains objects that git hop did not create"
				: "database '%s' contains no objects, but extensions, settings "
				  "or privileges that git hop did not create",
			name);
		return error_hint(err,
				  NAME_ANOTHER "\n"
					       "or, if everything in it can be dropped: git hop "
					       "restore --take-over=%s",
				  name);
	}
	err = error_new(ERROR_NO,
			"database '%s' is the development database of another clone, %s on %s",
			name,
			path_quote(tmp, clone->clone_directory ? clone->clone_directory : "?"),
			path_quote(tmp, clone->clone_host ? clone->clone_host : "?"));
	return error_hint(err,
			  NAME_ANOTHER
			  "\n"
			  "or, to take it away from that clone: git hop restore --take-over=%s",
			  name);
}

struct error *target_may_replace(struct project *p, struct db *db, const char *take_over)
{
	SCOPE(tmp, NULL);
	struct record_state state;
	bool named = take_over && strcmp(take_over, db_name(db)) == 0;
	struct error *err = record_state(&state, tmp, db);
	char *clone;

	if (err)
		return err;
	switch (kind_of(p, &state)) {
	case TARGET_OTHER:
		return error_hint(refuse_other(db, &state), NAME_ANOTHER);
	case TARGET_OURS:
		err = error_new(ERROR_NO,
				"'%s' is a production database of project '%s' and cannot be "
				"replaced",
				db_name(db), state.identity.name);
		return error_hint(err, "use another one for development: git config "
				       "hop.database \"dbname=...\"");
	case TARGET_FOREIGN:
		return named ? NULL : refuse_unnamed(db, &state);
	case TARGET_TEST:
		if (named || !state.identity.clone_id)
			return NULL;
		err = project_clone_id(&clone, tmp, p);
		if (err || strcmp(clone, state.identity.clone_id) == 0)
			return err;
		return refuse_unnamed(db, &state);
	case TARGET_EMPTY:
		return named || !state.prepared ? NULL : refuse_unnamed(db, &state);
	case TARGET_SCRATCH:
		break;
	}
	return NULL;
}

/* A directory can have any name, but a column contains only UTF-8. */
static char *storable(void *ctx, const char *text)
{
	char *out = mem_dup(ctx, "");

	while (*text) {
		size_t n = utf8_length(text, strlen(text));

		mem_append(&out, ctx, "%.*s", n ? (int)n : 1, n ? text : "?");
		text += n ? n : 1;
	}
	return out;
}

struct error *target_sign(struct project *p, struct db *db, const char *role)
{
	SCOPE(tmp, NULL);
	struct record_identity identity = {
		.id = p->conf->id,
		.name = p->conf->name,
		.role = role,
		.hop_version = PACKAGE_VERSION,
	};

	if (strcmp(role, RECORD_DEVELOPMENT) == 0) {
		char *clone;
		struct error *err = project_clone_id(&clone, tmp, p);

		if (err)
			return err;
		identity.clone_id = clone;
		identity.clone_host = storable(tmp, machine_host(tmp));
		identity.clone_directory = storable(tmp, p->root ? p->root : p->common);
	}
	return record_set_identity(db, &identity);
}

struct error *target_mark(struct project *p, struct db *db, const char *role)
{
	struct error *err = record_install(db);

	if (db_error_is(err, "42501")) {
		SCOPE(tmp, NULL);

		return error_hint(
			err,
			"git hop records what it applied in a schema of that name; the owner can "
			"run:\n"
			"GRANT CREATE ON DATABASE %s TO %s",
			db_ident(tmp, db, db_name(db)), db_ident(tmp, db, db_user(db)));
	}
	return err ? err : target_sign(p, db, role);
}
