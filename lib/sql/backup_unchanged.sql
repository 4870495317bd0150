-- Whether no transaction but those with the numbers $2 was committed on the server since the
-- snapshot $1.
select case
	when xmax - xmin > 10000 then false
	else not exists (
		select from pg_catalog.generate_series(xmin, xmax - 1) as number
		where not pg_catalog.pg_visible_in_snapshot(number::text::xid8, $1::pg_snapshot)
		and number <> all (pg_catalog.string_to_array($2, ' ')::bigint[])
		and coalesce(pg_catalog.pg_xact_status(number::text::xid8), 'committed') = 'committed'
	)
	end
from (
	select pg_catalog.pg_snapshot_xmin($1::pg_snapshot)::text::bigint,
		pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint
) as since(xmin, xmax)
