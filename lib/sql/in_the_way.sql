-- Sessions that others wait for, one row each: those that session $1 waits for or, where that is 0,
-- those that hold ACCESS EXCLUSIVE on a table of this database. What only the powerful may see of
-- the sessions of other roles is NULL; a prepared transaction has process 0.
with holder as (
	select pid, null::text as name
	from unnest(pg_catalog.pg_blocking_pids($1::int)) as pid where $1::int <> 0
	union all
	select l.pid, min(pg_catalog.format('%I.%I', n.nspname, c.relname))
	from pg_catalog.pg_locks l
	join pg_catalog.pg_database d on d.oid = l.database
	join pg_catalog.pg_class c on c.oid = l.relation
	join pg_catalog.pg_namespace n on n.oid = c.relnamespace
	where $1::int = 0 and l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
	and l.granted and d.datname = pg_catalog.current_database()
	and l.pid is distinct from pg_catalog.pg_backend_pid() and c.relkind in ('r', 'p', 'm')
	group by l.pid
)
select distinct coalesce(h.pid, 0), h.name, a.usename, nullif(a.application_name, ''),
	a.state, pg_catalog.to_char(coalesce(a.query_start, a.backend_start),
		'YYYY-MM-DD HH24:MI:SSOF'),
	nullif(substr(pg_catalog.btrim(
		pg_catalog.regexp_replace(substr(a.query, 1, 400), '\s+', ' ', 'g')), 1, 60), '')
from holder h left join pg_catalog.pg_stat_activity a on a.pid = h.pid
order by 1
