-- Whether anybody made anything in this database, and whether anybody prepared it: changed what
-- every new database has. $1: whether schema hop is hop's own, and so does not count.
-- Made: what a patch could meet again. What an extension brought does not count, nor what only
-- exists for another object (indexes, row and array types).
-- Prepared: what an administrator does to a database that is to be filled, and what would be lost
-- with it all the same.
-- Whatever initdb made, and so template0 has, is numbered below 16384, where only large objects of users are, too.
with space as (
	select n.oid
	from pg_catalog.pg_namespace n
	where n.nspname !~ '^pg_(toast|temp)' and not ($1::boolean and n.nspname = 'hop')
),
made (class, oid) as (
	select 'pg_catalog.pg_namespace'::regclass, n.oid
	from pg_catalog.pg_namespace n join space using (oid)
	where n.nspname <> 'public'
	union all
	select 'pg_catalog.pg_class'::regclass, c.oid
	from pg_catalog.pg_class c join space s on s.oid = c.relnamespace
	where c.relkind not in ('i', 'I', 't', 'c')
	union all
	select 'pg_catalog.pg_proc'::regclass, p.oid
	from pg_catalog.pg_proc p join space s on s.oid = p.pronamespace
	union all
	select 'pg_catalog.pg_type'::regclass, t.oid
	from pg_catalog.pg_type t join space s on s.oid = t.typnamespace
	left join pg_catalog.pg_class c on c.oid = t.typrelid
	where t.typtype <> 'm' and t.typcategory <> 'A' and coalesce(c.relkind = 'c', true)
	union all
	select 'pg_catalog.pg_operator'::regclass, oid from pg_catalog.pg_operator
	union all
	select 'pg_catalog.pg_opclass'::regclass, oid from pg_catalog.pg_opclass
	union all
	select 'pg_catalog.pg_opfamily'::regclass, oid from pg_catalog.pg_opfamily
	union all
	select 'pg_catalog.pg_am'::regclass, oid from pg_catalog.pg_am
	union all
	select 'pg_catalog.pg_cast'::regclass, oid from pg_catalog.pg_cast
	union all
	select 'pg_catalog.pg_transform'::regclass, oid from pg_catalog.pg_transform
	union all
	select 'pg_catalog.pg_language'::regclass, oid from pg_catalog.pg_language
	union all
	select 'pg_catalog.pg_conversion'::regclass, oid from pg_catalog.pg_conversion
	union all
	select 'pg_catalog.pg_collation'::regclass, oid from pg_catalog.pg_collation
	union all
	select 'pg_catalog.pg_ts_config'::regclass, oid from pg_catalog.pg_ts_config
	union all
	select 'pg_catalog.pg_ts_dict'::regclass, oid from pg_catalog.pg_ts_dict
	union all
	select 'pg_catalog.pg_ts_parser'::regclass, oid from pg_catalog.pg_ts_parser
	union all
	select 'pg_catalog.pg_ts_template'::regclass, oid from pg_catalog.pg_ts_template
	union all
	select 'pg_catalog.pg_statistic_ext'::regclass, oid from pg_catalog.pg_statistic_ext
	union all
	select 'pg_catalog.pg_policy'::regclass, oid from pg_catalog.pg_policy
	union all
	select 'pg_catalog.pg_largeobject'::regclass, oid from pg_catalog.pg_largeobject_metadata
),
prepared (class, oid) as (
	select 'pg_catalog.pg_extension'::regclass, oid from pg_catalog.pg_extension
	union all
	select 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid
	from pg_catalog.pg_foreign_data_wrapper
	union all
	select 'pg_catalog.pg_foreign_server'::regclass, oid from pg_catalog.pg_foreign_server
	union all
	select 'pg_catalog.pg_publication'::regclass, oid from pg_catalog.pg_publication
	union all
	select 'pg_catalog.pg_event_trigger'::regclass, oid from pg_catalog.pg_event_trigger
	union all
	select 'pg_catalog.pg_default_acl'::regclass, oid from pg_catalog.pg_default_acl
	union all
	select 'pg_catalog.pg_namespace'::regclass, oid from pg_catalog.pg_namespace
	where nspname = 'public'
),
-- Schema public belongs to role 10, who ran initdb, and since 15 to 6171, pg_database_owner.
changed as (
	select from pg_catalog.pg_database d
	where d.datname = current_database() and (
		pg_catalog.shobj_description(d.oid, 'pg_database') is not null
		or d.datconnlimit <> -1
		or exists (select from pg_catalog.pg_db_role_setting s where s.setdatabase = d.oid)
		or (d.datacl is not null and
			array(select a::text from unnest(d.datacl) a order by 1) <>
			array(select a::text from unnest(acldefault('d', d.datdba)) a order by 1))
		-- Its OID is for superusers in 13.
		or exists (select from pg_catalog.pg_subscription s where s.subdbid = d.oid)
	)
	union all
	select where not exists (
		select from pg_catalog.pg_namespace n
		left join pg_catalog.pg_init_privs i on i.objoid = n.oid
			and i.classoid = 'pg_catalog.pg_namespace'::regclass
		where n.nspname = 'public' and n.nspowner in (10, 6171)
		and array(select a::text from unnest(n.nspacl) a order by 1) =
			array(select a::text from unnest(i.initprivs) a order by 1)
		and pg_catalog.obj_description(n.oid, 'pg_namespace') = 'standard public schema'
	)
)
select exists (
	select from made o
	where (o.oid >= 16384 or o.class = 'pg_catalog.pg_largeobject'::regclass)
	and not exists (
		select from pg_catalog.pg_depend d
		where d.classid = o.class and d.objid = o.oid and d.deptype = 'e'
	)
), exists (select from prepared where oid >= 16384) or exists (select from changed);
