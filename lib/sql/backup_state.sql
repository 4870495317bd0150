-- Which state of which database on which run of which server this is: three words.
select d.oid::text,
	pg_catalog.to_char(pg_catalog.pg_postmaster_start_time() at time zone 'UTC',
		'YYYYMMDDHH24MISSUS'),
	pg_catalog.pg_current_snapshot()::text
from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()
