/* What a dump says about schema public of a server before PostgreSQL 15. */
#include "port/pgtool.h"

#include <string.h>

#include "port/pgtool_private.h"

/*
 * From 15 on, pg_dump takes schema public for what initdb of 15 makes, whatever the server is: it
 * names the owner that initdb gave it, and a REVOKE CREATE ... FROM PUBLIC is lost when its dump is
 * loaded into a server of 13 or 14; so is what PUBLIC had, where a schema that was dropped is made
 * again. So we say ourselves what differs from initdb, which grants ALL to the owner and to PUBLIC.
 */
static const char difference_sql[] =
	"with schema as ("
	"	select nspowner, coalesce(nspacl, pg_catalog.acldefault('n', nspowner)) as acl"
	"	from pg_catalog.pg_namespace where nspname = 'public'"
	"), privilege as ("
	"	select true as now, a.grantee, a.privilege_type, a.is_grantable"
	"	from schema, pg_catalog.aclexplode(acl) a"
	"	union all"
	"	select false, grantee, privilege_type, false"
	"	from schema, lateral (values (nspowner), (0)) g (grantee),"
	"		(values ('CREATE'), ('USAGE')) p (privilege_type)"
	"), changed as ("
	"	select grantee, case grantee when 0 then 'PUBLIC' else"
	"		pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(grantee)) end as name"
	"	from privilege group by grantee having"
	"		pg_catalog.string_agg(privilege_type || is_grantable, ' '"
	"			order by privilege_type) filter (where now) is distinct from"
	"		pg_catalog.string_agg(privilege_type || is_grantable, ' '"
	"			order by privilege_type) filter (where not now)"
	"), given as ("
	"	select grantee, is_grantable, case pg_catalog.count(*) when 2 then 'ALL'"
	"		else pg_catalog.string_agg(privilege_type, ',') end as privileges"
	"	from privilege where now group by grantee, is_grantable"
	"), line as ("
	"	select grantee, 0 as place,"
	"		'REVOKE ALL ON SCHEMA public FROM ' || name || ';' as text"
	"	from changed"
	"	where exists ("
	"		select from privilege p where not now and p.grantee = changed.grantee)"
	"	union all"
	"	select grantee, 1, 'GRANT ' || privileges || ' ON SCHEMA public TO ' || name ||"
	"		case when is_grantable then ' WITH GRANT OPTION;' else ';' end"
	"	from changed join given using (grantee)"
	")"
	" select nspowner = 10,"
	"	(select pg_catalog.string_agg(text, E'\\n' order by grantee, place) from line)"
	" from schema";

static const char beginning[] = "\n--\n-- ";

/*
 * The entry of a dump that begins with HEADING, the LAST or first one; END is what follows it.
 * NULL: there is none.
 */
static char *find_entry(char **end, char *dump, const char *heading, bool last)
{
	SCOPE(tmp, NULL);
	char *start = mem_printf(tmp, "%s%s", beginning, heading);
	char *found = strstr(dump, start), *next = found;

	while (last && (next = next ? strstr(next + 1, start) : NULL))
		found = next;
	if (!found)
		return NULL;
	*end = strstr(found + 1, beginning);
	if (!*end)
		*end = found + strlen(found);
	return found;
}

/* Removes that entry, if its text begins with WORD or OTHER: a function may contain the heading. */
static void remove_entry(char *dump, const char *heading, bool last, const char *word,
			 const char *other)
{
	char *end, *entry = find_entry(&end, dump, heading, last);
	const char *text = entry ? strstr(entry, "\n--\n\n") : NULL;

	if (!text)
		return;
	text += strlen("\n--\n\n");
	if (strncmp(text, word, strlen(word)) == 0 || strncmp(text, other, strlen(other)) == 0)
		memmove(entry, end, strlen(end) + 1);
}

struct error *pgtool_fix_public(char **dump, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;
	char *last, *end;

	if (db_server_version(db) >= 150000)
		return NULL;
	err = db_query(&rows, tmp, db, difference_sql, DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the privileges on schema public");
	if (rows_count(rows) == 0)
		return NULL;
	if (rows_true(rows, 0, 0))
		remove_entry(*dump, "Name: public; Type: SCHEMA; ", false, "-- *not* creating",
			     "ALTER SCHEMA public ");
	/* Schemas are the first entries, privileges the last: what looks like one is in between. */
	remove_entry(*dump, "Name: SCHEMA public; Type: ACL; ", true, "REVOKE ", "GRANT ");
	last = find_entry(&end, *dump, "PostgreSQL database dump complete", true);
	if (!last || !rows_text(rows, 0, 1))
		return NULL;
	*dump = mem_printf(ctx,
			   "%.*s\n--\n-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: -\n"
			   "--\n\n%s\n\n%s",
			   (int)(last - *dump), *dump, rows_text(rows, 0, 1), last);
	return NULL;
}
