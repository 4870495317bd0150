-- Objects in this database that belong to a role whose rights the current one does not have, but for what an extension
-- brought, schema hop, and schema public itself, with the owner; the first $1 of them. Whatever initdb made is numbered
-- below 16384, where only large objects of users are, too.
with owned (class, oid, owner) as (
	select 'pg_catalog.pg_namespace'::regclass, oid, nspowner
	from pg_catalog.pg_namespace where nspname not in ('public', 'hop') and nspname !~ '^pg_'
	union all
	select 'pg_catalog.pg_class'::regclass, oid, relowner
	from pg_catalog.pg_class
	where relkind not in ('i', 'I', 't', 'c') and relpersistence <> 't'
	and relnamespace is distinct from pg_catalog.to_regnamespace('hop')
	union all
	select 'pg_catalog.pg_proc'::regclass, oid, proowner from pg_catalog.pg_proc
	union all
	select 'pg_catalog.pg_type'::regclass, t.oid, typowner
	from pg_catalog.pg_type t
	left join pg_catalog.pg_class c on c.oid = t.typrelid
	where t.typtype <> 'm' and t.typcategory <> 'A' and coalesce(c.relkind = 'c', true)
	union all
	select 'pg_catalog.pg_operator'::regclass, oid, oprowner from pg_catalog.pg_operator
	union all
	select 'pg_catalog.pg_opclass'::regclass, oid, opcowner from pg_catalog.pg_opclass
	union all
	select 'pg_catalog.pg_opfamily'::regclass, oid, opfowner from pg_catalog.pg_opfamily
	union all
	select 'pg_catalog.pg_language'::regclass, oid, lanowner from pg_catalog.pg_language
	union all
	select 'pg_catalog.pg_conversion'::regclass, oid, conowner from pg_catalog.pg_conversion
	union all
	select 'pg_catalog.pg_collation'::regclass, oid, collowner from pg_catalog.pg_collation
	union all
	select 'pg_catalog.pg_ts_config'::regclass, oid, cfgowner from pg_catalog.pg_ts_config
	union all
	select 'pg_catalog.pg_ts_dict'::regclass, oid, dictowner from pg_catalog.pg_ts_dict
	union all
	select 'pg_catalog.pg_statistic_ext'::regclass, oid, stxowner from pg_catalog.pg_statistic_ext
	union all
	select 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid, fdwowner
	from pg_catalog.pg_foreign_data_wrapper
	union all
	select 'pg_catalog.pg_foreign_server'::regclass, oid, srvowner from pg_catalog.pg_foreign_server
	union all
	select 'pg_catalog.pg_event_trigger'::regclass, oid, evtowner from pg_catalog.pg_event_trigger
	union all
	select 'pg_catalog.pg_publication'::regclass, oid, pubowner from pg_catalog.pg_publication
	union all
	select 'pg_catalog.pg_largeobject'::regclass, oid, lomowner
	from pg_catalog.pg_largeobject_metadata
)
select format('%s %s', i.type, i.identity), pg_catalog.pg_get_userbyid(o.owner)
from owned o, pg_catalog.pg_identify_object(o.class, o.oid, 0) i
where (o.oid >= 16384 or o.class = 'pg_catalog.pg_largeobject'::regclass)
and not pg_catalog.pg_has_role(o.owner, 'MEMBER')
and not exists (
	select from pg_catalog.pg_depend d
	where d.classid = o.class and d.objid = o.oid and d.deptype in ('e', 'i')
)
order by o.oid
limit $1::bigint;
