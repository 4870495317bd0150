-- Statements that drop what is in this database but schema hop: at most $2 of round $1 ('relation': tables and their
-- like; 'other': what else is in schemas; 'database': schemas and what is in none). What belongs to an
-- extension goes with it, or stays where the extension is not ours.
with space as (
	select n.oid, n.nspname
	from pg_catalog.pg_namespace n
	where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'hop')
),
object (class, oid, round) as (
	select d.classid, d.objid,
		case when d.classid = 'pg_catalog.pg_class'::regclass then 'relation' else 'other' end
	from pg_catalog.pg_depend d join space s on s.oid = d.refobjid
	where d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.deptype = 'n'
	and d.classid <> 'pg_catalog.pg_extension'::regclass
	and d.classid <> 'pg_catalog.pg_default_acl'::regclass
	union
	select 'pg_catalog.pg_extension'::regclass, e.oid, 'database'
	from pg_catalog.pg_extension e
	where e.extname <> 'plpgsql' and pg_catalog.pg_has_role(e.extowner, 'USAGE')
	union
	select 'pg_catalog.pg_publication'::regclass, oid, 'database'
	from pg_catalog.pg_publication where pg_catalog.pg_has_role(pubowner, 'USAGE')
	union
	select 'pg_catalog.pg_event_trigger'::regclass, oid, 'database'
	from pg_catalog.pg_event_trigger where pg_catalog.pg_has_role(evtowner, 'USAGE')
	union
	select 'pg_catalog.pg_foreign_server'::regclass, oid, 'database'
	from pg_catalog.pg_foreign_server where pg_catalog.pg_has_role(srvowner, 'USAGE')
	union
	select 'pg_catalog.pg_namespace'::regclass, oid, 'database' from space where nspname <> 'public'
)
select * from (
select format('DROP %s IF EXISTS %s CASCADE', upper(i.type), i.identity)
from object o, pg_catalog.pg_identify_object(o.class, o.oid, 0) i
where o.round = $1
and not exists (
	select from pg_catalog.pg_depend d
	where d.classid = o.class and d.objid = o.oid and d.objsubid = 0
	and d.deptype in ('e', 'i')
)
order by o.class, o.oid
) ordered
union all
select format('SELECT pg_catalog.lo_unlink(%s)', oid)
from pg_catalog.pg_largeobject_metadata
where $1 = 'database' and pg_catalog.pg_has_role(lomowner, 'USAGE')
limit $2::bigint;
