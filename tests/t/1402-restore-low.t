#!/bin/bash
# git hop restore for a role that may not create databases.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/restore-lib.sh
. "$(dirname "$0")/../lib/restore-lib.sh"

dev=$(pg_name low)
role=$(pg_name role)

as_role() {
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$(pg_conninfo "$dev" "$role")" "$@"
}

test_expect_success 'a project, and a role that owns one database' '
	hop_project p &&
	cd p &&
	production 1.0.0 "CREATE TABLE public.item (id integer);
		CREATE SCHEMA side; CREATE TABLE side.more (id integer);" &&
	pg_create_role "$role" &&
	git config hop.database "$(pg_conninfo "$dev" "$role")"
'

test_expect_success 'there must be a database' '
	test_expect_code 1 git hop restore 2>err &&
	test_grep "cannot create databases, and database .$dev. does not exist" err &&
	test_grep "^hint: .*CREATEDB" err
'

test_expect_success 'and a word that everything in it may be dropped' '
	pg_create_db "$dev" "$role" &&
	test_expect_code 1 git hop restore 2>err &&
	test_grep "hint: .*git config hop.resetDatabase true" err &&
	git config hop.resetDatabase true &&
	git hop restore 2>err &&
	test_grep "^database .$dev. is at version 1.0.0" err &&
	is_at "$dev" 1.0.0 &&
	[ "$(as_role -c "select role from hop.project")" = development ]
'

test_expect_success 'everything that the role can make is dropped' - <<'END'
	as_role -c "create procedure p() language sql $(pg_atomic "select 1;")" &&
	as_role >out 2>&1 <<-\EOF &&
		create schema x;
		create extension citext;
		create table x.a (i int generated always as identity, j serial, c citext);
		alter table x.a add primary key (i);
		create table x.b (a int references x.a, at timestamptz);
		create function x.f(x.a) returns int language sql as 'select 1';
		create function t() returns trigger language plpgsql as 'begin return new; end';
		create trigger t before insert on x.b for each row execute function t();
		create type e as enum ('a');
		create type c as (a int, b e);
		create type r as range (subtype = float8);
		create domain d as int check (value > 0);
		create aggregate s(int) (sfunc = int4pl, stype = int4);
		create operator === (function = int4pl, leftarg = int, rightarg = int);
		create collation k from "C";
		create table pt (i int) partition by range (i);
		create table pt1 partition of pt for values from (0) to (10);
		create view v as select * from pt;
		create materialized view mv as select 1 as a;
		create sequence sq;
		create table "odd ""name" (i d, j e, k c[]);
		create text search dictionary sd (template = simple);
		create text search configuration sc (copy = simple);
		create statistics st on i, j from "odd ""name";
		create publication pub for table x.a;
		create rule ru as on delete to v do instead nothing;
		create schema "sp ace" create table "in it" ();
		comment on schema x is 'x';
		alter default privileges in schema x grant select on tables to public;
	EOF
	git hop restore &&
	pg_dump_schema "$dev" -N hop --no-owner >actual &&
	plain=$(pg_name plain) &&
	pg_create_db "$plain" &&
	pg_psql "$plain" -f .hop/model/schema.sql &&
	pg_dump_schema "$plain" --no-owner >expect &&
	test_cmp expect actual
END

test_expect_success 'a thousand tables at once would be too many locks' '
	as_role -c "do \$\$ begin for i in 1..1000 loop
		execute format(\$q\$create table t%s (i serial primary key, v text)\$q\$, i);
		end loop; end \$\$" &&
	git hop restore 0.0.0 &&
	as_role -c "select relname from pg_class
		where relnamespace = \$\$public\$\$::regnamespace" >left &&
	test_must_be_empty left
'

test_expect_success 'what an extension of others brought stays' '
	pg_query "$dev" "create extension pgcrypto schema public" &&
	git hop restore &&
	as_role -c "select gen_random_uuid(), length(gen_salt(\$\$bf\$\$))" &&
	is_at "$dev" 1.0.0
'

test_expect_success 'a database with objects of others is asked about first' '
	as_role -c "drop schema hop cascade; create table mine (id int)" &&
	test_expect_code 1 git hop restore 2>err &&
	test_grep "git hop restore --take-over=$dev" err &&
	as_role -c "table mine" &&
	git hop restore --take-over="$dev" &&
	is_at "$dev" 1.0.0 &&
	test_must_fail as_role -c "table mine"
'

test_expect_success 'a production database is refused' '
	as_role -c "update hop.project set role = \$\$production\$\$" &&
	test_expect_code 1 git hop restore --take-over="$dev" &&
	as_role -c "table item" &&
	as_role -c "update hop.project set role = \$\$development\$\$"
'

test_expect_success 'two at once: one after the other' '
	git hop restore 1.0.0 & first=$! &&
	git hop restore 0.0.0 &&
	wait $first &&
	git hop restore &&
	is_at "$dev" 1.0.0
'

test_expect_success 'objects of other roles stop it, by name, before anything is dropped' '
	pg_query "$dev" "create schema foreign_one; create table foreign_one.t ();
		create table in_public (id serial); create extension postgres_fdw;
		create server far foreign data wrapper postgres_fdw; create publication news;
		create function trigger_it() returns event_trigger language plpgsql
			as \$\$ begin end \$\$;
		create event trigger watch on ddl_command_end execute function trigger_it();
		select lo_create(4711); create type side.kind as enum ()" &&
	test_expect_code 1 git hop restore 2>err && cat err &&
	test_grep "error: cannot empty database .$dev.: other roles own objects in it" err &&
	for object in "schema foreign_one" "table foreign_one.t" "table public.in_public" \
		"server far" "publication news" "event trigger watch" "type side.kind" \
		"function public.trigger_it()" "large object 4711"; do
		test_grep "$object, of the role .postgres." err || return
	done &&
	test_grep "^hint: .*REASSIGN OWNED BY .* TO .$role.;" err && is_at "$dev" 1.0.0 &&
	pg_query "$dev" "drop schema foreign_one cascade; drop table in_public;
		drop extension postgres_fdw cascade; drop publication news;
		drop event trigger watch; drop function trigger_it(); drop type side.kind;
		select lo_unlink(4711)" &&
	git hop restore
'

test_expect_success 'no database was made beside it' '
	hop_databases >list &&
	test_must_be_empty list
'

pg_query postgres "drop database \"$dev\"" >/dev/null
pg_query postgres "drop role \"$role\"" >/dev/null

test_done
