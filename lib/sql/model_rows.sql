-- The tables whose rows a model has, but for those of $1 and those of the extensions of $2 (one a line): name, the
-- table to copy into (the topmost partitioned one), columns (NULL: none), a query for the rows in an order that does
-- not depend on the server, and whether FORCE ROW LEVEL SECURITY or a missing right keeps the owner from its rows. A
-- table that inherits has its columns in the order of their names: a dump puts those that it inherits first, wherever
-- they were.
-- The keys of tables of an extension are there when rows are loaded, so what they refer to comes first: what a
-- table refers to, at any distance, is more than what each of these refers to.
with recursive config (rel, condition) as (
	select c.rel, c.condition
	from pg_catalog.pg_extension e, unnest(e.extconfig, e.extcondition) as c (rel, condition)
	where e.extname <> all (string_to_array($2, E'\n'))
),
kept as (
	select c.oid, c.relrowsecurity and c.relforcerowsecurity as forced, g.condition,
		coalesce(pg_catalog.pg_partition_root(c.oid)::oid, c.oid) as root,
		format('%I.%I', n.nspname, c.relname) as name,
		not c.relispartition and exists (
			select from pg_catalog.pg_inherits i where i.inhrelid = c.oid
		) as inherits
	from pg_catalog.pg_class c
	join pg_catalog.pg_namespace n on n.oid = c.relnamespace
	left join config g on g.rel = c.oid
	where c.relkind = 'r' and c.relpersistence <> 't'
	and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'hop')
	and (g.rel is not null or not exists (
		select from pg_catalog.pg_depend d
		where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
	))
),
refers (rel, other) as (
	select k.conrelid, k.confrelid
	from pg_catalog.pg_constraint k join config on config.rel = k.conrelid
	where k.contype = 'f' and k.confrelid <> k.conrelid
	union
	select r.rel, k.confrelid from refers r join pg_catalog.pg_constraint k on k.conrelid = r.other
	where k.contype = 'f' and k.confrelid <> r.rel
),
named as (
	select k.*, format('%I.%I', n.nspname, r.relname) as target
	from kept k
	join pg_catalog.pg_class r on r.oid = k.root
	join pg_catalog.pg_namespace n on n.oid = r.relnamespace
)
select k.name, k.target, a.columns,
	format('select %s from only %s %s order by %s', a.columns, k.name, k.condition,
		coalesce(p.columns, format('row(%s)::text collate "C"', a.columns))),
	k.forced, not pg_catalog.has_table_privilege(k.oid, 'SELECT')
from named k,
lateral (
	select string_agg(quote_ident(attname), ', ' order by case when k.inherits then attname end collate "C",
		attnum) as columns
	from pg_catalog.pg_attribute
	where attrelid = k.oid and attnum > 0 and not attisdropped and attgenerated = ''
) a,
lateral (
	select string_agg(quote_ident(t.attname)
		|| case when t.attcollation <> 0 then ' collate "C"' else '' end, ', ' order by o.place)
		as columns
	from pg_catalog.pg_index i, unnest(i.indkey::smallint[]) with ordinality as o (attnum, place)
	join pg_catalog.pg_attribute t on t.attnum = o.attnum
	where i.indrelid = k.oid and i.indisprimary and t.attrelid = k.oid
) p
where not (k.name = any (string_to_array($1, E'\n')) or k.target = any (string_to_array($1, E'\n')))
order by (select count(*) from refers where refers.rel = k.oid), k.name collate "C";
