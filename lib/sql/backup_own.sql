-- The number that follows those of all transactions that have ended.
select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text
