-- What database $1 has that neither pg_dump nor CREATE DATABASE ... TEMPLATE copies: kind, role (NULL: none, '':
-- PUBLIC), whether that role owns the database, name, value.
select * from (
select 'setting' as kind, r.rolname::text as role, false, split_part(c.line, '=', 1) as name,
	substr(c.line, strpos(c.line, '=') + 1)
from pg_catalog.pg_database d
join pg_catalog.pg_db_role_setting s on s.setdatabase = d.oid
left join pg_catalog.pg_roles r on r.oid = s.setrole,
	unnest(s.setconfig) as c (line)
where d.datname = $1
union all
select 'revoke', null, false, null, null
from pg_catalog.pg_database d where d.datname = $1 and d.datacl is not null
union all
select 'grant', coalesce(r.rolname::text, ''), coalesce(a.grantee = d.datdba, false),
	a.privilege_type, case when a.is_grantable then ' WITH GRANT OPTION' else '' end
from pg_catalog.pg_database d, aclexplode(d.datacl) a
left join pg_catalog.pg_roles r on r.oid = a.grantee
where d.datname = $1
union all
select 'comment', null, false, null, pg_catalog.shobj_description(d.oid, 'pg_database')
from pg_catalog.pg_database d
where d.datname = $1 and pg_catalog.shobj_description(d.oid, 'pg_database') is not null
) property
order by kind desc, role collate "C" nulls first, name collate "C";
