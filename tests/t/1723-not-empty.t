#!/bin/bash
# A database with anything in it that CREATE DATABASE did not put there is not replaced unnamed.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

db=$(pg_name d)

# fresh SQL: a new database in which the SQL ran; :db stands for its name.
fresh() {
	pg_query postgres "drop database if exists $db with (force)" && pg_create_db "$db" &&
	pg_query "$db" "${1//:db/$db}"
}

test_expect_success 'a new database is empty' '
	hop_project a && cd a && git config hop.database "$(pg_conninfo "$db")" &&
	fresh "select 1" && git hop restore && pg_create_role "$(pg_name role)"
'
cd "$TRASH/a" || exit 99
role=$(pg_name role)
server='create foreign data wrapper f; create server s foreign data wrapper f'
off='connect = false, slot_name = none, enabled = false'
lex='start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype'

# What makes a database one that an upgrade takes for somebody's.
while read -r sql; do
	test_expect_success "made: $sql" '
		fresh "$sql" && test_expect_code 1 git hop restore 2>../err &&
		test_grep "contains objects that git hop did not create" ../err &&
		test_grep "hint: .*--take-over=$db" ../err
	'
done <<-END
create schema s
create table t (i int)
create view v as select 1
create sequence s
$server; create foreign table t (i int) server s
create function f() returns int language sql as 'select 1'
create procedure p() language sql as 'select 1'
create aggregate a (int) (sfunc = int4pl, stype = int)
create type t as (i int)
create type e as enum ('a')
create type r as range (subtype = text)
create domain d as int
create operator ### (leftarg = int, rightarg = int, function = int4pl)
create operator class c for type int using btree as operator 1 <(int, int)
create operator family f using btree
create operator class pg_catalog.c for type int using hash as operator 1 =(int, int)
create access method m type index handler bthandler
create cast (xid as int) without function
create cast (text as bit) with inout
create language l handler plpgsql_call_handler
create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8
create collation c (locale = 'C')
create text search configuration c (copy = simple)
create text search dictionary d (template = simple)
create text search parser p ($lex)
create text search template t (lexize = dsimple_lexize)
select lo_create(0)
select lo_create(4711)
create transform for int language sql (from sql with function prsd_lextype(internal))
END

# What an administrator does to a database that is to be filled: an upgrade would take it.
while read -r sql; do
	test_expect_success "prepared: $sql" '
		fresh "$sql" && test_expect_code 1 git hop restore 2>../err &&
		test_grep "no objects, but extensions, settings or privileges" ../err &&
		test_grep "hint: .*--take-over=$db" ../err &&
		pg_query "$db" "drop subscription if exists s"
	'
done <<-END
create extension pg_trgm
create foreign data wrapper f
$server
$server; create user mapping for public server s
create publication p for all tables
create subscription s connection 'dbname=x' publication p with ($off)
alter database :db set work_mem = '8MB'
alter role postgres in database :db set work_mem = '8MB'
alter default privileges grant select on tables to public
comment on database :db is 'mine'
comment on schema public is 'mine'
comment on schema public is null
revoke connect on database :db from public
grant create on database :db to $role
grant all on schema public to $role
revoke all on schema public from public
alter schema public owner to $role
drop schema public
drop schema public; create schema public
alter database :db connection limit 5
END

test_expect_success 'what is as every new database has it is nothing' '
	fresh "grant connect on database :db to public; revoke create on database :db from $role;
		create table t (i int); drop table t; grant usage on schema public to public" &&
	git hop restore
'

test_expect_success 'named once, it is replaced, and then it is the development database' '
	fresh "create publication p for all tables" && git hop restore --take-over="$db" &&
	git hop restore && [ "$(pg_query "$db" "select count(*) from pg_publication")" = 0 ]
'

test_done
