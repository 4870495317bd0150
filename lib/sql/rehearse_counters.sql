-- What this session has counted so far of relations of users, also in earlier transactions: a line
-- each; one row.
select pg_catalog.string_agg(pg_catalog.concat_ws(' ', c.oid, c.relkind, 0, 0, 0, 0,
	scans, inserted, updated, deleted), E'\n')
from pg_catalog.pg_class c
cross join lateral (
	select pg_catalog.pg_stat_get_xact_numscans(c.oid),
		pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
		pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
		pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
) as counter(scans, inserted, updated, deleted)
where c.oid >= 16384 and c.relkind in ('r', 'm', 'i')
and scans + inserted + updated + deleted > 0
