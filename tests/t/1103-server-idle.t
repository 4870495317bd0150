#!/bin/bash
# The private server stops by itself.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

git init -q r
cd r || exit 99

field() {
	git hop server status --porcelain 2>/dev/null | sed 1d | cut -f "$1"
}
state_is() {
	[ "$(field 2)" = "$1" ]
}
gone() {
	! kill -0 "$1" 2>/dev/null
}
# wait_until COMMAND...: at most a minute.
wait_until() {
	local i
	for i in $(seq 600); do
		"$@" && return
		sleep 0.1
	done
	echo "waited in vain for: $*"
	return 1
}

dir=$(field 3)
# Whether a process holds DIR/watch; to try the lock would disturb.
watched() {
	grep -q ":$(stat -c %i "$dir/watch") " /proc/locks
}
unwatched() {
	! watched
}

test_expect_success 'it stops when nobody is connected, and starts again' '
	git config hop.serverIdle 2 &&
	git hop server start &&
	wait_until state_is stopped &&
	wait_until unwatched &&
	test_path_is_missing "$dir/data/postmaster.pid" &&
	[ "$(git hop server psql -Atc "select 1")" = 1 ] &&
	wait_until state_is stopped
'

test_expect_success 'a client that is connected keeps it' '
	mkfifo pipe &&
	{ git hop server psql -At <pipe >out & } &&
	client=$! &&
	exec 6>pipe &&
	wait_until state_is running &&
	pid=$(field 6) &&
	sleep 5 &&
	echo "select 42" >&6 &&
	exec 6>&- &&
	wait $client &&
	[ "$(cat out)" = 42 ] &&
	wait_until gone "$pid"
'

test_expect_success 'so do clients that come and go' '
	git hop server start &&
	pid=$(field 6) &&
	case $(field 5) in
	13) sql="select txid_current()" ;; # it does not count those that only read
	*) sql="select 1" ;;
	esac &&
	eval "$(git hop server env)" &&
	for i in $(seq 12); do
		"$HOP_TEST_PGBIN/psql" -qAtc "$sql" >/dev/null || return 1
		sleep 0.5
	done &&
	unset PGHOST PGPORT PGUSER PGDATABASE &&
	[ "$(field 6)" = "$pid" ] &&
	wait_until state_is stopped
'

test_expect_success '0: it has no watcher; a change counts from the next command on' '
	git config hop.serverIdle 0 &&
	git hop server start &&
	wait_until unwatched &&
	git config hop.serverIdle 2 &&
	git hop server start &&
	wait_until state_is stopped
'

test_expect_success 'a shorter time reaches the watcher that is there' '
	git config hop.serverIdle 1800 &&
	git hop server start &&
	wait_until watched &&
	git hop server stop &&
	git config hop.serverIdle 2 &&
	git hop server start &&
	wait_until state_is stopped
'

test_expect_success 'stop ends the watcher too, and a start right after has one' '
	git config hop.serverIdle 1800 &&
	for i in 1 2 3; do
		git hop server start && git hop server stop || return 1
	done &&
	git hop server start &&
	wait_until watched &&
	git hop server stop &&
	wait_until unwatched
'

test_expect_success 'a server whose repository is removed does not stay' '
	git config hop.serverIdle 2 &&
	git hop server start &&
	pid=$(field 6) &&
	cd .. &&
	wait_until rm -rf r &&
	wait_until gone "$pid" &&
	case $dir in
	/var/lib/git-hop/*) rm -rf "$dir" ;;
	esac
'

test_done
