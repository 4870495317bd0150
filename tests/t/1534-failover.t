#!/bin/bash
# A primary and its standby: the address has both, and the standby takes over.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# Sockets need short paths.
net=$(mktemp -d /tmp/hop-ha-XXXXXX) && chmod 755 "$net" || exit 99
ctl() {
	(cd / && server_user "$HOP_TEST_PGBIN/pg_ctl" -D "$net/$1/data" -l "$net/$1/log" -w -s \
		"${@:2}" >/dev/null 2>&1 7>&-)
}
start() {
	ctl "$1" -o "-c listen_addresses= -c fsync=off -c shared_buffers=16MB -k $net/$1" start
}
failover_exit() {
	local status=$?
	ctl a stop -m immediate
	ctl b stop -m immediate
	rm -rf "$net"
	(exit "$status")
	test_exit_
}
trap failover_exit EXIT

at() {
	psql -XAtq -d "host=$net/$1 dbname=${3-postgres} user=postgres" -c "$2"
}
until_at() {
	local n
	for n in $(seq 300); do
		[ "$(at "$1" "$2" "${3-postgres}")" != t ] || return 0
		sleep 0.1
	done
	echo "not true after $n tries: $2"
	tail -n 15 "$net"/*/log
	return 1
}
# standby OF NAME: NAME follows OF, which does not commit before NAME has it.
standby() {
	rm -rf "${net:?}/$2" && mkdir "$net/$2" &&
	{ [ "$(id -u)" -ne 0 ] || chown postgres: "$net/$2"; } &&
	(cd / && server_user pg_basebackup -D "$net/$2/data" -c fast --no-sync \
		-d "host=$net/$1 user=postgres") &&
	# Not by -R: an older server does not know all options of a newer pg_basebackup.
	echo "primary_conninfo = 'host=$net/$1 user=postgres application_name=$2'" \
		>>"$net/$2/data/postgresql.auto.conf" &&
	server_user touch "$net/$2/data/standby.signal" && start "$2" &&
	at "$1" "alter system set synchronous_standby_names = '$2'" &&
	at "$1" "alter system set synchronous_commit = remote_apply" &&
	at "$1" "select pg_reload_conf()" >/dev/null &&
	until_at "$1" "select true from pg_stat_replication where sync_state = 'sync'"
}
alone() {
	at "$1" "alter system reset synchronous_standby_names" &&
	at "$1" "select pg_reload_conf()" >/dev/null
}

# database NAME: a new one; the address has both servers, and who takes changes is found.
database() {
	at "$primary" "create database $1" &&
	HOP_DATABASE="host=$net/b,$net/a dbname=$1 user=postgres target_session_attrs=read-write"
	export HOP_DATABASE
}
upgrade() {
	git -C shop hop upgrade --yes --no-backup "$@"
}
# hold DATABASE SQL: a session in a transaction that has done that, and stays.
hold() {
	psql -XAtq -d "host=$net/$primary dbname=$1 user=postgres" \
		-c "begin; $2; select pg_sleep(120)" >/dev/null 2>&1 &
	until_at "$primary" "select count(*) = 1 from pg_stat_activity
		where wait_event = 'PgSleep' and datname = '$1'"
}
let_go() {
	at "$primary" "select pg_terminate_backend(pid) from pg_stat_activity
		where wait_event = 'PgSleep'" >/dev/null
}
# waits DATABASE: something that git hop does there waits for the one who holds.
waits() {
	until_at "$primary" "select true from pg_locks l join pg_stat_activity a using (pid)
		where not granted and datname = '$1'"
}
versions() {
	at "$primary" "select string_agg(version, ' ' order by applied_at) from hop.release
		where version <> '0.0.0'" "$1"
}

test_expect_success 'a project, a primary and a standby' '
	prod_project shop && git -C shop config hop.ddlLockTimeout 30 &&
	prod_file shop 1-one 01.sql "create table one (id int);" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "
		create function two() returns int language sql as '\''select 2'\'';" &&
	prod_file shop 2-two 02.sql "alter table one add two int;" &&
	prod_release shop 0.2.0 2-two &&
	prod_file shop 3-three 01.sql "create table three (i int);" &&
	printf "%s\n" "-- @HOP:no-transaction" "insert into one values (3);" \
		"create index concurrently one_id on one (id);" |
		prod_file shop 3-three 02.sql &&
	prod_release shop 0.3.0 3-three &&
	prod_file shop 4-four 01.sql "create table four (i int);" &&
	prod_file shop 4-four 02.py "import os; assert \",\" not in os.environ[\"PGHOST\"]" &&
	prod_release shop 0.4.0 4-four &&
	mkdir "$net/a" && server_init "$net/a" && start a && standby a b && primary=a
'

test_expect_success 'the primary is found' '
	database found && git -C shop hop upgrade --yes &&
	[ "$(versions found)" = "0.1.0 0.2.0 0.3.0 0.4.0" ] &&
	git -C shop hop update >out && git -C shop hop status
'

test_expect_success 'another server takes over while the upgrade has its lock on this one' '
	database split && upgrade --to-release 0.1.0 && hold split "lock table one" &&
	{ upgrade 2>err & } && hop=$! && waits split &&
	alone a && ctl b promote && let_go &&
	test_expect_code 75 wait "$hop" && test_grep "another one has taken over" err &&
	test_grep "database .split. is at 0.2.0" err && [ "$(versions split)" = "0.1.0 0.2.0" ] &&
	[ "$(at b "select max(version) from hop.release" split)" = 0.1.0 ] &&
	ctl a stop -m immediate && primary=b && alone b && upgrade &&
	[ "$(versions split)" = "0.1.0 0.2.0 0.3.0 0.4.0" ]
'

test_expect_success 'the primary fails in a transaction' '
	standby b a && database plain && upgrade --to-release 0.1.0 &&
	hold plain "lock table one" && { upgrade 2>err & } && hop=$! && waits plain &&
	ctl b stop -m immediate && test_expect_code 128 wait "$hop" &&
	test_grep "release 0.2.0 was rolled back" err && test_grep "is at 0.1.0" err &&
	test_expect_code 75 git -C shop hop upgrade --yes 2>err &&
	test_grep "^fatal: cannot connect to any of the hosts $net/b,$net/a" err &&
	test_grep "$net/b.*No such file" err && test_grep "$net/a.*session is read-only" err &&
	ctl a promote && primary=a && alone a && [ "$(versions plain)" = 0.1.0 ] &&
	upgrade && [ "$(versions plain)" = "0.1.0 0.2.0 0.3.0 0.4.0" ]
'

test_expect_success 'the primary fails while an index is built' '
	standby a b && database steps && upgrade --to-release 0.2.0 &&
	hold steps "insert into one values (1)" && { upgrade 2>err & } && hop=$! &&
	waits steps && ctl a stop -m immediate && test_expect_code 128 wait "$hop" &&
	ctl b promote && primary=b && alone b &&
	[ "$(at b "select indisvalid from pg_index where indexrelid = '\''one_id'\''::regclass" \
		steps)" = f ] &&
	upgrade && [ "$(versions steps)" = "0.1.0 0.2.0 0.3.0 0.4.0" ] &&
	[ "$(at b "select count(*) from one where id = 3" steps)" = 1 ] &&
	[ "$(at b "select count(*) from pg_index where indisvalid
		and indrelid = '\''one'\''::regclass" steps)" = 1 ]
'

test_done
