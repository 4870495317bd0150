-- Who holds the advisory lock $1 of this database. What only the powerful may see of the sessions
-- of other roles is NULL.
select l.pid, a.usename, nullif(a.application_name, ''),
	case when a.client_port = -1 then 'this machine' else host(a.client_addr) end,
	to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SSOF')
from pg_catalog.pg_locks l
join pg_catalog.pg_database d on d.oid = l.database and d.datname = current_database()
left join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
and l.classid::bigint = ($1::bigint >> 32) & x'ffffffff'::bigint
and l.objid::bigint = $1::bigint & x'ffffffff'::bigint;
