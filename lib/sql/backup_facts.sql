-- What a backup remembers of the database that it is made of: a word and its value a row. The state
-- is which snapshot of which database on which run of the server this is.
select 'state', concat_ws(' ', d.oid,
	pg_catalog.to_char(pg_catalog.pg_postmaster_start_time() at time zone 'UTC',
		'YYYYMMDDHH24MISSUS'),
	pg_catalog.pg_current_snapshot())
from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()
union all
select 'wal', pg_catalog.pg_current_wal_lsn()::text
where not pg_catalog.pg_is_in_recovery()
union all
select 'commits', s.xact_commit::text
from pg_catalog.pg_stat_database s where s.datname = pg_catalog.current_database()
union all
select 'public', 'absent' where pg_catalog.to_regnamespace('public') is null
union all
select 'size', pg_catalog.pg_database_size(pg_catalog.current_database())::text
