-- The statement that creates an empty database $2 as database $1 was created. What not every version
-- has is read as JSON.
select pg_catalog.concat_ws(' ',
	pg_catalog.format('CREATE DATABASE %I OWNER %I TEMPLATE template0', $2::text, r.rolname),
	pg_catalog.format('ENCODING %L LC_COLLATE %L LC_CTYPE %L',
		pg_catalog.pg_encoding_to_char(d.encoding), j ->> 'datcollate', j ->> 'datctype'),
	case j ->> 'datlocprovider'
	when 'i' then pg_catalog.format('LOCALE_PROVIDER icu ICU_LOCALE %L',
		coalesce(j ->> 'daticulocale', j ->> 'datlocale'))
	when 'b' then pg_catalog.format('LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', j ->> 'datlocale')
	when 'c' then 'LOCALE_PROVIDER libc'
	end,
	'ICU_RULES ' || pg_catalog.quote_literal(nullif(j ->> 'daticurules', '')),
	case when d.dattablespace <> t0.dattablespace then pg_catalog.format('TABLESPACE %I', t.spcname)
	end,
	pg_catalog.format('CONNECTION LIMIT %s', d.datconnlimit)),
	pg_catalog.shobj_description(d.oid, 'pg_database')
from pg_catalog.pg_database d
join pg_catalog.pg_database t0 on t0.datname = 'template0'
join pg_catalog.pg_roles r on r.oid = d.datdba
join pg_catalog.pg_tablespace t on t.oid = d.dattablespace,
pg_catalog.to_jsonb(d) j
where d.datname = $1
