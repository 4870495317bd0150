#!/bin/bash
# Two upgrades of one database.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# Holds the lock as an upgrade does, until its standard input ends.
hold_lock() {
	PGAPPNAME="git hop upgrade" "$HOP_TEST_PGBIN/psql" -XqAt -d "$HOP_DATABASE" -c \
		"select pg_advisory_lock(x'${PROJECT_ID:0:16}'::bigint)" -f - >/dev/null
}

wait_for_lock() {
	while [ "$(pg_query "$db" "select count(*) from pg_locks l join pg_database d
		on d.oid = l.database where locktype = 'advisory' and datname = '$db'")" = 0 ]; do
		sleep 0.1
	done
}

test_expect_success 'a project' '
	prod_project shop &&
	for n in 1 2 3 4 5; do
		prod_file shop $n-p 01.sql "create table t$n (id int); select pg_sleep(0.1);" &&
		prod_release shop 0.$n.0 $n-p
	done
'

test_expect_success 'whoever waits in vain is told who holds the lock' '
	prod_db held &&
	git -C shop config hop.lockTimeout 1 &&
	mkfifo gate &&
	{ hold_lock <gate & } &&
	exec 7>gate &&
	wait_for_lock &&
	pid=$(pg_query $db "select pid from pg_locks l join pg_database d on d.oid = l.database
		where locktype = '\''advisory'\'' and datname = current_database()") &&
	prod_state >before &&
	test_expect_code 75 git -C shop hop upgrade --yes 2>err &&
	test_grep "database .$db. is locked by another upgrade" err &&
	test_grep "^hint: held by process $pid, role postgres, git hop upgrade, from this" err &&
	test_grep ", connected since 20[0-9][0-9]-" err &&
	test_grep "hop.lockTimeout" err &&
	prod_state >after &&
	test_cmp before after
'

test_expect_success 'looking takes no lock' '
	git -C shop hop update >out &&
	git -C shop hop upgrade --dry-run >plan &&
	test_cmp out plan
'

test_expect_success 'SIGTERM ends the waiting' '
	git -C shop config hop.lockTimeout 600 &&
	{ git-hop -C shop upgrade --yes 2>term 7>&- & } &&
	pid=$! &&
	while ! grep -sq "held by process" term; do sleep 0.1; done &&
	kill -TERM $pid &&
	test_expect_code 143 wait $pid
'

test_expect_success 'whoever waits goes on when the lock is free' '
	{ git-hop -C shop upgrade --yes --no-backup --to-release 0.1.0 2>waited 7>&- & } &&
	pid=$! &&
	while ! grep -sq "held by process" waited; do sleep 0.1; done &&
	exec 7>&- &&
	wait $pid &&
	test_grep "waiting up to 600 s" waited &&
	echo "0.0.0 0.1.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions
'

test_expect_success 'four upgrades at once: one does it, the others find it done' '
	prod_db race &&
	for n in 1 2 3 4; do
		git clone -q shop.git clone$n &&
		{ git-hop -C clone$n upgrade --yes --no-backup >out$n 2>err$n & }
	done &&
	wait &&
	cat err? &&
	echo "0.0.0 0.1.0 0.2.0 0.3.0 0.4.0 0.5.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions &&
	grep -l "nothing to apply" out? >done &&
	test_line_count = 3 done
'

test_done
