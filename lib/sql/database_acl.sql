-- The statements that give database $2 the privileges of database $1, if that has others than a new
-- one. Both have the same owner.
select statement from (
	select 1, pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC, CURRENT_USER, %I',
		$2::text, r.rolname)
	from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba
	where d.datname = $1 and d.datacl is not null
	union all
	select 2, pg_catalog.format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, $2::text,
		coalesce(pg_catalog.quote_ident(r.rolname), 'PUBLIC'),
		case when a.is_grantable then ' WITH GRANT OPTION' else '' end)
	from pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a
	left join pg_catalog.pg_roles r on r.oid = a.grantee
	where d.datname = $1
) s(n, statement)
order by n
