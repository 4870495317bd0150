-- The relation that has the name $2, as it is written in SQL, in the schema of the table $1: its
-- name, whether it is an index on that table, and whether that is valid.
select c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname),
	i.indrelid is not distinct from t.oid, coalesce(i.indisvalid, false)
from pg_catalog.pg_class t
join pg_catalog.pg_namespace n on n.oid = t.relnamespace
join pg_catalog.pg_class c on c.relnamespace = n.oid
	and c.relname = (pg_catalog.parse_ident($2::text))[1]::name
left join pg_catalog.pg_index i on i.indexrelid = c.oid
where t.oid = $1::oid;
