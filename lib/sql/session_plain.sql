-- Whether what runs in this database can leave nothing in its session that a reset does not take
-- back, as long as the text of a file does not: no code of a user's, no constraint that can be
-- deferred, no setting of the database, and no expression that calls a function of PostgreSQL's
-- that has effects.
with effects as materialized (
	select oid from pg_catalog.pg_proc
	where provolatile = 'v' and oid < 16384
	and proname not in ('nextval', 'setval', 'currval', 'lastval', 'random', 'gen_random_uuid',
		'random_normal', 'uuidv4', 'uuidv7', 'array_sample', 'array_shuffle', 'timezone',
		'clock_timestamp', 'timeofday', 'bernoulli', 'system')
	and not starts_with(proname::text, 'RI_FKey_')
), stored as (
	select adbin::text as tree from pg_catalog.pg_attrdef
	union all
	select conbin::text from pg_catalog.pg_constraint
	where conbin is not null and oid >= 16384
	union all
	select typdefaultbin::text from pg_catalog.pg_type where typdefaultbin is not null
	union all
	select ev_action::text from pg_catalog.pg_rewrite where oid >= 16384
	union all
	select ev_qual::text from pg_catalog.pg_rewrite where oid >= 16384
	union all
	select pg_catalog.concat(polqual::text, polwithcheck::text) from pg_catalog.pg_policy
)
select pg_catalog.pg_current_xact_id(),
	case
	when exists (select from pg_catalog.pg_proc where oid >= 16384)
		or exists (select from pg_catalog.pg_trigger where not tgisinternal)
		or exists (
			select from pg_catalog.pg_db_role_setting s
			join pg_catalog.pg_database d on d.oid = s.setdatabase
			where s.setrole = 0 and d.datname = pg_catalog.current_database()
		)
		or exists (
			select from pg_catalog.pg_constraint k
			join pg_catalog.pg_namespace n on n.oid = k.connamespace
			where k.condeferrable and n.nspname <> 'hop'
		)
		-- To read them would take longer than what is saved.
		or (select count(*) from pg_catalog.pg_rewrite where oid >= 16384) > 200
	then false
	else not exists (
		-- Splitting is much faster than regular expressions.
		select from (
			select distinct pg_catalog.split_part(part, ' ', 1) as id
			from stored cross join lateral unnest(
				(pg_catalog.string_to_array(tree, ':funcid '))[2:]) as part
		) as call
		join effects on effects.oid::text = call.id
	)
	end
