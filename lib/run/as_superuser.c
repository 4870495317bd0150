/* Consent to run the code of a database's owner with the rights of a superuser. */
#include "run/as_superuser.h"

#include "base/log.h"
#include "base/opt.h"
#include "port/git.h"

#define SETTING "hop.asSuperuser"

struct error *as_superuser_is(bool *out, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db,
		       "select rolsuper from pg_catalog.pg_roles where rolname = current_user",
		       DB_NO_ARGS);
	if (!err)
		*out = rows_true(rows, 0, 0);
	return err;
}

/* The owner whose code would run with more rights than it has; NULL: there is none. */
static struct error *find_owner(char **owner, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query(
		&rows, tmp, db,
		"select o.rolname from pg_catalog.pg_database d "
		"join pg_catalog.pg_roles o on o.oid = d.datdba "
		"where d.datname = current_database() and not o.rolsuper "
		"and (select rolsuper from pg_catalog.pg_roles where rolname = current_user)",
		DB_NO_ARGS);
	if (!err)
		*owner = rows_count(rows) > 0 ? mem_dup(ctx, rows_text(rows, 0, 0)) : NULL;
	return err;
}

static struct error *ask(struct project *p, struct db *db, const char *owner)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = opt_confirm(
		false, mem_printf(tmp,
				  "Database '%s' belongs to the role '%s', whose triggers and "
				  "functions would run with the rights of the superuser '%s', to "
				  "whom all that is created would belong. Continue, now and in "
				  "the future?",
				  db_name(db), owner, db_user(db)));
	if (!err)
		return git_run(NULL, tmp, p->repo, "config", SETTING, "true", NULL);
	err = error_wrap(err, "'%s' is a superuser, and database '%s' belongs to the role '%s'",
			 db_user(db), db_name(db), owner);
	return error_add_hint(err,
			      "code that '%s' put into the database would run with a superuser's "
			      "rights, and what is created would belong to '%s': connect as '%s'\n"
			      "or, to allow it once for this clone: git config " SETTING " true",
			      owner, db_user(db), owner);
}

struct error *as_superuser_confirm(struct project *p, struct db *db, bool yes)
{
	SCOPE(tmp, NULL);
	char *owner;
	bool allowed;
	struct error *err = repo_config_bool(&allowed, p->repo, SETTING, false);

	if (err || allowed)
		return err;
	err = find_owner(&owner, tmp, db);
	if (err || !owner)
		return err;
	if (!yes)
		return ask(p, db, owner);
	warn("database '%s' belongs to the role '%s', whose triggers and functions run with the "
	     "rights of the superuser '%s'",
	     db_name(db), owner, db_user(db));
	hint("what is created belongs to '%s'; to have it belong to '%s', connect as '%s'",
	     db_user(db), owner, owner);
	return NULL;
}
