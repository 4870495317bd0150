#!/bin/bash
# A build and every upgrade to the same version end in the same database: what a model must keep.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/equal-lib.sh
. "$(dirname "$0")/../lib/equal-lib.sh"

test_expect_success 'tables, views and functions that later releases alter' '
	equal_project schema &&
	promoted prod "create table one (i int primary key, t text);
		create view v as select i from one;" \
		"create function f(int) returns int language sql as \$\$ select \$1 \$\$;" &&
	promoted prod "alter table one drop t, add n numeric(5,2) default f(1);" \
		"create table two (i int references one, unique (i)); drop view v;" &&
	promoted hotfix "create index on two (i) where i > 0;" &&
	promoted prod "alter table two rename i to j; alter table one add u int;" &&
	equal_everywhere
'

test_expect_success 'the words see a difference of every kind' '
	a=$(pg_name alpha) && b=$(pg_name beta) && pg_create_db "$a" &&
	pg_query "$a" "create schema hop; create table hop.release (version text);
		create table hop.patch (id text); create table t (i int, u text);
		insert into t values (1, '\''a'\''); create sequence s; select lo_create(5);
		create materialized view m as select 1 as i" &&
	equal_state "$(pg_conninfo "$a")" ../alpha &&
	i=0 && while read -r sql; do
		pg_query postgres "drop database if exists \"$b\"" &&
		pg_query postgres "create database \"$b\" template \"$a\"" &&
		pg_query "$b" "$sql" && equal_state "$(pg_conninfo "$b")" ../beta &&
		! equal_cmp ../alpha ../beta || { echo "not seen: $sql" && return 1; }
		i=$((i + 1))
	done <<-END &&
		alter table t add v int
		alter table t alter i set default 4
		grant select on t to pg_monitor
		grant select (i) on t to pg_monitor
		comment on column t.i is '\''x'\''
		insert into t values (1, '\''a'\'')
		update t set u = null
		alter database "$b" set work_mem = '\''8MB'\''
		comment on database "$b" is '\''x'\''
		revoke connect on database "$b" from public
		drop schema public cascade
		refresh materialized view m with no data
		select lo_put(5, 0, '\''x'\'')
		comment on large object 5 is '\''x'\''
		drop sequence s
		create sequence r
		alter default privileges grant select on tables to public
		insert into hop.release values ('\''0.1.0'\'')
	END
	[ $i = 18 ] &&
	pg_query postgres "drop database \"$b\"" &&
	pg_query postgres "create database \"$b\" template \"$a\"" &&
	pg_query "$b" "select nextval('\''s'\''); alter table t add v int; alter table t drop v" &&
	equal_state "$(pg_conninfo "$b")" ../beta &&
	equal_cmp ../alpha ../beta && ! equal_cmp ../beta ../alpha
'

test_done
