-- Who else is connected to this database: process, and what to show of it.
select pid, pg_catalog.format('process %s of role %s%s, %s since %s', pid, usename,
	' (' || nullif(application_name, '') || ')', coalesce(state, 'connected'),
	pg_catalog.to_char(coalesce(state_change, backend_start), 'HH24:MI:SS'))
from pg_catalog.pg_stat_activity
where datname = pg_catalog.current_database() and pid <> pg_catalog.pg_backend_pid()
and backend_type = 'client backend'
order by pid
