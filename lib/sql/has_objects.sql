-- Whether somebody made anything in this database. $1: whether schema hop is hop's own, and so
-- does not count. What an extension brought does not count, nor what only exists for another
-- object (indexes, row and array types).
with space as (
	select n.oid, n.nspname
	from pg_catalog.pg_namespace n
	where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
	and not ($1::boolean and n.nspname = 'hop')
),
object (class, oid) as (
	select 'pg_catalog.pg_namespace'::regclass, oid from space where nspname <> 'public'
	union all
	select 'pg_catalog.pg_class'::regclass, c.oid
	from pg_catalog.pg_class c join space s on s.oid = c.relnamespace
	where c.relkind not in ('i', 'I', 't', 'c')
	union all
	select 'pg_catalog.pg_proc'::regclass, p.oid
	from pg_catalog.pg_proc p join space s on s.oid = p.pronamespace
	union all
	select 'pg_catalog.pg_type'::regclass, t.oid
	from pg_catalog.pg_type t join space s on s.oid = t.typnamespace
	left join pg_catalog.pg_class c on c.oid = t.typrelid
	where t.typtype <> 'm' and t.typcategory <> 'A' and coalesce(c.relkind = 'c', true)
	union all
	select 'pg_catalog.pg_operator'::regclass, o.oid
	from pg_catalog.pg_operator o join space s on s.oid = o.oprnamespace
	union all
	select 'pg_catalog.pg_collation'::regclass, c.oid
	from pg_catalog.pg_collation c join space s on s.oid = c.collnamespace
	union all
	select 'pg_catalog.pg_ts_config'::regclass, t.oid
	from pg_catalog.pg_ts_config t join space s on s.oid = t.cfgnamespace
	union all
	select 'pg_catalog.pg_ts_dict'::regclass, t.oid
	from pg_catalog.pg_ts_dict t join space s on s.oid = t.dictnamespace
	union all
	select 'pg_catalog.pg_largeobject'::regclass, oid from pg_catalog.pg_largeobject_metadata
)
select exists (
	select from object o
	where not exists (
		select from pg_catalog.pg_depend d
		where d.classid = o.class and d.objid = o.oid and d.deptype = 'e'
	)
);
