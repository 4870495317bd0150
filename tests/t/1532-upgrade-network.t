#!/bin/bash
# What is between git hop upgrade and the server: poolers, and connections that break.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# Sockets need short paths.
net=$(mktemp -d /tmp/hop-net-XXXXXX) && chmod 755 "$net" || exit 99
network_exit() {
	local status=$?
	cat "$net"/*/pid 2>/dev/null | xargs -r kill
	rm -rf "$net"
	(exit "$status")
	test_exit_
}
trap network_exit EXIT

# pooler MODE: a pgbouncer in $net/MODE. It refuses to run as root.
pooler() {
	local as=
	mkdir "$net/$1" && cat >"$net/$1/ini" <<-END &&
	[databases]
	* = host=$HOP_TEST_PGHOST port=$HOP_TEST_PGPORT user=postgres
	[pgbouncer]
	listen_addr =
	listen_port = 6432
	unix_socket_dir = $net/$1
	auth_type = any
	pool_mode = $1
	ignore_startup_parameters = options
	logfile = $net/$1/log
	pidfile = $net/$1/pid
	END
	if [ "$(id -u)" -eq 0 ]; then
		chown -R postgres: "$net/$1" || return
		as="setpriv --reuid postgres --regid postgres --init-groups"
	fi &&
	$as "$(PATH=$PATH:/usr/sbin command -v pgbouncer)" -q -d "$net/$1/ini" \
		</dev/null >/dev/null 2>&1
}

# through NAME: the database of prod_db, by another way.
through() {
	HOP_DATABASE="host=$net/$1 port=6432 dbname=$db user=postgres"
	export HOP_DATABASE
}

test_expect_success 'a project, and poolers' '
	prod_project shop &&
	prod_file shop 1-one 01.sql "create table one (id int);" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "
		create function f() returns int language sql as '\''select 1'\'';
		select pg_advisory_lock(12); create temp table left_over (i int);" &&
	prod_release shop 0.2.0 2-two &&
	prod_file shop 3-three 01.sql "create table three as select f();" &&
	prod_release shop 0.3.0 3-three &&
	for mode in session transaction statement; do pooler $mode || return; done
'

for mode in transaction statement; do
	test_expect_success "a pooler in $mode mode is refused, and nothing changes" '
		prod_db "$mode" && prod_state >before && through "$mode" &&
		test_expect_code 1 git -C shop hop upgrade --yes --no-backup 2>err &&
		test_grep "the connection is through a pooler in $mode mode" err &&
		test_grep "pool_mode = session" err &&
		prod_state >after && test_cmp before after
	'
done

test_expect_success 'a pooler in session mode is taken' '
	prod_db session && through session &&
	git -C shop hop upgrade --yes --no-backup &&
	prod_versions >out && echo "0.0.0 0.1.0 0.2.0 0.3.0" >expect && test_cmp expect out
'

# relay: takes connections in $net/relay, and forwards them to the server.
relay() {
	mkdir "$net/relay" || return
	python3 - "$net/relay/.s.PGSQL.6432" \
		"$HOP_TEST_PGHOST/.s.PGSQL.$HOP_TEST_PGPORT" \
		7>&- 8>&- 9>&- <<-'END' >/dev/null 2>&1 &
	import socket, sys, threading
	def pump(a, b):
	    while data := a.recv(65536):
	        b.sendall(data)
	    b.shutdown(socket.SHUT_WR)
	door = socket.socket(socket.AF_UNIX)
	door.bind(sys.argv[1])
	door.listen()
	while True:
	    client = door.accept()[0]
	    server = socket.socket(socket.AF_UNIX)
	    server.connect(sys.argv[2])
	    for pair in (client, server), (server, client):
	        threading.Thread(target=pump, args=pair, daemon=True).start()
	END
	echo $! >"$net/relay/pid"
}

# wait_for COMMAND...: half a minute at most.
wait_for() {
	local n
	for n in $(seq 300); do
		! "$@" || return 0
		sleep 0.1
	done
	echo "not after $n tries: $*"
	return 1
}

asleep() {
	[ "$(pg_query "$db" "select count(*) from pg_stat_activity
		where datname = '$db' and wait_event = 'PgSleep'")" = 1 ]
}

# begin_long: an upgrade that sleeps as long as table sleep exists; $hop is its process.
begin_long() {
	pg_query "$db" "create schema other; create table other.sleep ()" &&
	{ HOP_TRACE=$PWD/trace git -C long hop upgrade --yes --no-backup --to-release 0.2.0 \
		</dev/null >out 2>err & } &&
	wait_for asleep && hop=$(awk 'NR == 1 { print $2 }' trace) && rm trace
}

# goes_on: another upgrade gets the lock within seconds.
goes_on() {
	pg_query "$db" "drop table other.sleep" &&
	HOP_DATABASE=$(pg_conninfo "$db") git -C long -c hop.lockTimeout=20 \
		hop upgrade --yes --no-backup &&
	prod_versions >out && echo "0.0.0 0.1.0 0.2.0" >expect && test_cmp expect out
}

test_expect_success 'a release that takes long' '
	prod_project long &&
	prod_file long 1-one 01.sql "create table one (id int);" &&
	prod_release long 0.1.0 1-one &&
	prod_file long 2-two 01.sql "
		select pg_sleep(600) from pg_class where relname = '\''sleep'\'';" &&
	prod_release long 0.2.0 2-two
'

if [ "$(pg_major)" -ge 14 ]; then
	test_expect_success 'the lock of a killed upgrade goes within seconds' '
		prod_db killed && git -C long hop upgrade --yes --no-backup --to-release 0.1.0 &&
		begin_long && kill -9 "$hop" && { wait || :; } && goes_on
	'

	test_expect_success 'so does that of an upgrade whose connection breaks' '
		prod_db cut && git -C long hop upgrade --yes --no-backup --to-release 0.1.0 &&
		relay && wait_for test -S "$net/relay/.s.PGSQL.6432" && through relay &&
		begin_long && kill -9 "$(cat "$net/relay/pid")" && rm "$net/relay/pid" &&
		{ wait || :; } && test_grep "^fatal: " err && goes_on
	'
fi

test_done
