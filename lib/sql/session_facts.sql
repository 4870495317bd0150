-- What a session has done to itself, to schema hop and outside of its database since its
-- transaction began: one row. Locks tell what was written, also by DO and functions, and hold until
-- the end of the transaction; others' transactions do not show in them.
with lock as materialized (
	select locktype, database, relation, classid, objid, objsubid, mode,
		mode not in ('AccessShareLock', 'RowShareLock') as writes,
		mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock') as strong
	from pg_catalog.pg_locks
	where pid = pg_catalog.pg_backend_pid() and granted
), own as materialized (
	select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()
), hop as materialized (
	select oid, nspowner, nspacl from pg_catalog.pg_namespace where nspname = 'hop'
), hop_object as materialized (
	select d.classid, d.objid from pg_catalog.pg_depend d, hop
	where d.refclassid = 2615 and d.refobjid = hop.oid
), checked as materialized (
	select pg_catalog.format('%I.%I', n.nspname, k.conname) as name,
		k.condeferred and n.oid <> pg_catalog.pg_my_temp_schema() as deferred,
		k.condeferred and not exists (
			select from pg_catalog.pg_constraint o
			where o.connamespace = k.connamespace and o.conname = k.conname
			and not o.condeferrable
		) as again
	from pg_catalog.pg_constraint k
	join pg_catalog.pg_namespace n on n.oid = k.connamespace
	where k.condeferrable and n.nspname <> 'hop'
	and (n.nspname !~ '^pg_temp_' or n.oid = pg_catalog.pg_my_temp_schema())
	and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
)
select pg_catalog.pg_current_xact_id(),
	pg_catalog.current_setting('transaction_isolation') = 'read committed'
		and pg_catalog.current_setting('transaction_read_only') = 'off'
		and pg_catalog.current_setting('transaction_deferrable') = 'off',
	(
		select pg_catalog.string_agg(
			pg_catalog.concat_ws(':', classid, objid, objsubid, mode), ' '
			order by classid, objid, objsubid, mode)
		from lock where locktype = 'advisory'
	),
	(
		select pg_catalog.string_agg(pg_catalog.format(
			'SELECT pg_catalog.set_config(%L, %L, false);', name, value), ' ')
		from own
		join pg_catalog.pg_db_role_setting s on s.setdatabase = own.oid and s.setrole = 0
		cross join lateral unnest(s.setconfig) as line
		cross join lateral (
			select pg_catalog.split_part(line, '=', 1),
				substr(line, strpos(line, '=') + 1)
		) as setting(name, value)
		where name not in ('client_encoding', 'client_min_messages',
			'standard_conforming_strings')
		and pg_catalog.current_setting(name, true) is distinct from value
		and coalesce((
			select g.context = 'user' or g.context = 'superuser'
				and pg_catalog.current_setting('is_superuser') = 'on'
			from pg_catalog.pg_settings g where g.name = setting.name
		), true)
	),
	(select pg_catalog.string_agg(distinct name, ', ') from checked),
	(select pg_catalog.string_agg(distinct name, ', ') from checked where not deferred),
	(select pg_catalog.string_agg(distinct name, ', ') from checked where again),
	case
	when exists (
		select from lock where writes and relation in (1260, 1261)
		or strong and classid = 1260
	) then 'a role'
	when exists (
		select from lock, own where writes and relation = 1262
		or locktype = 'object' and classid = 1262 and objid <> own.oid
	) then 'a database'
	when exists (
		select from lock where writes and relation = 1213 or strong and classid = 1213
	) then 'a tablespace'
	else (
		select min(object.what) from own, (
			select 'privileges of another database' as what, oid, xmin
			from pg_catalog.pg_database
			union all
			select 'privileges of a tablespace', 0::oid, xmin from pg_catalog.pg_tablespace
			union all
			select 'settings of another database or of a role',
				case when setrole = 0 then setdatabase else 0::oid end, xmin
			from pg_catalog.pg_db_role_setting
		) as object
		cross join lateral (
			select pg_catalog.pg_current_xact_id()::text::bigint,
				object.xmin::text::bigint
				- pg_catalog.pg_current_xact_id()::text::bigint % 4294967296
		) as number(own, ahead)
		where object.oid <> own.oid
		-- Ours: written by this transaction, or by a part of it (a block with EXCEPTION), which
		-- has a number soon after. Numbers of frozen rows may be of a round long ago.
		and (ahead = 0 or case
			when ahead not between 1 and 1000 then false
			when (number.own + ahead)::text::xid8
				>= pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) then true
			else pg_catalog.pg_xact_status((number.own + ahead)::text::xid8) = 'in progress'
		end)
	)
	end,
	pg_catalog.pg_stat_get_xact_tuples_deleted(2964) > 0,
	(
		-- A row that RESET has deleted is only missed. hop's other builds may reset theirs.
		select pg_catalog.string_agg(pg_catalog.concat_ws(':', setdatabase, setrole), ' ')
		from own cross join pg_catalog.pg_db_role_setting
		left join pg_catalog.pg_database d on d.oid = setdatabase
		where setrole <> 0 or setdatabase <> own.oid and d.datname !~ '^hop_'
	),
	(
		select pg_catalog.concat_ws(' ', hop.nspowner, hop.nspacl, (
			select count(*) from hop_object
		), (
			select pg_catalog.string_agg(pg_catalog.concat_ws(' ', c.oid, c.relname,
				c.relowner, c.relacl, c.relnatts, c.relchecks, c.relhasrules,
				c.relrowsecurity, (
					select count(*) from pg_catalog.pg_trigger
					where tgrelid = c.oid
				), (
					select pg_catalog.string_agg(mode, ' ' order by mode)
					from lock where relation = c.oid and strong
				)), ' ' order by c.oid)
			from hop_object join pg_catalog.pg_class c on c.oid = objid
			where classid = 1259 and c.relkind = 'r'
		)) from hop
	),
	exists (
		select from lock where writes
		and relation in (select objid from hop_object where classid = 1259)
	),
	(
		select pg_catalog.string_agg(pg_catalog.format('DEALLOCATE %I;', name), ' ')
		from pg_catalog.pg_prepared_statements where name <> 'hop_facts'
	),
	(
		select pg_catalog.string_agg(pg_catalog.concat_ws(' ', subname, subowner,
			subenabled, subpublications), ' ' order by subname)
		from own join pg_catalog.pg_subscription on subdbid = own.oid
	),
	pg_catalog.date_part('epoch', pg_catalog.statement_timestamp()),
	pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())
