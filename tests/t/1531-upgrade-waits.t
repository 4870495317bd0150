#!/bin/bash
# Locks of the application, and servers and roles that take no changes.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

prod_project shop
prod_file shop 1-one 01.sql "create table one (id int); create sequence tries;"
prod_release shop 0.1.0 1-one
prod_file shop 2-two 01.sql "alter table one add two int;"
prod_release shop 0.2.0 2-two
git -C shop config hop.ddlLockTimeout 1
git -C shop config hop.retries 1

# at VERSION WORD: a new database at that version.
at() {
	prod_db "$2" && git -C shop hop upgrade --yes --no-backup --to-release "$1"
}

# hold MODE SECONDS: another session locks table one for so long; its process is $pid.
hold() {
	local try
	PGAPPNAME=shop-worker pg_psql "$db" -c \
		"begin; lock table one in $1 mode; select pg_sleep($2)" >/dev/null 2>&1 &
	holder=$!
	for ((try = 0; try < 100; try++)); do
		pid=$(pg_query postgres "select pid from pg_locks l join pg_database d
			on d.oid = l.database where datname = '$db' and locktype = 'relation'
			and mode in ('AccessShareLock', 'AccessExclusiveLock') and granted
			and pid <> pg_backend_pid() limit 1")
		[ -n "$pid" ] && return
		sleep 0.1
	done
	return 1
}

release_lock() {
	pg_query postgres "select pg_terminate_backend($pid)" >/dev/null
	wait "$holder"
	true
}

# What names the session.
holds="process [0-9]*, role postgres, shop-worker"
who="role postgres, shop-worker, active since 20[0-9-]* .*"
statement="begin; lock table one in access"
locked="has locked public.one, active since .*: $statement"

test_expect_success 'a table that the application holds: named, tried again, rolled back, 75' '
	at 0.1.0 held && hold "access share" 60 && test_when_finished release_lock &&
	prod_state >before &&
	test_expect_code 75 git -C shop hop upgrade --yes --no-backup 2>err &&
	test_grep "^waiting for a lock of process $pid, $who: $statement" err &&
	test_grep "^release 0.2.0 was rolled back: .*: canceling .* due to lock timeout" err &&
	test_grep "^trying again in [0-9.]* s (1 of 1)" err &&
	test_grep "^hint: in the way: process $pid, $who: $statement" err &&
	test_grep "hop.retries" err &&
	prod_state >after && test_cmp before after
'

test_expect_success 'it goes on when the lock is released in time' '
	at 0.1.0 freed && hold "access share" 2 &&
	git -C shop config hop.retries 9 &&
	git -C shop hop upgrade --yes --no-backup --atomic 2>err &&
	wait $holder &&
	test_grep "^waiting for a lock of $holds" err && test_grep "trying again" err &&
	prod_versions >out && echo "0.0.0 0.1.0 0.2.0" >expect && test_cmp expect out &&
	git -C shop config hop.retries 1
'

prod_file shop 3-three 01.sql <<'END'
create table three (id int);
do $$ begin
	if nextval('tries') < 3 then
		raise exception 'a deadlock of sorts' using errcode = '40P01';
	end if;
end $$;
END
prod_release shop 0.3.0 3-three

test_expect_success 'a deadlock is tried again, and only so often' '
	at 0.2.0 deadlock &&
	test_expect_code 75 git -C shop hop upgrade --yes --no-backup 2>err &&
	test_grep "a deadlock of sorts" err && test_grep "is at 0.2.0" err &&
	git -C shop hop upgrade --yes --no-backup &&
	pg_query $db "select last_value from tries" >out && echo 3 >expect && test_cmp expect out
'

test_expect_success 'SIGTERM ends the pause before the next try' '
	at 0.1.0 term && hold "access share" 60 && test_when_finished release_lock &&
	git -C shop config hop.retries 100 &&
	{ git-hop -C shop upgrade --yes --no-backup 2>err & } &&
	hop=$! &&
	for ((n = 0; n < 100; n++)); do grep -q "(5 of 100)" err && break; sleep 0.2; done &&
	began=$SECONDS && kill $hop && { wait $hop; [ $? -eq 143 ]; } &&
	[ $((SECONDS - began)) -lt 4 ] && git -C shop config hop.retries 1
'

test_expect_success 'a table that the backup cannot read: named, given up after a while' '
	at 0.1.0 dumped && hold "access exclusive" 60 && test_when_finished release_lock &&
	git -C shop config hop.lockTimeout 1 &&
	test_expect_code 75 git -C shop hop upgrade --yes --to-release 0.2.0 2>err &&
	test_grep "^the backup waits up to 1 s for $holds, $locked" err &&
	test_grep "^fatal: cannot upgrade without a backup" err &&
	test_grep "^hint: in the way: process $pid, role postgres, shop-worker, has locked" err &&
	test_grep "hop.lockTimeout" err && git -C shop config --unset hop.lockTimeout &&
	find shop/.hop/backups -mindepth 1 -name "$db*" >left && test_must_be_empty left &&
	prod_versions >out && echo "0.0.0 0.1.0" >expect && test_cmp expect out
'

test_expect_success 'the comparison with the release does not wait for ever either' '
	at 0.1.0 compared && hold "access exclusive" 60 && test_when_finished release_lock &&
	git -C shop config hop.lockTimeout 1 && git -C shop config hop.driftCheck true &&
	test_expect_code 75 timeout 30 git -C shop hop upgrade --yes --to-release 0.2.0 2>err &&
	test_grep "^the comparison with a release waits up to 1 s for $holds, $locked" err &&
	test_grep "^hint: in the way: process $pid, role postgres, shop-worker, has locked" err &&
	git -C shop config --unset hop.lockTimeout && git -C shop config --unset hop.driftCheck &&
	prod_versions >out && echo "0.0.0 0.1.0" >expect && test_cmp expect out
'

test_expect_success 'the backup is made when the lock is released in time' '
	at 0.1.0 kept && hold "access exclusive" 2 &&
	git -C shop hop upgrade --yes --to-release 0.2.0 2>err && wait $holder &&
	test_grep "^the backup waits up to 60 s for $holds" err && test_grep "^backup in" err
'

test_expect_success 'read-only by default: refused before the backup, with the way out' '
	at 0.1.0 readonly &&
	pg_query postgres "alter database \"$db\" set default_transaction_read_only = on" &&
	test_expect_code 1 git -C shop hop upgrade --yes 2>err &&
	test_grep "^error: .*default_transaction_read_only is on" err &&
	test_grep "ALTER DATABASE \"\?$db\"\? RESET default_transaction_read_only" err &&
	! grep "backup" err && git -C shop hop upgrade --dry-run &&
	PGOPTIONS="-c default_transaction_read_only=off" git -C shop hop upgrade --yes \
		--to-release 0.2.0 &&
	PGOPTIONS="-c default_transaction_read_only=off" prod_versions >out &&
	echo "0.0.0 0.1.0 0.2.0" >expect && test_cmp expect out
'

test_expect_success 'a statement_timeout is named before the backup' '
	at 0.1.0 timeout &&
	pg_query postgres "alter database \"$db\" set statement_timeout = '\''1min'\''" &&
	git -C shop hop upgrade --yes --to-release 0.2.0 2>err &&
	test_grep "^warning: statements that take longer than 1min are cancelled" err &&
	test_grep "PGOPTIONS=.-c statement_timeout=0" err &&
	line() { grep -n "$1" err | cut -d: -f1; } &&
	[ "$(line "longer than")" -lt "$(line "backup in")" ] &&
	PGOPTIONS="-c statement_timeout=0" git -C shop hop upgrade --yes --to-release 0.2.0 2>err &&
	! grep "statement_timeout" err
'

# A server of its own: PostgreSQL becomes a standby when it finds the file.
test_expect_success 'a standby: refused before the backup' '
	own=$(mktemp -d /tmp/hop-standby-XXXXXX) && test_when_finished "rm -rf \"$own\"" &&
	server_init "$own" &&
	start() {
		(cd / && server_user "$HOP_TEST_PGBIN/pg_ctl" -D "$own/data" -l "$own/log" -w -s \
			-o "-c listen_addresses= -c fsync=off -k $own" start >/dev/null 2>&1 7>&-)
	} &&
	stop() {
		(cd / && server_user "$HOP_TEST_PGBIN/pg_ctl" -D "$own/data" -m fast -w -s stop)
	} &&
	start && test_when_finished stop &&
	there="host=$own dbname=postgres user=postgres" &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 --database="$there" &&
	stop && server_user touch "$own/data/standby.signal" && start &&
	test_expect_code 1 git -C shop hop upgrade --yes --database="$there" 2>err &&
	test_grep "^error: the server of database .postgres. is a standby" err &&
	test_grep "target_session_attrs=read-write" err && ! grep "backup" err &&
	git -C shop hop upgrade --dry-run --database="$there"
'

test_done
