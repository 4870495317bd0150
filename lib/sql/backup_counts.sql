-- How many objects of each kind a database holds, as text: the same before a backup is made and
-- after it was restored. What extensions hold depends on their version, so only they are counted.
select pg_catalog.concat_ws(' ', kind, pg_catalog.count(*))
from (
	select case c.relkind when 'r' then 'table' when 'p' then 'partitioned-table'
		when 'i' then 'index' when 'I' then 'partitioned-index' when 'v' then 'view'
		when 'm' then 'materialized-view' when 'S' then 'sequence'
		when 'f' then 'foreign-table' else 'composite-type' end,
		'pg_catalog.pg_class'::regclass, c.oid, c.relnamespace
	from pg_catalog.pg_class c
	where c.relkind in ('r', 'p', 'i', 'I', 'v', 'm', 'S', 'f', 'c')
	union all
	select 'constraint', 'pg_catalog.pg_constraint'::regclass, oid, connamespace
	from pg_catalog.pg_constraint where contype in ('c', 'f', 'p', 'u', 'x')
	union all
	select 'trigger', 'pg_catalog.pg_trigger'::regclass, t.oid, c.relnamespace
	from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
	where not t.tgisinternal
	union all
	select 'policy', 'pg_catalog.pg_policy'::regclass, p.oid, c.relnamespace
	from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
	union all
	select 'function', 'pg_catalog.pg_proc'::regclass, oid, pronamespace from pg_catalog.pg_proc
	union all
	select 'type', 'pg_catalog.pg_type'::regclass, oid, typnamespace
	from pg_catalog.pg_type where typtype in ('d', 'e', 'r')
	union all
	select 'schema', 'pg_catalog.pg_namespace'::regclass, oid, oid
	from pg_catalog.pg_namespace
	union all
	select 'extension', 'pg_catalog.pg_extension'::regclass, oid, 0
	from pg_catalog.pg_extension
	union all
	select 'large-object', 'pg_catalog.pg_largeobject_metadata'::regclass, oid, 0
	from pg_catalog.pg_largeobject_metadata
) object(kind, class, oid, namespace)
left join pg_catalog.pg_namespace n on n.oid = object.namespace
where coalesce(n.nspname !~ '^pg_' and n.nspname <> 'information_schema', true)
and not exists (
	select from pg_catalog.pg_depend d
	where d.classid = object.class and d.objid = object.oid and d.deptype = 'e'
)
group by kind
order by kind collate "C"
