/* The production database: which one the user named, and what it says of itself. */
#include "run/target.h"

#include <config.h>
#include <stdlib.h>
#include <string.h>

#include "run/record.h"

struct error *target_conninfo(char **out, void *ctx, struct project *p, const char *database)
{
	const char *env = getenv("HOP_DATABASE");
	char *config;

	if (database) {
		*out = mem_dup(ctx, database);
		return NULL;
	}
	if (env && *env) {
		*out = mem_dup(ctx, env);
		return NULL;
	}
	config = repo_config(ctx, p->repo, "hop.database");
	if (config && *config) {
		*out = config;
		return NULL;
	}
	return error_hint(error_new(ERROR_USAGE,
				    "which database? a production database is always named"),
			  "--database=CONNINFO, $HOP_DATABASE, or once for this clone:\n"
			  "git config hop.database 'host=... dbname=...'");
}

struct error *target_kind(enum target_kind *out, struct project *p, struct db *db)
{
	SCOPE(tmp, NULL);
	struct record_state state;
	struct error *err;

	err = record_state(&state, tmp, db);
	if (err)
		return err;
	if (!state.present) {
		*out = state.has_objects ? TARGET_FOREIGN : TARGET_EMPTY;
		return NULL;
	}
	if (strcmp(state.identity.id, p->conf->id) != 0)
		return error_hint(error_new(ERROR_NO,
					    "database '%s' belongs to another project, '%s'",
					    db_name(db), state.identity.name),
				  "this is the project '%s'; nothing was changed", p->conf->name);
	if (strcmp(state.identity.role, RECORD_PRODUCTION) == 0)
		*out = TARGET_OURS;
	else if (strcmp(state.identity.role, RECORD_DEVELOPMENT) == 0)
		*out = TARGET_TEST;
	else
		return target_refuse(db, state.identity.role);
	return NULL;
}

struct error *target_refuse(struct db *db, const char *role)
{
	return error_hint(error_new(ERROR_NO, "database '%s' is a %s database", db_name(db), role),
			  "upgrades are for production databases: this one says in hop.project "
			  "that it is not one");
}

struct error *target_mark(struct project *p, struct db *db, const char *role)
{
	struct record_identity identity = {
		.id = p->conf->id,
		.name = p->conf->name,
		.role = role,
		.hop_version = PACKAGE_VERSION,
	};
	struct error *err;

	err = record_install(db);
	if (db_error_is(err, "42501")) {
		SCOPE(tmp, NULL);

		return error_hint(
			err,
			"hop keeps what it applied in a schema of that name; let the owner say:\n"
			"GRANT CREATE ON DATABASE %s TO %s",
			db_ident(tmp, db, db_name(db)), db_ident(tmp, db, db_user(db)));
	}
	if (err)
		return err;
	return record_set_identity(db, &identity);
}
