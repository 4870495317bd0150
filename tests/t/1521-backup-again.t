#!/bin/bash
# A retry of an upgrade makes no second backup of the same state.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

server() {
	(cd / && server_user "$HOP_TEST_PGBIN/pg_ctl" -D "$own/data" -l "$own/log" -w -s -m fast \
		-o "-c listen_addresses= -c fsync=off -c autovacuum=off -k $own" "$@" \
		>/dev/null 2>&1 7>&-)
}

sql() {
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$there" -c "$1"
}

psql_there() {
	"$HOP_TEST_PGBIN/psql" -XqAt -d "$there" >/dev/null
}

# until_open: a transaction is under way that has written.
until_open() {
	local try
	for ((try = 0; try < 100; try++)); do
		[ "$(sql "select count(backend_xid) from pg_stat_activity")" = 1 ] && return
		sleep 0.1
	done
	return 1
}

# backups NUMBER: there are so many.
backups() {
	find shop/.hop/backups -mindepth 1 -maxdepth 1 -type d >list &&
		test_line_count "=" "$1" list
}

# fails MESSAGE: an upgrade fails in its second release, and says MESSAGE about the backup.
fails() {
	test_expect_code 128 git -C shop hop upgrade --yes --database="$there" 2>err &&
	test_grep "division by zero" err && test_grep "$1" err &&
	test_grep "^hint: the backup is in " err
}

again="^nothing was committed on the server since the backup: .*/shop-postgres-[0-9a-f]*-0.1.0-"

# A server of its own, on which nobody else commits.
own=$(mktemp -d /tmp/hop-again-XXXXXX)
trap 'status=$?; server stop; rm -rf "$own"; (exit "$status"); test_exit_' EXIT
server_init "$own"
server start
there="host=$own dbname=postgres user=postgres"
prod_project shop
prod_file shop 1-one 01.sql "create table one (id int);"
prod_release shop 0.1.0 1-one
prod_file shop 2-two 01.sql "insert into one values (1); select 1/0;"
prod_release shop 0.2.0 2-two

test_expect_success 'the backup of an upgrade that failed serves the next' '
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 --database="$there" &&
	fails "^backup in" && backups 1 && fails "$again" && fails "$again" && backups 1 &&
	"$HOP_TEST_PGBIN/pg_restore" -f restored "$(cat list)" && test_grep "public.one" restored
'

test_expect_success 'what was rolled back is no change' '
	sql "begin; insert into one values (7); savepoint a; create table x (i int); rollback" &&
	fails "$again" && backups 1
'

test_expect_success 'a row that was committed is' '
	sql "insert into one values (8)" && fails "^backup in" && backups 2 &&
	fails "$again" && backups 2
'

test_expect_success 'a transaction that was open and is committed later is one, too' '
	mkfifo gate && { psql_there <gate & } && open=$! && exec 8>gate &&
	echo "begin; insert into one values (9);" >&8 && until_open &&
	sql "insert into one values (10)" && fails "^backup in" && backups 3 &&
	fails "$again" && backups 3 &&
	echo "commit;" >&8 && exec 8>&- && wait $open && fails "^backup in" && backups 4 &&
	fails "$again" && backups 4
'

test_expect_success 'a backup that was damaged is made again, and so is one of another run' '
	for folder in shop/.hop/backups/*; do rm "$folder/toc.dat" || break; done &&
	fails "^backup in" && backups 5 && fails "$again" &&
	server restart && fails "^backup in" && backups 6 && fails "$again"
'

test_expect_success 'the same with snapshots, the copies of which are work of the server, too' '
	git -C shop config hop.backup snapshot && git -C shop config hop.backupKeep 1 &&
	fails "^backup in" && backups 1 && fails "$again" && fails "$again" && backups 1 &&
	sql "insert into one values (11)" && fails "^backup in" && backups 1 && fails "$again" &&
	[ "$(sql "select count(*) from pg_database where datname ~ \$\$^hop_\$\$")" = 1 ] &&
	git -C shop config --unset hop.backup && git -C shop config hop.backupKeep 10 &&
	fails "^backup in" && backups 2
'

test_expect_success 'a changed file of states is not believed' '
	for facts in shop/.hop/backups/*/hop.backup; do
		sed -i "s/^state .*/state 1 2 x/" "$facts" || break
	done &&
	fails "^backup in" && backups 3 &&
	for facts in shop/.hop/backups/*/hop.backup; do
		sed -i "s/^\(state [0-9]* [0-9]*\) .*/\1 nonsense/" "$facts" || break
	done &&
	fails "^backup in" && backups 4
'

test_done
