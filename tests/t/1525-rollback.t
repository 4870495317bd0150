#!/bin/bash
# git hop rollback: back to the backup before an upgrade, and what stands in its way.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# rows DATABASE: its rows and objects, and what pg_dump leaves out.
everything() {
	prod_state "$1" | sed "s/ [0-9]*, '0.1.0'/ N, '0.1.0'/" &&
		about "$1"
}

about() {
	pg_query postgres "select pg_get_userbyid(datdba),
		(select array_agg(a::text order by a::text) from unnest(datacl) a),
		datcollate, datconnlimit, encoding,
		shobj_description(oid, 'pg_database'), datallowconn,
		(select string_agg(setrole::regrole::text || setconfig::text, ' ' order by setrole)
			from pg_db_role_setting where setdatabase = d.oid)
		from pg_database d where datname = \$\$$1\$\$"
}

databases() {
	pg_query postgres "select datname from pg_database
		where datname ~ '^$PG_PREFIX' or starts_with(datname, 'hop_${PROJECT_ID:0:8}_r_')
		order by 1"
}

# prepared WORD: a database $db at 0.2.0, and in "past" what it was at 0.1.0.
prepared() {
	prod_db "$1" && git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	everything "$db" >past && git -C shop hop upgrade --yes
}

test_expect_success 'a project with two releases, and a database that is at the second' '
	prod_project shop &&
	prod_file shop 1-one 01.sql "create table one as select i from generate_series(1, 100) i;
		create function f() returns int language sql as \$\$select 1\$\$;
		create view v as select * from one; select lo_create(7);" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "drop view v; alter table one drop i; create table two ();" &&
	prod_release shop 0.2.0 2-two &&
	owner=$(pg_name owner) && app=$(pg_name app) &&
	pg_create_role $owner && pg_create_role $app &&
	prod_db shop && pg_query $db "alter database $db owner to $owner;
		alter database $db connection limit 42;
		alter database $db set search_path = public, \"a b\";
		alter database $db set work_mem = \$\$7MB\$\$;
		alter role $app in database $db set statement_timeout = 7000;
		revoke connect on database $db from public;
		grant connect on database $db to $app with grant option;
		comment on database $db is \$\$our
shop\$\$" && about $db >settings && prepared_db=$db &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	everything $db >past && git -C shop hop upgrade --yes
'

# transactions FILE: since the backup, as the question says.
transactions() {
	sed -n "s/^  transactions of the database since then: \([0-9]*\), readers .*/\1/p" "$1"
}

test_expect_success 'it says what would be lost, and asks' '
	git -C shop hop rollback --dry-run >out && few=$(transactions out) && [ "$few" -gt 0 ] &&
	for i in $(seq 20); do pg_query $db "select 1" || break; done >/dev/null &&
	pg_query $db "insert into one default values" && everything $db >before &&
	test_expect_code 1 git -C shop hop rollback >out 2>err &&
	test_grep "is at 0.2.0, to be replaced by shop-$db-.*-0.1.0-" out &&
	test_grep "^  releases that are taken back: 0.2.0\$" out &&
	test_grep "^  everything written since 20.* is lost" out &&
	many=$(transactions out) && [ "$many" -gt $((few + 20)) ] &&
	[ "$many" -lt $((few + 100)) ] &&
	test_grep "^  written by the whole server since then: [1-9]" out &&
	test_grep "yes" err &&
	git -C shop hop rollback --dry-run >out2 && test_line_count = 5 out2 &&
	everything $db | test_cmp before -
'

test_expect_success 'it goes back, with all that a dump leaves out' '
	git -C shop hop rollback --yes >out 2>err && test_grep "swapped in [0-9]* ms" err &&
	test_grep "database .$db. is at 0.1.0" err && everything $db | test_cmp past - &&
	about $db | test_cmp settings - && [ "$(pg_query $db "select count(*) from one")" = 100 ] &&
	databases >list && test_line_count = 2 list && kept=$(sed -n 2p list) &&
	test_grep "the replaced database is .$kept" err &&
	[ "$(pg_query $kept "select count(*) from one")" = 101 ] &&
	[ "$(pg_query $db "select count(*) from pg_stats where tablename = \$\$one\$\$")" = 1 ]
'

test_expect_success 'after it, upgrade works without any flag' '
	git -C shop hop upgrade --yes && prod_versions >out && echo 0.0.0 0.1.0 0.2.0 >expect &&
	test_cmp expect out
'

test_expect_success '--drop removes what was replaced, and nothing else' '
	test_expect_code 1 git -C shop hop rollback --drop 2>err && databases >list2 &&
	test_cmp list list2 && git -C shop hop rollback --drop --yes >out && databases >list2 &&
	echo $db | test_cmp - list2 && echo $kept | test_cmp - out &&
	test_expect_code 1 git -C shop hop rollback --drop --yes 2>err &&
	test_grep "no database that a rollback replaced" err
'

test_expect_success 'a version without a backup, and a wrong command line' '
	test_expect_code 1 git -C shop hop rollback --yes --to-release 0.3.0 2>err &&
	test_grep "no backup of database .$db. at 0.3.0" err &&
	test_expect_code 129 git -C shop hop rollback --to-release 0.1.0 --backup=x 2>err &&
	test_expect_code 1 git -C shop hop rollback --backup=x 2>err && test_grep "no backup .x" err
'

# killed POINT: the database is the old or the restored one; the next rollback, or upgrade, works.
killed() {
	everything "$db" >old &&
	HOP_FAIL=$1:1:kill test_expect_code 137 git-hop -C shop rollback --yes &&
	if [ "$1" != rollback.closed ] && [ "$1" != rollback.renamed ]; then
		everything "$db" >now && { cmp -s old now || cmp -s past now; }
	else
		[ "$(pg_query postgres "select datallowconn from pg_database
			where datname = \$\$$db\$\$")" = f ]
	fi
}

for point in restore.created restore.restored rollback.ready rollback.closed rollback.renamed; do
	test_expect_success "killed at $point: the next one goes on" '
		killed $point && git -C shop hop rollback --yes 2>err &&
		everything $db | test_cmp past - && git -C shop hop rollback --drop --yes &&
		databases >list2 && echo $db | test_cmp - list2 && git -C shop hop upgrade --yes
	'
	[ $point != rollback.closed ] || test_expect_success 'and tells what was left' '
		test_grep "killed before it could replace database .$db.: it takes connections" err
	'
done

test_expect_success 'killed after the swap: it was done' '
	killed rollback.swapped && everything $db | test_cmp past - && git -C shop hop upgrade --yes
'

test_expect_success 'killed during the swap: upgrade works too' '
	prod_file shop 3-three 01.sql "create table three ();" && prod_release shop 0.3.0 3-three &&
	killed rollback.closed && git -C shop hop upgrade --yes 2>err &&
	test_grep "takes connections again" err &&
	pg_query $db "table three" && git -C shop hop rollback --yes --to-release 0.1.0 &&
	everything $db | test_cmp past - && git -C shop hop rollback --drop --yes
'

test_expect_success 'sessions that keep connecting do not stop the swap' '
	git -C shop hop upgrade --yes && mkdir pool &&
	for n in 1 2 3 4; do
		while [ -d pool ]; do pg_query $db "select pg_sleep(9)"; done >/dev/null 2>&1 &
	done && git -C shop hop rollback --yes --to-release 0.1.0 2>err
	status=$? && rmdir pool && test_grep "swapped in" err && [ $status = 0 ] &&
	pg_query postgres "select pg_terminate_backend(pid) from pg_stat_activity
		where datname = \$\$$db\$\$" >/dev/null && wait &&
	everything $db | test_cmp past -
'

test_expect_success 'a backup that is bad, or restores to something else: nothing is changed' '
	git -C shop hop upgrade --yes && everything $db >before && databases >list &&
	facts=$(ls -t shop/.hop/backups/*-0.1.0-*/hop.backup | head -n 1) &&
	name=$(basename "$(dirname "$facts")") && cp "$facts" facts &&
	sed -i "s/^count table .*/count table 77/" "$facts" &&
	test_expect_code 128 git -C shop hop rollback --yes --backup="$name" 2>err &&
	test_grep "is not what was backed up" err && test_grep "nothing was changed" err &&
	sed "s/^bytes .*/bytes 7/" facts >"$facts" &&
	test_expect_code 128 git -C shop hop rollback --yes --backup="$name" 2>err &&
	test_grep "is damaged" err && cp facts "$facts" &&
	everything $db | test_cmp before - && databases | test_cmp list -
'

# quoted NAME: as a value in a connection string.
quoted() {
	printf "'%s'" "$1" | sed "s/\(.\)'\(.\)/\1\\\\'\2/g"
}

test_expect_success 'a database of any name' '
	name="$(pg_name "we/ird-; rm \"x\" = '\''y")" && hostile="${name//\"/\"\"}" &&
	pg_query postgres "create database \"$hostile\" template template0" &&
	test_when_finished "pg_cleanup_" &&
	HOP_DATABASE="host=$HOP_TEST_PGHOST user=postgres dbname=$(quoted "$name")" &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	git -C shop hop upgrade --yes && git -C shop hop rollback --yes --to-release 0.1.0 &&
	git -C shop hop update >out && test_grep "is at 0.1.0, 2 releases to apply" out &&
	git -C shop hop rollback --drop --yes
'

test_expect_success 'a role that owns the database and may create others' '
	low=$(pg_name low) && pg_create_role $low createdb && db=$(pg_name low_db) &&
	pg_create_db $db $low && HOP_DATABASE=$(pg_conninfo $db $low) &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	git -C shop hop upgrade --yes && git -C shop hop rollback --yes \
		--to-release 0.1.0 && [ "$(pg_query $db "select count(*) from one")" = 100 ] &&
	about $db >out && test_grep "^$low|" out
'

test_done
