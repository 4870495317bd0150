-- What the build in this database made that depends on what was there before: the one, the other,
-- and the extension that the other is or belongs to. The number of hop.project, which the reset
-- makes, stands between both; below 16384 is what every database has.
with made as (
	select pg_catalog.to_regclass('hop.project')::oid as first
),
dependency as (
	select distinct d.classid, d.objid, d.refclassid, d.refobjid
	from pg_catalog.pg_depend d, made
	where d.objid > made.first and d.refobjid < made.first and d.refobjid >= 16384
	and d.deptype in ('n', 'a')
	and not (d.refclassid = 'pg_catalog.pg_namespace'::regclass
		and d.refobjid::regnamespace::text in ('public', 'hop'))
	and not exists (
		select from pg_catalog.pg_depend e
		where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e'
	)
)
select pg_catalog.pg_describe_object(d.classid, d.objid, 0),
	case when x.oid is null then pg_catalog.pg_describe_object(d.refclassid, d.refobjid, 0)
		else 'extension ' || x.extname end,
	x.extname
from dependency d
left join pg_catalog.pg_depend e on e.classid = d.refclassid and e.objid = d.refobjid
	and e.deptype = 'e' and e.refclassid = 'pg_catalog.pg_extension'::regclass
left join pg_catalog.pg_extension x on x.oid = coalesce(e.refobjid,
	case when d.refclassid = 'pg_catalog.pg_extension'::regclass then d.refobjid end)
order by 3, 2, 1
