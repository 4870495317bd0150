-- What lies outside of this database, and schema hop: a value for each kind. Databases and their
-- settings that git hop itself makes are left out.
with own as materialized (
	select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()
), hop as materialized (
	select oid, nspowner, nspacl from pg_catalog.pg_namespace where nspname = 'hop'
)
select
	(
		select pg_catalog.md5(pg_catalog.string_agg(pg_catalog.concat_ws(' ', r.oid, rolname,
			rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
			rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil), ','
			order by r.oid))
		from pg_catalog.pg_roles r
	),
	(
		select pg_catalog.md5(pg_catalog.string_agg(m::text, ',' order by m::text))
		from pg_catalog.pg_auth_members m
	),
	(
		select pg_catalog.md5(pg_catalog.string_agg(s::text, ',' order by s::text))
		from own cross join pg_catalog.pg_db_role_setting s
		left join pg_catalog.pg_database d on d.oid = s.setdatabase
		where s.setrole <> 0 or s.setdatabase <> own.oid and d.datname !~ '^hop_'
	),
	(
		select pg_catalog.md5(pg_catalog.string_agg(pg_catalog.concat_ws(' ', oid, spcname,
			spcowner, spcacl, spcoptions), ',' order by oid))
		from pg_catalog.pg_tablespace
	),
	(
		select pg_catalog.md5(pg_catalog.string_agg(pg_catalog.concat_ws(' ', subname,
			subowner, subenabled, subpublications), ',' order by subname))
		from own join pg_catalog.pg_subscription on subdbid = own.oid
	),
	(
		select pg_catalog.md5(pg_catalog.concat(hop.nspowner, hop.nspacl, (
			select pg_catalog.string_agg(pg_catalog.concat_ws(' ', c.oid, relname,
				relowner, relacl, relnatts, relchecks, relhasrules, relrowsecurity, (
					select count(*) from pg_catalog.pg_trigger
					where tgrelid = c.oid
				)), ',' order by c.oid)
			from pg_catalog.pg_class c where relnamespace = hop.oid
		))) from hop
	);
