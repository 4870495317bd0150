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

# pooler NAME MODE [SETTING...]: a pgbouncer in $net/NAME. It refuses to run as root.
pooler() {
	local as='' mode=$2
	mkdir "$net/$1" && cat >"$net/$1/ini" <<-END &&
	[databases]
	* = host=$HOP_TEST_PGHOST port=$HOP_TEST_PGPORT user=postgres
	[pgbouncer]
	listen_addr =
	listen_port = 6432
	unix_socket_dir = $net/$1
	auth_type = any
	pool_mode = $mode
	logfile = $net/$1/log
	pidfile = $net/$1/pid
	END
	printf '%s\n' "${@:3}" >>"$net/$1/ini" &&
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
	for mode in session transaction statement; do
		pooler $mode $mode "ignore_startup_parameters = options" || return
	done &&
	pooler turns transaction "ignore_startup_parameters = options" "server_round_robin = 1" &&
	pooler strict session
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

# As with other clients: three sessions of the server in the pool, which take turns.
test_expect_success 'a pooler in transaction mode that takes one session after the other' '
	prod_db turns && through turns &&
	for n in 1 2 3; do
		"$HOP_TEST_PGBIN/psql" -Xqc "select pg_sleep(0.3)" "$HOP_DATABASE" >out$n &
	done &&
	wait &&
	for n in 1 2 3; do
		test_expect_code 1 git -C shop hop upgrade --yes --no-backup 2>err &&
		test_grep "the connection is through a pooler in transaction mode" err || return
	done
'

test_expect_success 'a pooler that refuses settings: the way out is named' '
	prod_db strict && through strict &&
	test_expect_code 128 git -C shop hop upgrade --yes --no-backup 2>err &&
	test_grep "unsupported startup parameter: options" err &&
	test_grep "^hint: .*ignore_startup_parameters = options" err
'

test_expect_success 'a pooler in session mode is taken' '
	prod_db session && through session &&
	git -C shop hop upgrade --yes --no-backup &&
	prod_versions >out && echo "0.0.0 0.1.0 0.2.0 0.3.0" >expect && test_cmp expect out
'

# relay [MILLISECONDS]: takes connections in $net/relay and forwards them to the server; the number
# of round trips is in $net/relay/trips.
relay() {
	mkdir -p "$net/relay" || return
	python3 "$HOP_SRCDIR/tests/lib/relay.py" "$net/relay/.s.PGSQL.6432" \
		"$HOP_TEST_PGHOST/.s.PGSQL.$HOP_TEST_PGPORT" "${1-0}" "$net/relay/trips" \
		</dev/null >/dev/null 2>&1 7>&- 8>&- 9>&- &
	echo $! >"$net/relay/pid"
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
	within 30 asleep && hop=$(awk 'NR == 1 { print $2 }' trace) && rm trace
}

# goes_on: another upgrade gets the lock within seconds.
goes_on() {
	pg_query "$db" "drop table other.sleep" &&
	HOP_DATABASE=$(pg_conninfo "$db") git -C long -c hop.lockTimeout=20 \
		hop upgrade --yes --no-backup &&
	prod_versions >out && echo "0.0.0 0.1.0 0.2.0" >expect && test_cmp expect out
}

# keepalive SETTINGS: for how long a connection may be silent until the kernel asks, in
# hundredths of a second: a server that never answers looks at the socket of its client.
keepalive() {
	python3 - "$PWD/shop" "$1" <<-'END'
	import os, socket, subprocess, sys
	door = socket.create_server(("127.0.0.1", 0))
	port = door.getsockname()[1]
	to = f"host=127.0.0.1 port={port} user=postgres dbname=shop sslmode=disable"
	line = ["git", "hop", "update", "--no-fetch", f"--database={to} {sys.argv[2]}"]
	hop = subprocess.Popen(line, cwd=sys.argv[1], stderr=subprocess.DEVNULL)
	guest = door.accept()[0]
	guest.recv(8)
	with open("/proc/net/tcp", encoding="ascii") as table:
	    ends = [line.split() for line in table]
	port = f":{guest.getpeername()[1]:04X}"
	kind, when = next(end[5] for end in ends if end[1].endswith(port)).split(":")
	print(kind, int(when, 16))
	guest.close()
	hop.wait()
	END
}

test_expect_success 'connections are kept alive, as the user wants it' '
	keepalive "" >out && read -r kind left <out &&
	[ "$kind" = 02 ] && [ "$left" -gt 500 ] && [ "$left" -le 1000 ] &&
	printf "[slow]\nkeepalives_idle=100\n" >service && PGSERVICEFILE=$PWD/service &&
	export PGSERVICEFILE &&
	for how in keepalives_idle=100 service=slow; do
		keepalive "$how" >out && read -r kind left <out &&
		[ "$kind" = 02 ] && [ "$left" -gt 9000 ] && [ "$left" -le 10000 ] || return
	done &&
	keepalive keepalives=0 >out && echo "00 0" >expect && test_cmp expect out &&
	unset PGSERVICEFILE
'

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
		relay && within 30 test -S "$net/relay/.s.PGSQL.6432" && through relay &&
		begin_long && kill -9 "$(cat "$net/relay/pid")" && rm "$net/relay/pid" &&
		{ wait || :; } && test_grep "^fatal: " err && goes_on
	'
fi

test_done
