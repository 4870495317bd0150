#!/bin/bash
# A production database whose schema was changed by something other than a release.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# release ID SQL: a release with that one patch.
release() {
	git hop release create minor &&
	hop_patch "$1" "$2" &&
	git hop patch merge &&
	git hop release promote prod
}

# sql TEXT: in production.
sql() {
	pg_query "$db" "$1"
}

# upgrade [OPTION...]
upgrade() {
	git -C prod hop upgrade --yes --no-backup "$@"
}

test_expect_success 'a project, and production at its first release' '
	hop_project dev &&
	(
		cd dev &&
		release 1-base "
			create table customer (id int primary key, email text not null);
			create index customer_email on customer (email);
			create function total(int) returns int language sql immutable
				as '\''select \$1'\'';
			create view emails as select email from customer;
			create table event (at date primary key, what text) partition by range (at);
			create index on event (what);
			create table event_2020 partition of event
				for values from ('\''2020-01-01'\'')
				to ('\''2021-01-01'\'');"
	) &&
	prod_db drift &&
	git hop clone --production --database="$HOP_DATABASE" "$TRASH/origin.git" prod &&
	unset HOP_DATABASE &&
	upgrade &&
	git -C prod hop check >out 2>&1 &&
	test_grep "no problems found" out &&
	(
		cd dev &&
		release 2-name "alter table customer add name text;"
	)
'

test_expect_success 'what every production database has does not stop an upgrade, and is listed' '
	role=$(pg_name monitor) &&
	pg_create_role "$role" &&
	sql "
		create table event_2021 partition of event
			for values from ('\''2021-01-01'\'')
			to ('\''2022-01-01'\'');
		comment on table event_2021 is '\''last year'\'';
		drop table event_2020;
		grant select on customer to $role;
		create extension pg_stat_statements" &&
	prod_state >before &&
	git -C prod hop check --database="$(pg_conninfo "$db")" >out 2>&1 &&
	test_grep "TABLE public.event_2021 is only in the database (a partition)" out &&
	test_grep "TABLE public.event_2020 is missing in the database (a partition)" out &&
	test_grep "EXTENSION pg_stat_statements is only in the database (an extension)" out &&
	prod_state >after &&
	test_cmp before after &&
	upgrade 2>err &&
	test_grep "TABLE public.event_2021 is only in the database" err &&
	sql "select max(version) from hop.release" >out &&
	echo 0.2.0 >expect &&
	test_cmp expect out
'

test_expect_success 'the order of columns does not count' '
	sql "alter table customer drop email cascade; alter table customer drop name;
		alter table customer add name text; alter table customer add email text not null;
		create index customer_email on customer (email);
		create view emails as select email from customer" &&
	git -C prod hop check >out 2>&1 &&
	test_grep "no problems found" out
'

# stops WHAT SQL PATTERN: a change by hand is found, named, and stops the upgrade.
stops() {
	change=$2 pattern=$3
	test_expect_success "an upgrade is stopped by: $1" '
		sql "$change" &&
		prod_state >before &&
		test_expect_code 1 upgrade 2>err &&
		prod_state >after &&
		test_cmp before after &&
		test_grep "$pattern" err &&
		test_grep "is not that of 0.2.0: 1 object differs" err &&
		test_grep "^hint: .*--accept-drift" err &&
		test_expect_code 1 git -C prod hop check >out 2>err.check &&
		test_grep "^drift: $pattern" out
	'
}

test_expect_success 'a third release' '
	(
		cd dev &&
		release 3-more "create table more (id int);"
	)
'

stops 'a new table' 'create table by_hand (id int)' \
	'TABLE public.by_hand.* is only in the database'
sql 'drop table by_hand' >/dev/null
stops 'an index that was dropped' 'drop index customer_email' \
	'INDEX public.customer_email.* is missing'
sql 'create index customer_email on customer (email)' >/dev/null
stops 'a column of another type' 'alter table customer alter id type bigint' \
	'TABLE public.customer.* differs'
sql 'alter table customer alter id type int' >/dev/null
stops 'another body' \
	'create or replace function total(int) returns int language sql immutable
		as $$select $1 + 1$$' \
	'FUNCTION public.total(integer).* differs'

test_expect_success 'the lines that differ are shown' '
	test_grep "^  - .*select .1" err &&
	test_grep "^  + .*select .1 + 1" err &&
	test_grep "^  + .*select .1 + 1" out
'

test_expect_success '--accept-drift shows the differences and goes on' '
	upgrade --accept-drift 2>err &&
	test_grep "FUNCTION public.total(integer) differs" err &&
	sql "select max(version) from hop.release" >out &&
	echo 0.3.0 >expect &&
	test_cmp expect out
'

test_expect_success 'hop.driftCheck = false: no comparison' '
	(
		cd dev &&
		release 4-last "create table last_one (id int);"
	) &&
	git -C prod config hop.driftCheck false &&
	upgrade 2>err &&
	! grep differs err &&
	git -C prod config --unset hop.driftCheck
'

test_expect_success '[drift] ignore in a release: listed, and no reason to stop' '
	(
		cd dev &&
		git hop release create minor &&
		hop_patch 5-ignore "create table ignored (id int);" &&
		printf "\n[drift]\nignore = public.tot*\n" >>.hop/config &&
		git commit -qam "Let totals differ" &&
		git hop patch merge &&
		git hop release promote prod
	) &&
	upgrade 2>err &&
	test_grep "FUNCTION public.total(integer) differs from the release (ignored)" err
'

test_expect_success 'a patch that was applied with other files is found' '
	sql "create or replace function total(int) returns int language sql immutable
		as '\''select \$1'\''" &&
	git -C prod hop check >out 2>&1 &&
	sql "update hop.patch set hash = repeat('\''0'\'', 40) where id = '\''2-name'\''" &&
	test_expect_code 1 git -C prod hop check >out 2>err &&
	test_grep "^patch-differs: 2-name: " out &&
	(
		cd dev &&
		release 6-any "create table any_one (id int);"
	) &&
	prod_state >before &&
	test_expect_code 1 upgrade 2>err &&
	test_grep "patch .2-name. was not applied" err &&
	sql "delete from hop.patch where id = '\''2-name'\''" &&
	test_expect_code 1 upgrade 2>err &&
	test_grep "patch .2-name. was not applied" err
'

test_expect_success 'check in a development clone compares a production database that is named' '
	sql "create table once_more (id int)" &&
	test_expect_code 1 git -C dev hop check --database="$(pg_conninfo "$db")" >out 2>err &&
	test_grep "^drift: TABLE public.once_more: is only in the database" out
'

test_done
