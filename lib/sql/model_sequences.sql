-- The sequences whose values a model has, in order: a query for the statement that sets one, NULL for one that was
-- never used; and whether a right is missing to read it. Not those of the extensions of $1 (one a line).
select format('select case when is_called or last_value <> %s then format(''SELECT pg_catalog.setval(%%L, %%s, %%L);'', '
	|| '%L, last_value, is_called) end from %I.%I', s.seqstart, format('%I.%I', n.nspname, c.relname),
	n.nspname, c.relname),
	format('%I.%I', n.nspname, c.relname), not pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
from pg_catalog.pg_sequence s
join pg_catalog.pg_class c on c.oid = s.seqrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'hop')
and (not exists (
	select from pg_catalog.pg_depend d
	where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
) or c.oid in (
	select unnest(extconfig) from pg_catalog.pg_extension where extname <> all (string_to_array($1, E'\n'))
))
order by format('%I.%I', n.nspname, c.relname) collate "C";
