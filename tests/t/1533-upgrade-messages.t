#!/bin/bash
# Files that run in one message: round trips, places of errors, and what is seen meanwhile.
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
	kill "$relay"
	rm -rf "$net"
	(exit "$status")
	test_exit_
}
trap network_exit EXIT
python3 "$HOP_SRCDIR/tests/lib/relay.py" "$net/.s.PGSQL.6432" \
	"$HOP_TEST_PGHOST/.s.PGSQL.$HOP_TEST_PGPORT" 0 "$net/trips" \
	</dev/null >/dev/null 2>&1 7>&- 8>&- 9>&- &
relay=$!

# many NAME [SQL]: a project with a release of 100 patches, each with SQL for its table.
many() {
	local n ids=()
	prod_project "$1" || return
	for n in $(seq 100); do
		prod_file "$1" "$n-p" 01.sql "
			create table t$n (id int primary key, name text);
			insert into t$n values (1, 'one'), (2, 'two'); ${2-}" || return
		ids+=("$n-p")
	done
	prod_release "$1" 0.1.0 "${ids[@]}"
}

# trips NAME [OPTION...]: upgrades a new database, and writes the round trips to $trips.
trips() {
	local before=0 name=$1
	[ ! -e "$net/trips" ] || before=$(cat "$net/trips")
	shift && prod_db "$name$#" &&
	HOP_DATABASE="host=$net port=6432 dbname=$db user=postgres" \
		git -C "$name" hop upgrade --yes --no-backup "$@" &&
	trips=$(($(cat "$net/trips") - before)) && echo "$trips round trips"
}

test_expect_success 'the round trips of 100 patches are few' '
	many tables && trips tables && [ "$trips" -le 25 ] &&
	pg_query "$db" "select count(*), count(duration_ms) from hop.patch" >out &&
	echo "100|100" >expect && test_cmp expect out
'

test_expect_success 'also where there is code that could leave something in the session' '
	many functions "do \$\$ begin perform 1; end \$\$;" &&
	trips functions && [ "$trips" -le 35 ]
'

# git_pty NAME ARGUMENT...: git hop on a terminal; prints what it shows.
git_pty() {
	python3 -c 'import os, pty, sys
os.chdir(sys.argv[1])
sys.exit(os.waitstatus_to_exitcode(pty.spawn(["git", "hop"] + sys.argv[2:])))' "$@" </dev/null
}

prod_project shop
prod_file shop 1-one 01.sql "create table one (id int); insert into one values (1);"
prod_file shop 2-two 01.sql "create table two (id int);"
prod_file shop 2-two 02.sql "
	create function f(int) returns int language sql as 'select 1 / \$1';
	insert into two select f(id) from one;"
prod_file shop 3-three 01.sql "create table three (id int);"
prod_release shop 0.1.0 1-one 2-two 3-three

test_expect_success 'an error is placed in its file, and all is rolled back' '
	prod_file shop 4-four 01.sql "create table four (id int);" &&
	prod_file shop 5-five 01.sql "-- é
select 1;
  select f(0);" &&
	prod_file shop 6-six 01.sql "create table six (id int);" &&
	prod_release shop 0.2.0 4-four 5-five 6-six &&
	prod_db placed && git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	prod_state >before &&
	for atomic in "" --atomic; do
		test_expect_code 128 git -C shop hop upgrade --yes --no-backup $atomic 2>err &&
		test_grep "^fatal: Patches/5-five/01.sql:3:3: division by zero" err &&
		test_grep "SQL function .f." err &&
		prod_state >after && test_cmp before after || return
	done
'

test_expect_success 'in a transaction for all, a release costs one round trip' '
	prod_project small && for n in 1 2 3 4 5 6 7 8; do
		prod_file small "$n-p" 01.sql "create table t$n (id int);" &&
		prod_release small "0.$n.0" "$n-p" || return
	done &&
	trips small && [ "$trips" -le 50 ] && trips small --atomic && [ "$trips" -le 30 ] &&
	prod_versions >out &&
	echo "0.0.0 0.1.0 0.2.0 0.3.0 0.4.0 0.5.0 0.6.0 0.7.0 0.8.0" >expect && test_cmp expect out
'

prod_project hidden
prod_file hidden 1-one 01.sql "do \$\$ begin perform 1; end \$\$;"
prod_file hidden 2-two 01.sql "do \$\$ begin perform 1; end \$\$;"
prod_file hidden 2-two 02.sql "
	do \$\$ begin execute 'pre' || 'pare left_over as select 1'; end \$\$;
	create table two (id int);"
prod_file hidden 3-three 01.sql "
	do \$\$ begin
		if exists (select from pg_prepared_statements where name = 'left_over') then
			raise 'that was left';
		end if;
	end \$\$;"
prod_release hidden 0.1.0 1-one 2-two 3-three

test_expect_success 'what could not be foreseen: again, file by file' '
	for atomic in "" --atomic; do
		prod_db "hidden$atomic" &&
		git -C hidden -c hop.retries=0 hop upgrade -v --yes --no-backup $atomic 2>err &&
		test_grep "^release 0.1.0: again, file by file" err &&
		! grep "that was left" err && prod_versions >out &&
		echo "0.0.0 0.1.0" >expect && test_cmp expect out || return
	done
'

test_expect_success 'a role that is made in the middle: the file is named' '
	role=$(pg_name role) &&
	prod_file hidden 4-four 01.sql "select 1;" &&
	prod_file hidden 5-five 01.sql "
		do \$\$ begin execute '\''create'\'' || '\'' role $role'\''; end \$\$;" &&
	prod_file hidden 6-six 01.sql "select 1;" &&
	prod_release hidden 0.2.0 4-four 5-five 6-six &&
	test_expect_code 128 git -C hidden hop upgrade --yes --no-backup 2>err &&
	test_grep "^fatal: Patches/5-five/01.sql: changes a role" err &&
	[ "$(pg_query "$db" "select count(*) from pg_roles where rolname = '\''$role'\''")" = 0 ]
'

# In a database of its own, another session locks a table until the terminal has shown what waits.
test_expect_success 'a terminal shows which file runs' '
	prod_project long && prod_file long 1-one 01.sql "create table one (id int);" &&
	prod_release long 0.1.0 1-one &&
	prod_file long 2-two 01.sql "select 1;" &&
	prod_file long 3-three 01_wait.sql "alter table one add name text;" &&
	prod_file long 4-four 01.sql "select 1;" &&
	prod_release long 0.2.0 2-two 3-three 4-four &&
	prod_db long && git -C long hop upgrade --yes --no-backup --to-release 0.1.0 &&
	mkfifo gate && { pg_psql "$db" -f - <gate >/dev/null & } && exec 8>gate &&
	echo "begin; lock table one;" >&8 &&
	until_true "$db" "select exists (select from pg_locks where relation = '\''one'\''::regclass
		and mode = '\''AccessExclusiveLock'\'' and granted)" &&
	{ TERM=xterm git_pty long upgrade --yes --no-backup >screen 8>&- & } && hop=$! &&
	for n in $(seq 100); do
		grep -q "release 0.2.0 (1 of 1): 3-three/01_wait.sql" screen && break
		sleep 0.1
	done &&
	pg_query "$db" "select application_name from pg_stat_activity
		where datname = current_database() and wait_event_type = '\''Lock'\''" >out &&
	echo "git hop 3-three/01_wait.sql" >expect && test_cmp expect out &&
	exec 8>&- && wait $hop &&
	test_grep "release 0.2.0 (1 of 1): 3-three/01_wait.sql" screen &&
	test_grep "waiting for a lock of process" screen &&
	prod_versions >out && echo "0.0.0 0.1.0 0.2.0" >expect && test_cmp expect out
'

test_done
