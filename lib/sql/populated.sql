-- REFRESH for each materialized view that is populated, and for those that these are made from, which come first; at
-- the end those that are not populated lose their rows again. What a view is made from, at any distance, is more than
-- what each of these is made from. Views in a circle, which CREATE OR REPLACE VIEW allows, cannot be read.
with recursive uses (view, used) as (
	select distinct r.ev_class, d.refobjid
	from pg_catalog.pg_rewrite r
	join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
	join pg_catalog.pg_class c on c.oid = d.refobjid and c.relkind in ('v', 'm')
	where r.ev_type = '1' and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> r.ev_class
),
way (view, used) as (
	select view, used from uses
	union
	select w.view, u.used from way w join uses u on u.view = w.used
),
needed as (
	select c.oid, c.relispopulated, format('%I.%I', n.nspname, c.relname) as name,
		(select count(*) from way where way.view = c.oid) as place
	from pg_catalog.pg_class c
	join pg_catalog.pg_namespace n on n.oid = c.relnamespace
	where c.relkind = 'm' and n.nspname !~ '^pg_' and n.nspname <> 'hop'
	and (c.relispopulated or exists (
		select from way join pg_catalog.pg_class v on v.oid = way.view
		where way.used = c.oid and v.relkind = 'm' and v.relispopulated
	))
	and not exists (
		select from pg_catalog.pg_depend d
		where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
	)
)
select statement
from (
	select false as emptied, place, name, format('REFRESH MATERIALIZED VIEW %s;', name) as statement
	from needed
	union all
	select true, place, name, format('REFRESH MATERIALIZED VIEW %s WITH NO DATA;', name)
	from needed where not relispopulated
) s
order by emptied, place, name collate "C";
