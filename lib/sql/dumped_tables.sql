-- The size of the database, and how many tables have their rows in a dump of it; those of
-- extensions are left out.
select pg_catalog.pg_database_size(current_database()),
	(select count(*)
	from pg_catalog.pg_class c
	join pg_catalog.pg_namespace n on n.oid = c.relnamespace
	where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
	and not exists (
		select from pg_catalog.pg_depend d
		where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
		and d.deptype = 'e'
	));
