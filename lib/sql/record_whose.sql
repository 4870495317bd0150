-- Whose schema hop is: whether it has the tables of git hop, any table at all, and whether there is
-- something that could run code of another role, or show rows of another role's, when git hop reads
-- its tables. record_trust.sql says whether that is so, and looks for more than that before git hop
-- writes to them: reading runs neither triggers nor defaults.
with may as (
	select pg_catalog.quote_ident(current_user)::regrole::oid as id
	union all
	select datdba from pg_catalog.pg_database where datname = current_database()
)
select to_regclass('hop.project') is not null and to_regclass('hop.release') is not null,
	exists (select from pg_catalog.pg_class where relnamespace = n.oid),
	n.oid is not null,
	n.nspowner not in (select id from may) or exists (
		select from pg_catalog.pg_class
		where relnamespace = n.oid and (relkind not in ('r', 'i', 't')
			or relrowsecurity or relhassubclass or relowner not in (select id from may))
	)
from (values ('hop')) as schema(name)
left join pg_catalog.pg_namespace n on n.nspname = schema.name
