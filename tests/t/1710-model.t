#!/bin/bash
# What a model holds: all that patches made is there in the next release.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# release ID SQL: a minor release with this one patch goes to production.
release() {
	git hop release create minor && merged "$@" && git hop release promote prod
}

# check QUERY RESULT: what the development database at production answers.
check() {
	git hop restore && pg_query "$db" "$1" >"$TRASH/answer" &&
	echo "$2" >"$TRASH/expect" && test_cmp "$TRASH/expect" "$TRASH/answer"
}

test_expect_success 'a project' '
	hop_project p && cd p
'
cd "$TRASH/p" || exit 99
db=$(pg_name p)

test_expect_success 'indexes, checks and keys that need the search_path of the database' '
	release 1 "create extension cube; create extension earthdistance;
		create table place (lat float8, lng float8);
		create index on place using gist (ll_to_earth(lat, lng));
		create function own(text) returns text language sql immutable
			as \$\$ select \$1 \$\$;
		create function words(text) returns text language sql immutable
			as \$\$ select lower(own(\$1)) \$\$;
		create table p (name text check (words(name) <> \$\$\$\$));
		create index on p (words(name));
		insert into p values (\$\$A\$\$);" &&
	check "select count(*), min(words(name)) from p" "1|a" &&
	release 2 "create table after_index (i int);"
'

test_expect_success 'rows, in their order, sequences, generated and identity columns' '
	release 3 "create table r (id int generated always as identity primary key, v text,
			g int generated always as (length(v)) stored);
		insert into r (v) values (\$\$b\$\$), (\$\$a\tb\$\$), (null);
		create sequence s start 7; select nextval(\$\$s\$\$), nextval(\$\$s\$\$);
		create sequence untouched;
		create table part (i int, t text) partition by list (i);
		create table part1 (t text, i int);
		alter table part attach partition part1 for values in (1);
		insert into part values (1, \$\$one\$\$);
		create table no_columns (); insert into no_columns default values;
		create table loop (id int primary key,
			other int not null references loop deferrable);
		insert into loop values (1, 2), (2, 1);
		create table log (i int);
		create function audit() returns trigger language plpgsql
			as \$f\$ begin insert into log values (new.id); return new; end \$f\$;
		create trigger audit after insert on loop for each row execute function audit();
		create table secret (i int); insert into secret values (5);
		alter table secret enable row level security;
		alter table secret force row level security;" &&
	check "select (select string_agg(id || coalesce(v, \$\$-\$\$) || coalesce(g, 0), \$\$,\$\$
			order by id) from r),
		nextval(\$\$s\$\$), nextval(\$\$untouched\$\$), (select max(t) from part1),
		(select count(*) from no_columns), (select count(*) from loop),
		(select count(*) from log), (select count(*) from secret),
		(select count(*) from pg_constraint where conrelid = \$\$loop\$\$::regclass)" \
		"1b1,2a\\tb4,3-0|9|1|one|1|2|0|1|2" &&
	! grep untouched .hop/model/data.sql &&
	git hop release create minor && merged 4 "insert into r (v) values (\$\$next\$\$);" &&
	git hop release promote prod &&
	check "select max(id) from r" 4 &&
	git diff --numstat HEAD^ HEAD -- .hop/model/data.sql >../stat &&
	test_grep "^2	1	" ../stat
'

test_expect_success 'large objects, and the version of an extension that a patch chose' '
	release 40 "create extension hstore version \$\$1.4\$\$;
		select lo_from_bytea(4711, \$\$abc\$\$);
		comment on large object 4711 is \$\$mine\$\$;
		grant select on large object 4711 to pg_monitor;" &&
	check "set role pg_monitor; select lo_get(4711), extversion,
			obj_description(4711, \$\$pg_largeobject\$\$)
		from pg_extension where extname = \$\$hstore\$\$" "\\x616263|1.4|mine"
'

test_expect_success 'privileges and populated materialized views' '
	release 5 "create table doc (id int primary key);
		grant select on doc to pg_monitor;
		create materialized view mv as select 1 as id; create unique index on mv (id);
		create view over as select id from mv;
		create materialized view amv as select id from over;
		create materialized view empty as select 1 as id with no data;
		alter default privileges grant select on tables to pg_monitor;" &&
	check "select count(*) from mv, amv" 1 &&
	check "set role pg_monitor; select count(*) from doc" 0 &&
	check "select relispopulated from pg_class where relname = \$\$empty\$\$" f &&
	release 6 "refresh materialized view concurrently mv; create table by_default (i int);" &&
	check "set role pg_monitor; select count(*) from by_default" 0
'

test_expect_success 'settings of the database, and its schema public' '
	release 7 "create schema app;
		do \$d\$ begin execute format(
			\$\$alter database %I set search_path = app, \"a b\", public\$\$,
			current_database()); end \$d\$;
		do \$d\$ begin execute format(\$\$alter database %I set work_mem = %L\$\$,
			current_database(), \$\$7MB\$\$); end \$d\$;" &&
	check "show search_path" "app, \"a b\", public" && check "show work_mem" 7MB &&
	release 8 "drop view over cascade; drop materialized view mv, empty;
		create table app.t (i int);" &&
	check "show search_path" "app, \"a b\", public" &&
	git hop restore 0.7.0 && [ "$(pg_query "$db" "show work_mem")" != 7MB ]
'

test_expect_success 'a schema public that is dropped stays dropped' '
	git hop release create minor &&
	merged 9 "drop schema public cascade;" && git hop release promote prod &&
	check "select count(*) from pg_namespace where nspname = \$\$public\$\$" 0 &&
	git hop release create minor && hop_patch 10 "create table public.t2 (id int);" &&
	test_expect_code 1 git hop patch merge 2>err && test_grep "public" err && rm err
'

test_expect_success 'git shows what each release changed, and .hop/model does not grow' '
	git switch -q ho-prod &&
	git log --first-parent -p --format=%s .hop/model/schema.sql >../log &&
	test_grep "^+CREATE TABLE public.after_index" ../log &&
	test_grep "^Release 0.2.0" ../log &&
	hop_model_of 0.10.0
'

test_done
