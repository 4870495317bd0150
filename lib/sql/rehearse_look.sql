-- What the transaction of this session has done so far: rows of system tables changed and then, a
-- line each, the relations of users that it has locked, with the strongest mode; one row. What it
-- dropped has no kind.
select pg_catalog.concat(
	(
		select sum(pg_catalog.pg_stat_get_xact_tuples_inserted(oid)
			+ pg_catalog.pg_stat_get_xact_tuples_updated(oid)
			+ pg_catalog.pg_stat_get_xact_tuples_deleted(oid))
		from pg_catalog.pg_class where oid < 16384 and relkind = 'r'
	), E'\n', (
		select pg_catalog.string_agg(pg_catalog.concat_ws(' ', l.relation,
			coalesce(c.relkind, '-'), coalesce(i.indrelid, 0),
			coalesce(pg_catalog.pg_relation_filenode(c.oid), 0),
			coalesce(c.reltablespace, 0), l.mode,
			pg_catalog.pg_stat_get_xact_numscans(l.relation),
			pg_catalog.pg_stat_get_xact_tuples_inserted(l.relation),
			pg_catalog.pg_stat_get_xact_tuples_updated(l.relation),
			pg_catalog.pg_stat_get_xact_tuples_deleted(l.relation)), E'\n')
		from (
			select relation, max(pg_catalog.array_position(array['AccessShareLock',
				'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock',
				'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
				'AccessExclusiveLock'], mode)) as mode
			from pg_catalog.pg_locks
			where locktype = 'relation' and pid = pg_catalog.pg_backend_pid()
			and relation >= 16384
			group by relation
		) l
		left join pg_catalog.pg_class c on c.oid = l.relation
		left join pg_catalog.pg_index i on i.indexrelid = l.relation
		where c.relkind is null or c.relkind in ('r', 'm', 'p', 'i')
	))
