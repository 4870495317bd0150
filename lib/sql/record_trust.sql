-- Why hop's tables cannot be trusted, if so: whose they are, or what could make a statement on them
-- run another role's code. Whoever could act as the current role or as the
-- owner of the database anyway, such as a superuser, may own them.
with may as materialized (
	select r.oid from pg_catalog.pg_roles r,
	(
		select datdba as owner, (
			select oid from pg_catalog.pg_roles where rolname = current_user
		) as own
		from pg_catalog.pg_database where datname = current_database()
	) d
	where pg_has_role(r.oid, d.own, 'MEMBER') or pg_has_role(r.oid, d.owner, 'MEMBER')
),
rel as materialized (
	select c.*, format('table hop.%I', c.relname) as name
	from pg_catalog.pg_class c
	where c.relnamespace = to_regnamespace('hop')
	and c.relname in ('project', 'release', 'patch', 'file', 'bootstrap')
),
expression as (
	select 'pg_catalog.pg_attrdef'::regclass as classid, d.oid, rel.name, d.adbin::text as tree
	from rel join pg_catalog.pg_attrdef d on d.adrelid = rel.oid
	union all
	select 'pg_catalog.pg_constraint'::regclass, k.oid, rel.name, k.conbin::text
	from rel join pg_catalog.pg_constraint k on k.conrelid = rel.oid where k.conbin is not null
	union all
	select 'pg_catalog.pg_class'::regclass, i.indexrelid, rel.name, concat(i.indexprs, i.indpred)
	from rel join pg_catalog.pg_index i on i.indrelid = rel.oid
	where i.indexprs is not null or i.indpred is not null
)
select why from (
	select 1 as place, format('it belongs to the role %I', pg_get_userbyid(n.nspowner)) as why
	from pg_catalog.pg_namespace n
	where n.nspname = 'hop' and n.nspowner not in (select oid from may)
	union all
	select 2, format('%s belongs to the role %I', name, pg_get_userbyid(relowner))
	from rel where relowner not in (select oid from may)
	union all
	select 3, format('%s is not a table', name) from rel where relkind <> 'r'
	union all
	select 4, format('%s has the trigger %I', rel.name, t.tgname)
	from rel join pg_catalog.pg_trigger t on t.tgrelid = rel.oid where not t.tgisinternal
	union all
	select 5, format('%s has the rule %I', rel.name, r.rulename)
	from rel join pg_catalog.pg_rewrite r on r.ev_class = rel.oid where rel.relkind = 'r'
	union all
	select 6, format('%s has row security', name) from rel
	where relrowsecurity or exists (select from pg_catalog.pg_policy where polrelid = rel.oid)
	union all
	select 7, format('%s inherits, or is inherited from', rel.name)
	from rel join pg_catalog.pg_inherits h on rel.oid in (h.inhrelid, h.inhparent)
	union all
	select 8, format('the column %I of %s has a type that a user created', a.attname, rel.name)
	from rel join pg_catalog.pg_attribute a on a.attrelid = rel.oid where a.atttypid >= 16384
	union all
	-- PostgreSQL's own functions can run SQL, too: these are the ones that hop.sql needs.
	select 9, format('a default, constraint or index of %s calls other functions than git hop''s', name)
	from expression e
	where exists (
		select from regexp_matches(e.tree, ':[a-z]*funcid ([0-9]+) ', 'g') as call(id)
		where call.id[1]::oid not in (
			select oid from pg_catalog.pg_proc
			where oid < 16384 and proname in ('booleq', 'clock_timestamp', 'int4ge', 'int84ge',
				'now', 'text', 'texteq', 'textne', 'textregexeq')
		) and call.id[1] <> '0'
	) or exists (
		select from pg_catalog.pg_depend d
		where d.classid = e.classid and d.objid = e.oid and d.refobjid >= 16384
		and d.refclassid in ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_type'::regclass,
			'pg_catalog.pg_operator'::regclass)
	)
) s
order by place, why limit 1;
