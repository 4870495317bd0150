-- What the project made that depends on a table of schema hop or its row type: the schema of a
-- release, which is dumped without schema hop, could not be loaded.
with hop as (
	select oid from pg_catalog.pg_namespace where nspname = 'hop'
),
ours as (
	select 'pg_catalog.pg_class'::regclass as classid, c.oid
	from pg_catalog.pg_class c join hop on c.relnamespace = hop.oid
	union all
	select 'pg_catalog.pg_type'::regclass, t.oid
	from pg_catalog.pg_type t join hop on t.typnamespace = hop.oid
),
made as (
	select 'pg_catalog.pg_rewrite'::regclass as classid, r.oid, r.ev_class as relation
	from pg_catalog.pg_rewrite r
	union all
	select 'pg_catalog.pg_policy'::regclass, p.oid, p.polrelid from pg_catalog.pg_policy p
	union all
	select 'pg_catalog.pg_class'::regclass, c.oid, c.oid
	from pg_catalog.pg_class c where c.relkind not in ('i', 'I', 't')
	union all
	select 'pg_catalog.pg_proc'::regclass, p.oid, 0 from pg_catalog.pg_proc p
)
select pg_catalog.pg_describe_object(
	case when m.relation = 0 then m.classid else 'pg_catalog.pg_class'::regclass end,
	case when m.relation = 0 then m.oid else m.relation end, 0)
from pg_catalog.pg_depend d
join ours o on o.classid = d.refclassid and o.oid = d.refobjid
join made m on m.classid = d.classid and m.oid = d.objid
where d.deptype in ('n', 'a')
and (m.relation, 'pg_catalog.pg_class'::regclass) not in (select oid, classid from ours)
and (m.oid, m.classid) not in (select oid, classid from ours)
order by 1
limit 1
