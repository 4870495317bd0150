-- The tables and indexes of users: a row each, in order of object IDs.
select c.oid, c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname), coalesce(i.indrelid, 0),
	coalesce(pg_catalog.pg_relation_filenode(c.oid), 0), c.reltablespace
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_index i on i.indexrelid = c.oid
where c.relkind in ('r', 'm', 'p', 'i', 'I') and c.relpersistence <> 't'
and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'hop')
order by c.oid
