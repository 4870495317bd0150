-- REFRESH for each materialized view that is populated, those first that others are made from.
with recursive uses (view, used) as (
	select distinct r.ev_class, d.refobjid
	from pg_catalog.pg_rewrite r
	join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
	join pg_catalog.pg_class c on c.oid = d.refobjid and c.relkind in ('v', 'm')
	where d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> r.ev_class
),
way (view, used, length) as (
	select view, used, 1 from uses
	union
	select w.view, u.used, w.length + 1 from way w join uses u on u.view = w.used
)
select format('REFRESH MATERIALIZED VIEW %I.%I;', n.nspname, c.relname)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'm' and c.relispopulated and n.nspname !~ '^pg_' and n.nspname <> 'hop'
and not exists (
	select from pg_catalog.pg_depend d
	where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
)
order by (select coalesce(max(length), 0) from way where way.view = c.oid),
	format('%I.%I', n.nspname, c.relname) collate "C";
