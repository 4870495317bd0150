/* Shared by the suites of run/session. */
#ifndef UNIT_SESSION_H
#define UNIT_SESSION_H

#include "run/session.h"

#include "cluster.h"

static const char hop_tables[] =
	"create schema hop; create table hop.project (role text); "
	"create table hop.release (v int); create table hop.patch (id int); "
	"create table hop.file (f int); create table hop.bootstrap (f int); "
	"insert into hop.project values ('production')";

static inline struct error *file(struct run_session *s, const char *text, bool last)
{
	SCOPE(tmp, NULL);
	struct script *script;

	ck_good(script_read(&script, tmp, "f.sql", text, strlen(text)));
	return session_file(s, script, last);
}

/* What is seen of a session from inside. */
static inline char *look(void *ctx, struct db *db)
{
	return cluster_session_value(
		ctx, db,
		"select concat_ws(' | ', current_user, session_user, "
		"(select string_agg(name || '=' || setting, ' ' order by name) from pg_settings "
		"where source = 'session'), "
		"current_setting('search_path'), current_setting('datestyle'), "
		"(select string_agg(name, ' ') from pg_cursors), "
		"(select string_agg(name, ' ') from pg_prepared_statements "
		"where name <> 'hop_facts' and name <> ''), "
		"(select string_agg(c, ' ') from pg_listening_channels() c), "
		"(select string_agg(relname, ' ') from pg_class "
		"where relnamespace = pg_my_temp_schema()), "
		"(select string_agg(concat_ws(':', classid, objid, objsubid, mode), ' ' "
		"order by objid) from pg_locks "
		"where locktype = 'advisory' and pid = pg_backend_pid()), "
		"(select current_setting('transaction_read_only')))");
}

#endif
