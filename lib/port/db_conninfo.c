/* Connection strings: which ones are taken, those that are made, and what other programs get. */
#include "port/db.h"

#include <string.h>

#include "port/db_private.h"

/* libpq's own message quotes the string, which may contain a password. */
static struct error *malformed(const char *why)
{
	return error_hint(
		error_new(ERROR_USAGE, "malformed connection string%s%s", why ? ": " : "",
			  why ? why : ""),
		"expected 'host=... dbname=...', 'service=...', or "
		"'postgresql://user@host/dbname';\n"
		"in the latter, write @ : / ? # in a name or password as %%40 %%3A %%2F %%3F %%23");
}

/*
 * An unescaped @ or / in a password splits the URI in the wrong place, and messages would show a
 * part of the password as the host.
 */
static bool ambiguous_uri(const char *rest)
{
	const char *at = strchr(rest, '@');

	return at && (strchr(at + 1, '@') || strcspn(rest, "/") < (size_t)(at - rest));
}

/*
 * A URI that is spelled wrong ("POSTGRESQL://", a leading blank, no scheme) is the name of a
 * database to libpq, and messages would show it.
 */
static bool looks_like_uri(const char *name)
{
	const char *colon = strchr(name, ':');

	return strstr(name, "://") || (colon && strchr(colon, '@'));
}

struct error *db_check_name(const char *name)
{
	return name && looks_like_uri(name) ? malformed(NULL) : NULL;
}

struct error *db_check_conninfo(const char *conninfo)
{
	bool uri = strncmp(conninfo, "postgres://", 11) == 0 ||
		   strncmp(conninfo, "postgresql://", 13) == 0;
	SCOPE(tmp, NULL);
	struct error *err = NULL;
	PQconninfoOption *options;
	char *why = NULL;

	if (!uri && !strchr(conninfo, '='))
		return db_check_name(conninfo);
	options = PQconninfoParse(conninfo, &why);
	if (!options && why && !uri && !strstr(conninfo, "pass"))
		err = malformed(db_first_line(tmp, why));
	PQfreemem(why);
	if (err)
		return err;
	if (!options || (uri && ambiguous_uri(strstr(conninfo, "//") + 2))) {
		PQconninfoFree(options);
		return malformed(NULL);
	}
	for (PQconninfoOption *o = options; !err && o->keyword; o++) {
		if (strcmp(o->keyword, "dbname") == 0)
			err = db_check_name(o->val);
	}
	PQconninfoFree(options);
	return err;
}

struct error *db_check_storable(const char *conninfo)
{
	struct error *err = db_check_conninfo(conninfo);
	PQconninfoOption *options;
	bool secret = false;

	if (err || !strpbrk(conninfo, "=:"))
		return err;
	options = PQconninfoParse(conninfo, NULL);
	for (PQconninfoOption *o = options; o && o->keyword; o++)
		secret |= strstr(o->keyword, "password") && o->val &&
			  strcmp(o->keyword, "passfile") != 0;
	PQconninfoFree(options);
	if (!secret)
		return NULL;
	return error_hint(error_new(ERROR_USAGE, "the connection string contains a password"),
			  "git hop does not store passwords: put it into ~/.pgpass, or put "
			  "the whole connection into ~/.pg_service.conf and use service=NAME");
}

char *db_word(void *ctx, const char *keyword, const char *value)
{
	char *text = mem_printf(ctx, "%s=", keyword);

	if (*value && !strpbrk(value, " \t\n\r\f\v'\\")) {
		mem_append(&text, ctx, "%s", value);
		return text;
	}
	mem_append(&text, ctx, "'");
	for (; *value; value++)
		mem_append(&text, ctx, *value == '\'' || *value == '\\' ? "\\%c" : "%c", *value);
	mem_append(&text, ctx, "'");
	return text;
}

static void describe(char **text, void *ctx, const char *name, const char *value)
{
	if (value && *value)
		mem_append(text, ctx, "%s%s", *text ? " " : "", db_word(ctx, name, value));
}

char *db_describe(void *ctx, const struct db *db)
{
	char *text = NULL;

	describe(&text, ctx, "host", PQhost(db->conn));
	describe(&text, ctx, "port", PQport(db->conn));
	describe(&text, ctx, "dbname", PQdb(db->conn));
	return text ? text : mem_dup(ctx, "the database");
}

/* The value of the environment variable of an option; NULL: unset it. */
static const char *env_value(const struct db *db, const PQconninfoOption *option,
			     const char *dbname)
{
	if (strcmp(option->keyword, "dbname") == 0 && dbname)
		return dbname;
	if (strcmp(option->keyword, "options") == 0)
		return db->user_options;
	/* Of several, the one that took the connection. */
	if (option->val && strchr(option->val, ',')) {
		if (strcmp(option->keyword, "host") == 0)
			return PQhost(db->conn);
		if (strcmp(option->keyword, "hostaddr") == 0)
			return PQhostaddr(db->conn);
		if (strcmp(option->keyword, "port") == 0)
			return PQport(db->conn);
	}
	/* The values of the service are already in the other options. */
	if (strcmp(option->keyword, "service") == 0 ||
	    strcmp(option->keyword, "application_name") == 0)
		return NULL;
	return option->val && *option->val ? option->val : NULL;
}

char **db_env(void *ctx, const struct db *db, const char *dbname)
{
	SCOPE(tmp, ctx);
	PQconninfoOption *options = PQconninfo(db->conn);
	char **env = NULL;

	mem_check(options);
	for (const PQconninfoOption *o = options; o->keyword; o++) {
		const char *value = env_value(db, o, dbname);

		if (o->envvar)
			mem_list_add(&env, ctx,
				     value ? mem_printf(tmp, "%s=%s", o->envvar, value)
					   : o->envvar);
	}
	PQconninfoFree(options);
	mem_list_add(&env, ctx, "PGDATESTYLE");
	mem_list_add(&env, ctx, "PGTZ");
	mem_list_add(&env, ctx, "PGGEQO");
	return env;
}
