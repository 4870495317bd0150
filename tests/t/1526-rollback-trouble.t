#!/bin/bash
# git hop rollback beside other commands, killed while programs run, and with a disk that is full.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

stopped() {
	[ "$(ps -o stat= -p "$1" | cut -c 1)" = T ]
}

# begun POINT COMMAND...: git hop COMMAND runs, is stopped at POINT, and is process $pid.
begun() {
	rm -f err2 && { (HOP_FAIL=$1:1:stop exec git-hop -C shop "${@:2}" >out1 2>err1) & } &&
		pid=$! && within 20 stopped "$pid"
}

ended() {
	kill -CONT "$pid" && wait "$pid"
}

# at VERSION: the database is.
at() {
	[ "$(pg_query "$db" "select version from hop.release order by applied_at desc
		limit 1")" = "$1" ]
}

# back_at_2: the database is at 0.2.0 again, with a backup of 0.1.0, and no replaced one.
back_at_2() {
	git -C shop hop rollback --drop --yes >/dev/null 2>&1
	at 0.2.0 || git -C shop hop upgrade --yes
}

leftovers() {
	pg_query postgres "select datname from pg_database
		where starts_with(datname, 'hop_${PROJECT_ID:0:8}_r_')"
}

test_expect_success 'a database at the second of two releases' '
	prod_project shop && git -C shop config hop.lockTimeout 0 &&
	prod_file shop 1-one 01.sql \
		"create table one as select i from generate_series(1, 100) i;" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "drop table one; create table two ();" &&
	prod_release shop 0.2.0 2-two && prod_db shop &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	git -C shop hop upgrade --yes
'

test_expect_success 'two at once, and an upgrade and a backup beside one: who holds the lock' '
	begun restore.restored rollback --yes &&
	for other in "rollback --yes" "upgrade --yes" "backup create"; do
		test_expect_code 75 git -C shop hop $other 2>err &&
		test_grep "database .$db. is locked" err && test_grep "held by process" err || break
	done && [ "$other" = "backup create" ] && at 0.2.0 && ended && at 0.1.0
'

test_expect_success 'one beside an upgrade' '
	back_at_2 && git -C shop hop rollback --yes && begun upgrade.backup upgrade --yes &&
	test_expect_code 75 git -C shop hop rollback --yes 2>err &&
	test_grep "database .$db. is locked" err && ended && at 0.2.0
'

test_expect_success 'during the swap nobody can connect, and no other command ends it' '
	back_at_2 && begun rollback.closed rollback --yes && ! pg_query $db "select 1" 2>err &&
	test_grep "not currently accepting connections" err &&
	for other in "rollback --yes" "upgrade --yes" "backup create"; do
		test_expect_code 75 git -C shop hop $other 2>err &&
		test_grep "database .$db. is locked by a rollback" err || break
	done && [ "$other" = "backup create" ] && ended && at 0.1.0 && ! grep "was killed" err1
'

test_expect_success 'a command that waits during the swap goes on after it' '
	back_at_2 && begun rollback.closed rollback --yes &&
	{ (git -C shop -c hop.lockTimeout=60 hop upgrade --yes >out2 2>err2) & } && other=$! &&
	within 20 grep -q "waiting up to 60 s" err2 && ended && wait $other && at 0.2.0 &&
	! grep "was killed" err2
'

test_expect_success 'an upgrade that waited in the database that is replaced changes nothing' '
	back_at_2 && begun rollback.ready rollback --yes &&
	{ (exec git -C shop -c hop.lockTimeout=60 hop upgrade --yes >out2 2>err2) & } && other=$! &&
	within 20 grep -q "waiting up to 60 s" err2 && ended && test_expect_code 75 wait $other &&
	at 0.1.0 && git -C shop hop upgrade --yes && at 0.2.0
'

test_expect_success 'a killed swap: what only looks says who opens the database again' '
	back_at_2 && HOP_FAIL=rollback.closed:1:kill test_expect_code 137 \
		git-hop -C shop rollback --yes && ! git -C shop hop update 2>err &&
	test_grep "^hint: .*git hop rollback" err && git -C shop hop backup create 2>err &&
	test_grep "takes connections again" err && at 0.2.0
'

# ended_without SQL: what is stopped loses its sessions, and goes on.
ended_without() {
	pg_query postgres "$1" >/dev/null; kill -CONT "$pid" &&
		test_expect_code 128 wait "$pid"
}

test_expect_success 'its session is ended during the swap: the database is open, and what it was' '
	back_at_2 && prod_state >before && begun rollback.closed rollback --yes &&
	ended_without "select pg_terminate_backend(pid) from pg_locks
		where locktype = \$\$advisory\$\$
		and classid::bigint - $((16#${PROJECT_ID:0:8})) in (0, 1)" &&
	prod_state | test_cmp before - &&
	test_grep "nothing was changed in the database" err1 && git -C shop hop rollback --yes &&
	at 0.1.0
'

# A pg_restore that stays where it is when it restores; its process is in the file begun.
slow_restore() {
	rm -rf fake begun && mkdir fake && for program in pg_dump psql; do
		cp "$HOP_TEST_PGBIN/$program" fake/ || return
	done &&
	cat >fake/pg_restore <<-EOT && chmod +x fake/pg_restore
	#!/bin/sh
	case "\$*" in
	*--jobs=*) echo \$\$ >"$TRASH/begun.new" && mv "$TRASH/begun.new" "$TRASH/begun"
		exec sleep 300 ;;
	esac
	exec "$HOP_TEST_PGBIN/pg_restore" "\$@"
	EOT
}

for whom in alone "with its group"; do
	test_expect_success "killed $whom while pg_restore runs: no change, the next one works" '
		back_at_2 && slow_restore && prod_state >before &&
		{ (HOP_PGBIN=$TRASH/fake exec setsid git-hop -C shop rollback --yes 2>err1) & } &&
		pid=$! && within 20 test -s begun &&
		if [ "$whom" = alone ]; then kill -9 $pid; else kill -9 -- -$pid; fi &&
		test_expect_code 137 wait $pid && prod_state | test_cmp before - &&
		leftovers >list && test_line_count = 1 list &&
		within 20 git -C shop hop rollback --yes &&
		at 0.1.0 && leftovers >list && test_must_be_empty list &&
		{ kill "$(cat begun)" 2>/dev/null || :; }
	'
done

test_expect_success 'SIGTERM while pg_restore runs: nothing is left' '
	back_at_2 && slow_restore && prod_state >before &&
	{ (HOP_PGBIN=$TRASH/fake exec git-hop -C shop rollback --yes 2>err1) & } &&
	pid=$! && within 20 test -s begun && kill $pid && test_expect_code 143 wait $pid &&
	test_grep "nothing was changed in the database" err1 && prod_state | test_cmp before - &&
	leftovers >list && test_must_be_empty list
'

server() {
	(cd / && server_user "$HOP_TEST_PGBIN/pg_ctl" -D "$own/data" -l "$own/log" -w -s \
		-m fast -o "-c listen_addresses= -c fsync=off -k $own" "$@" >/dev/null 2>&1 7>&-)
}

sql() {
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$there" -c "$1"
}

# A disk that is full: no file of the server gets larger than 20 MB.
full_server() {
	server stop && (ulimit -f 20480 && server start)
}

test_expect_success 'a server of its own, and a table of 30 MB' '
	own=$(mktemp -d /tmp/hop-full-XXXXXX) && there="host=$own dbname=big user=postgres" &&
	server_init "$own" && server start &&
	"$HOP_TEST_PGBIN/createdb" -h "$own" -U postgres big && HOP_DATABASE=$there &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	sql "create table big as select repeat(\$\$x\$\$, 1000) from generate_series(1, 30000)" &&
	git -C shop hop upgrade --yes
'

# unchanged: the database is at 0.2.0 with all rows, and there is no other.
unchanged() {
	[ "$(sql "select count(*) from big, hop.release where version = '0.2.0'")" = 30000 ] &&
		[ "$(sql "select count(*) from pg_database where datname ~ 'hop|big'")" = 1 ]
}

test_expect_success 'the disk of the server is full: a rollback and a snapshot change nothing' '
	full_server && test_expect_code 128 git -C shop hop rollback --yes 2>err &&
	test_grep "could not extend file" err &&
	test_grep "nothing was changed in the database" err && unchanged &&
	test_expect_code 128 git -C shop -c hop.backup=snapshot hop backup create 2>err &&
	test_grep "cannot copy database .big." err && unchanged &&
	git -C shop hop backup list --porcelain >out && ! grep "snapshot\$" out
'

test_expect_success 'the server crashes during the swap: the next command opens the database' '
	server stop && server start && begun rollback.closed rollback --yes &&
	server -m immediate stop; kill -CONT $pid && test_expect_code 128 wait $pid &&
	test_grep "takes no connections: the next git hop" err1 && server start &&
	! sql "select 1" &&
	git -C shop hop backup create 2>err && test_grep "takes connections again" err
'

test_expect_success 'when there is room again, it goes back' '
	git -C shop hop rollback --yes && [ "$(sql "select count(*) from big, one")" = 3000000 ]
	status=$?; server stop; rm -rf "$own"; [ $status = 0 ]
'

test_done
