/* Roles and extensions that patches need, but do not create. */
#include "run/requirements.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "run/as_superuser.h"

#define SINCE_16(db) (db_server_version(db) >= 160000)

/* The NAMES returned by the query HEAD ARRAY[...] TAIL. */
static struct error *filter(char ***out, void *ctx, struct db *db, const char *before,
			    char *const *names, const char *after)
{
	SCOPE(tmp, ctx);
	char *sql = mem_dup(tmp, before);
	struct rows *rows;
	struct error *err;

	*out = mem_array(ctx, char *, 1);
	if (!names || !*names)
		return NULL;
	for (char *const *name = names; *name; name++)
		mem_append(&sql, tmp, "%s%s", name == names ? "array[" : ", ",
			   db_literal(tmp, db, *name));
	mem_append(&sql, tmp, "]%s", after);
	err = db_query_simple(&rows, tmp, db, sql);
	for (int i = 0; !err && i < rows_count(rows); i++)
		mem_list_add(out, ctx, rows_text(rows, i, 0));
	return err;
}

static struct error *missing_roles(char ***out, void *ctx, struct db *db, const struct conf *conf)
{
	return filter(out, ctx, db, "select name from unnest(", conf->roles,
		      "::text[]) name where not exists (select from pg_catalog.pg_roles "
		      "where rolname = name)");
}

static struct error *missing_extensions(char ***out, void *ctx, struct db *db,
					const struct conf *conf)
{
	return filter(out, ctx, db, "select name from unnest(", conf->extensions,
		      "::text[]) name where not exists (select from pg_catalog.pg_extension "
		      "where extname = name)");
}

static char *create_role(void *ctx, struct db *db, const char *role)
{
	return mem_printf(ctx, "CREATE ROLE %s NOLOGIN", db_ident(ctx, db, role));
}

static char *grant_role(void *ctx, struct db *db, const char *role, const char *member)
{
	return mem_printf(ctx, "GRANT %s TO %s%s", db_ident(ctx, db, role),
			  db_ident(ctx, db, member), SINCE_16(db) ? " WITH SET TRUE" : "");
}

static char *join(void *ctx, char *const *names)
{
	char *text = mem_dup(ctx, "");

	for (char *const *name = names; *name; name++)
		mem_append(&text, ctx, "%s'%s'", name == names ? "" : ", ", *name);
	return text;
}

/* Superusers need not be members. */
static struct error *must_grant(bool *out, struct db *db, const char *member)
{
	bool super = false;
	struct error *err = NULL;

	if (strcmp(member, db_user(db)) == 0)
		err = as_superuser_is(&super, db);
	*out = !super;
	return err;
}

/* One message: if we are killed, a role that exists is granted. */
static struct error *make_role(void *ctx, struct db *db, const char *role, const char *member,
			       bool grant)
{
	char *sql = grant ? grant_role(ctx, db, role, member) : mem_dup(ctx, "");
	struct error *err = db_exec_simple(db, mem_printf(ctx, "%s; %s", create_role(ctx, db, role),
							  sql));

	/* Another command created it first. */
	if (!db_error_is(err, "42710") && !db_error_is(err, "23505"))
		return err;
	error_free(err);
	return db_exec_simple(db, sql);
}

struct error *requirements_lack_roles(bool *out, struct db *db, const struct conf *conf)
{
	SCOPE(tmp, NULL);
	char **missing;
	struct error *err = missing_roles(&missing, tmp, db, conf);

	if (!err)
		*out = *missing != NULL;
	return err;
}

struct error *requirements_make_roles(struct db *db, const struct conf *conf, const char *member)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char **missing;
	bool grant;

	err = missing_roles(&missing, tmp, db, conf);
	if (!err)
		err = must_grant(&grant, db, member);
	for (char **role = missing; !err && *role; role++)
		err = make_role(tmp, db, *role, member, grant);
	if (!db_error_is(err, "42501"))
		return error_wrap(err, "cannot create the roles of .hop/config");
	err = error_recode(error_wrap(err, "the development server lacks the roles %s",
				      join(tmp, missing)),
			   ERROR_NO);
	err = error_hint(err,
			 "role '%s' cannot create them; an administrator has to run:", db_user(db));
	for (char **role = missing; *role; role++)
		err = error_add_hint(err, "  %s; %s;", create_role(tmp, db, *role),
				     grant_role(tmp, db, *role, member));
	return err;
}

struct error *requirements_make_extension(struct db *db, const char *name, const char *tail)
{
	SCOPE(tmp, NULL);
	char *what = mem_printf(tmp, "%s%s CASCADE", db_ident(tmp, db, name), tail);
	/* With the path of hop's own statements, it would be created in pg_catalog. */
	struct error *err = db_exec_simple(
		db,
		mem_printf(
			tmp,
			"SET search_path = public; CREATE EXTENSION IF NOT EXISTS %s; " DB_OWN_PATH,
			what));
	bool denied = db_error_is(err, "42501");

	if (!err || err->code != ERROR_FAIL || !*err->sqlstate)
		return err;
	err = error_recode(error_wrap(err, "cannot create the extension '%s'", name), ERROR_NO);
	err = error_hint(err,
			 "install its package on the development server; if role '%s' lacks "
			 "privileges, an administrator has to run, in database '%s':\n"
			 "  CREATE EXTENSION %s;",
			 db_user(db), db_name(db), what);
	if (!denied)
		return err;
	return error_add_hint(err, "or do not name a database: git hop then runs a private server, "
				   "and creates the extension there");
}

struct error *requirements_make_extensions(struct db *db, const struct conf *conf)
{
	SCOPE(tmp, NULL);
	char **missing;
	struct error *err = missing_extensions(&missing, tmp, db, conf);

	for (char **name = missing; !err && *name; name++)
		err = requirements_make_extension(db, *name, "");
	return err;
}

/* The text after WORD and blanks; NULL if TEXT does not start with WORD. */
static const char *after_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	if (strncasecmp(text, word, n) != 0 || !isspace((unsigned char)text[n]))
		return NULL;
	text += n;
	return text + strspn(text, " \t\r\n");
}

static bool is_name(const char *text, const char *role)
{
	size_t n = strlen(role);
	bool quoted = *text == '"';
	const char *end = text + quoted + n;

	if ((quoted ? strncmp : strncasecmp)(text + quoted, role, n) != 0)
		return false;
	return quoted ? *end == '"' : !isalnum((unsigned char)*end) && *end != '_' && *end != '$';
}

bool requirements_creates(const char *text, const char *extension)
{
	for (const char *c = text; *c; c++) {
		bool inside = c != text && (isalnum((unsigned char)c[-1]) || c[-1] == '_');
		const char *rest = inside ? NULL : after_word(c, "create"), *name;

		rest = rest ? after_word(rest, "extension") : NULL;
		name = rest;
		name = name ? after_word(name, "if") : NULL;
		name = name ? after_word(name, "not") : NULL;
		name = name ? after_word(name, "exists") : NULL;
		if (rest && is_name(name ? name : rest, extension))
			return true;
	}
	return false;
}

/* Does TEXT switch to ROLE or make it an owner? */
static bool becomes(const char *text, const char *role)
{
	for (const char *c = text; *c; c++) {
		const char *rest;

		if (c != text && (isalnum((unsigned char)c[-1]) || c[-1] == '_'))
			continue;
		rest = after_word(c, "owner");
		rest = rest ? after_word(rest, "to") : after_word(c, "role");
		if (!rest)
			rest = after_word(c, "authorization");
		if (rest && is_name(rest, role))
			return true;
	}
	return false;
}

/* Listed roles of which the current role has to be a member for the files, but is not. */
static struct error *missing_members(char ***out, void *ctx, struct db *db, const struct conf *conf,
				     const char *const *texts)
{
	char **needed = mem_array(ctx, char *, 1);
	bool set = SINCE_16(db);

	for (char **role = conf->roles; role && *role; role++) {
		bool found = false;

		for (const char *const *text = texts; *text && !found; text++)
			found = becomes(*text, *role);
		if (found)
			mem_list_add(&needed, ctx, *role);
	}
	return filter(out, ctx, db, "select name from unnest(", needed,
		      set ? "::text[]) name join pg_catalog.pg_roles r on r.rolname = name "
			    "where not pg_catalog.pg_has_role(r.oid, 'SET')"
			  : "::text[]) name join pg_catalog.pg_roles r on r.rolname = name "
			    "where not pg_catalog.pg_has_role(r.oid, 'MEMBER')");
}

struct error *requirements_check(struct db *db, const struct conf *conf, const char *const *texts)
{
	SCOPE(tmp, NULL);
	char **roles, **members, **extensions, *hint = mem_dup(tmp, "an administrator has to run:");
	struct error *err = missing_roles(&roles, tmp, db, conf);

	if (!err)
		err = missing_members(&members, tmp, db, conf, texts);
	if (!err)
		err = missing_extensions(&extensions, tmp, db, conf);
	if (err || (!*roles && !*members && !*extensions))
		return err;
	if (*roles)
		err = error_new(ERROR_NO, "the server lacks the roles %s", join(tmp, roles));
	else if (*members)
		err = error_new(ERROR_NO, "role '%s' is not a member of %s", db_user(db),
				join(tmp, members));
	else
		err = error_new(ERROR_NO, "database '%s' lacks the extensions %s", db_name(db),
				join(tmp, extensions));
	for (char **role = roles; *role; role++)
		mem_append(&hint, tmp, "\n  %s;", create_role(tmp, db, *role));
	for (char **role = members; *role; role++)
		mem_append(&hint, tmp, "\n  %s;", grant_role(tmp, db, *role, db_user(db)));
	for (char **name = extensions; *name; name++)
		mem_append(&hint, tmp, "\n  CREATE EXTENSION %s;", db_ident(tmp, db, *name));
	err = error_add_hint_lines(err, hint);
	return error_add_hint(err, "nothing was changed");
}
