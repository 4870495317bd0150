-- The indexes that an interrupted REINDEX $1 CONCURRENTLY leaves, where $2 is the object ID of what
-- it names: those of a table, of the table of an index, or of a schema, partitions and TOAST tables
-- included; otherwise of the database.
with root as (
	select case when c.relkind in ('i', 'I') then i.indrelid else c.oid end as oid
	from pg_catalog.pg_class c left join pg_catalog.pg_index i on i.indexrelid = c.oid
	where c.oid = $2::oid and upper($1::text) in ('TABLE', 'INDEX')
), tables as (
	select oid from root
	union select p.relid from root, pg_catalog.pg_partition_tree(root.oid) p
	union select c.oid from pg_catalog.pg_class c
	where case upper($1) when 'SCHEMA' then c.relnamespace = $2::oid
		else upper($1) not in ('TABLE', 'INDEX') end
), owners as (
	select oid from tables
	union select c.reltoastrelid from pg_catalog.pg_class c join tables t on t.oid = c.oid
)
select x.oid, pg_catalog.format('%I.%I', n.nspname, x.relname)
from owners o
join pg_catalog.pg_index i on i.indrelid = o.oid and not i.indisvalid
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = x.relnamespace
where x.relname ~ '_cc(new|old)[0-9]*$'
order by x.oid;
