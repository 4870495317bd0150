-- The strongest modes in which the session with the process ID $1 has locked relations of users.
select relation, max(pg_catalog.array_position(array['AccessShareLock', 'RowShareLock',
	'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
	'ExclusiveLock', 'AccessExclusiveLock'], mode))
from pg_catalog.pg_locks
where locktype = 'relation' and granted and pid = $1::int and relation >= 16384
and database = (
	select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()
)
group by relation
