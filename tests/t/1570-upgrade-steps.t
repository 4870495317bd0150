#!/bin/bash
# git hop upgrade of releases that are not one transaction: what is recorded, and that an upgrade
# which was interrupted anywhere continues to what an undisturbed one makes.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# built DATABASE: all that an upgrade made there, but for times and object IDs.
built() {
	pg_dump_schema "$1" && pg_query "$1" "
		select string_agg(what, ' ' order by n) from log;
		select count(*), sum(i) from t;
		select indexrelid::regclass, indisvalid from pg_index
			where indrelid::regclass::text !~ '^(pg_|hop)' order by 1::text;
		select version from hop.release order by 1;
		select id, version, position, hash from hop.patch order by 1;
		select count(*) from hop.file"
}

# same: database $db is what it should be.
same() {
	built "$db" >again && test_cmp whole again
}

# reset_db: database $db is at 0.1.0 again, with the rows that tests change.
reset_db() {
	pg_query postgres "drop database if exists \"$db\" with (force)" &&
	pg_query postgres "create database \"$db\" template \"$base\""
}

# new_db WORD: a database at 0.1.0; its name goes to $db.
new_db() {
	db=$(pg_name "$1") && HOP_DATABASE=$(pg_conninfo "$db") && export HOP_DATABASE && reset_db
}

up() {
	timeout 100 git -C shop hop upgrade --yes --no-backup --no-fetch "$@"
}

detach=
[ "$(pg_major)" -lt 14 ] || detach="alter table p detach partition p1 concurrently;"
export HOP_TEST_MODE=

test_expect_success 'a release of every kind of step, and an upgrade that nobody disturbs' '
	prod_project shop &&
	prod_file shop 1-one 01.sql <<-\END &&
	create table t (i int primary key, d int, u int);
	insert into t select n, n % 50, n from generate_series(1, 100) n;
	create table p (i int) partition by list (i);
	create table p1 partition of p for values in (1);
	create table p2 partition of p for values in (2);
	create index old on t (d);
	create table log (n serial, what text);
	create type mood as enum ();
	create procedure fill() language plpgsql as $$
	begin
		if not exists (select from log where what = $a$call$a$) then
			insert into log (what) values ($a$call$a$);
		end if;
		commit;
	end $$;
	END
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-steps 01.sql "insert into log (what) values ('\''first'\'');" &&
	prod_file shop 2-steps 02_loose.sql <<-END &&
	-- @HOP:no-transaction
	set maintenance_work_mem = '\''2MB'\'';
	alter type mood add value '\''happy'\'';
	create unique index concurrently if not exists t_d on t (u) where d > 3;
	vacuum (analyze) t;
	$detach
	reindex table concurrently t;
	drop index concurrently old;
	insert into log (what) values ('\''tied'\'');
	END
	prod_file shop 2-steps 03.sql "alter table t add m mood default '\''happy'\'';" &&
	prod_file shop 3-more 01_call.sql <<-\END &&
	-- @HOP:no-transaction
	call fill();
	END
	prod_file shop 3-more 02.py <<-\END &&
	import os, subprocess, sys, time
	def run(sql):
	    subprocess.run([os.environ["HOP_TEST_PGBIN"] + "/psql", "-Xqc", sql], check=True)
	mode = os.environ["HOP_TEST_MODE"]
	run("insert into log (what) select '\''py'\'' where not exists "
	    "(select from log where what = '\''py'\'')")
	if mode == "fail":
	    sys.exit("no luck")
	if mode == "hang":
	    run("select pg_sleep(50)")
	if mode == "child":
	    subprocess.Popen(["sleep", "309"])
	if mode == "loud":
	    for i in range(100000):
	        print("x" * 127)
	    sys.exit("enough")
	END
	prod_file shop 3-more 03.psql "insert into log (what) select '\''psql'\'' where not exists
		(select from log where what = '\''psql'\'');" &&
	prod_file shop 4-last 01.sql "insert into log (what) values ('\''last'\'');" &&
	prod_release shop 0.2.0 2-steps 3-more 4-last &&
	prod_db base && base=$db && up --to-release 0.1.0 &&
	new_db whole && up 2>err &&
	test_grep "^release 0.2.0: 3 patches in" err &&
	built "$db" >whole &&
	test_grep "^first tied call py psql last$" whole &&
	test_grep "^0$" whole && test_grep "^t_d|t$" whole && ! grep -q "^old|" whole
'

test_expect_success '--atomic is refused, and the plan shows the steps' '
	new_db atomic &&
	prod_state >before &&
	test_expect_code 1 up --atomic 2>err &&
	test_grep "^error: release 0.2.0 cannot be applied: Patches/2-steps/02_loose.sql:" err &&
	test_grep "02_loose.sql: does not run in a transaction" err &&
	test_grep "^hint: --atomic is one transaction" err &&
	prod_state >after && test_cmp before after &&
	test_expect_code 1 git -C shop hop upgrade --dry-run --atomic --no-fetch >out 2>err &&
	test_grep "02_loose.sql (.* statements, outside a transaction)" out &&
	test_grep "02.py (python3)" out && test_grep "03.psql (psql)" out &&
	test_expect_code 1 up --redo Patches/2-steps/02_loose.sql 2>err &&
	test_grep "has no step that was started" err &&
	test_expect_code 129 up --redo a --done b
'

# redo: the file that the last upgrade, whose messages are in err, leaves to the operator.
redo() {
	sed -n "s/^hint: if it can run again, from its beginning: git hop upgrade --redo //p" err
}

# go_on: completes the interrupted upgrade of $db.
go_on() {
	up 2>err && same && return
	[ -n "$(redo)" ] && up --redo "$(redo)" 2>err && same
}

# killed POINT: the next upgrade of $db is killed there; false if it does not get there.
killed() {
	HOP_FAIL=$1:1:kill up 2>err
	case $? in
	137) return 0 ;;
	1) ;;
	*) return 1 ;;
	esac
	HOP_FAIL=$1:1:kill up --redo "$(redo)" 2>err
	[ $? = 137 ]
}

test_expect_success 'killed before, after and behind the record of each step, one by one' '
	new_db walk && n=0 &&
	while killed step.started; do
		killed step.ended && killed step.done && n=$((n + 1)) || return
	done && same && echo "$n steps" && [ $n = $((7 + (${#detach} > 0))) ]
'

test_expect_success 'killed around transactions and programs' '
	new_db points &&
	for point in upgrade.begin upgrade.file upgrade.patch upgrade.before-commit \
		upgrade.after-commit process.before process.after export.noted; do
		killed $point || return
	done && go_on &&
	new_db twice && HOP_FAIL=upgrade.after-commit:4:kill test_expect_code 137 up &&
	go_on &&
	[ -z "$(ls "$TMPDIR")" ]
'

# left N SQL: stops the next upgrade of $db before the Nth statement that it starts, and runs SQL,
# which does what the server may have done of it.
left() {
	HOP_FAIL=step.started:$1:kill test_expect_code 137 up && pg_psql "$db" -c "$2"
}

test_expect_success 'what the server did, or half did, of a statement that was started' '
	new_db facts &&
	left 1 "create unique index t_d on t (u) where d > 3" && left 2 "select 1" &&
	pg_query "$db" "select state from hop.file where statement = 3" >out && echo done >expect &&
	test_cmp expect out &&
	reset_db &&
	left 1 "create unique index t_d on t (u) where d > 3;
		update pg_index set indisvalid = false where indexrelid = '\''t_d'\''::regclass" &&
	HOP_FAIL=step.cleaned:1:kill test_expect_code 137 up 2>err &&
	test_grep "^dropping the index public.t_d, which was not finished" err && go_on &&
	reset_db &&
	left 1 "create index t_d on t (u) where d > 3" &&
	test_expect_code 1 up 2>err && test_grep "02_loose.sql:4:1: started at" err &&
	test_grep "^hint: git hop cannot see how far it got" err &&
	pg_query "$db" "drop index t_d" && up && same &&
	reset_db && pg_query "$db" "create unique index t_d on t (u) where d > 3;
		update pg_index set indisvalid = false where indexrelid = '\''t_d'\''::regclass" &&
	test_expect_code 128 up 2>err &&
	test_grep "t_d is not valid, and was not made by this upgrade" err &&
	pg_query "$db" "select count(*) from pg_class where relname = '\''t_d'\''" >out &&
	echo 1 >expect && test_cmp expect out &&
	pg_query "$db" "drop index t_d" && go_on
'

holds=0

# held SQL TEXT: an upgrade of $db runs in the background; its statement with TEXT waits for the
# transaction of SQL.
held() {
	fifo=$TRASH/hold_$((holds++)) && mkfifo "$fifo" &&
	{ pg_psql "$db" <"$fifo" >/dev/null 2>&1 & holder=$!; } && exec 7>"$fifo" &&
	echo "set application_name = 'holder'; begin; $1;" >&7 &&
	until_true "$db" "select exists (select from pg_stat_activity where
		application_name = 'holder' and state = 'idle in transaction')" &&
	{ (cd shop && exec git-hop-upgrade --yes --no-backup --no-fetch 7>&-) >out 2>err & } &&
	up=$! && until_true "$db" "select exists (select from pg_stat_activity
		where query ilike '%$2%' and wait_event_type = 'Lock' and pid <> pg_backend_pid()
		and datname = current_database())"
}

# let_go: ends that transaction.
let_go() {
	echo "rollback;" >&7 && exec 7>&- && wait "$holder"
}

# cut_off TEXT: the server ends the session of the statement with TEXT, and the upgrade breaks.
cut_off() {
	pg_query "$db" "select pg_terminate_backend(pid) from pg_stat_activity where query ~* '$1'
		and pid <> pg_backend_pid() and datname = current_database()" &&
	{ wait "$up"; [ $? = 128 ]; } && let_go
}

n=$((3 + (${#detach} > 0)))
test_expect_success 'what REINDEX, DROP INDEX and DETACH left' '
	new_db left &&
	left $n "create index t_pkey_ccnew on t (i); create index t_pkey_ccnew1 on t (i);
		create index mine_ccnew on log (n); update pg_index set indisvalid = false
		where indexrelid::regclass::text ~ '\''_ccnew'\''" &&
	up 2>err && test_grep "^dropping the index public.t_pkey_ccnew1, which" err &&
	pg_query "$db" "drop index mine_ccnew" && same &&
	reset_db && left $((n + 1)) "drop index old" && go_on &&
	if [ -n "$detach" ]; then
		reset_db && left 3 "alter table p detach partition p1 concurrently" && go_on &&
		reset_db && held "select * from p" "detach partition" &&
		cut_off "detach" && go_on
	fi
'

test_expect_success 'a concurrent index waits for the application, whatever lock_timeout is' '
	new_db wait && git -C shop config hop.ddlLockTimeout 1 &&
	held "insert into t values (1000, 1)" "create unique index concurrently" &&
	test_expect_code 75 git -C shop -c hop.lockTimeout=0 hop upgrade --yes --no-fetch 2>busy &&
	test_grep "locked by another upgrade" busy &&
	until_true "$db" "select exists (select from pg_stat_activity
		where query ~ '\''^create u'\'' and datname = current_database()
		and clock_timestamp() - query_start > '\''2s'\'')" &&
	let_go && wait $up && same &&
	git -C shop config --unset hop.ddlLockTimeout
'

test_expect_success 'the client is killed, and the server still builds the index' '
	new_db builds && held "insert into t values (1000, 1)" "create unique index concurrently" &&
	kill -9 $up && { wait $up; [ $? = 137 ]; } &&
	pg_query "$db" "select count(*) from pg_stat_activity
		where query ~ '\''^create unique'\'' and datname = current_database()" >out &&
	if [ "$(cat out)" = 1 ]; then
		test_expect_code 75 git -C shop -c hop.lockTimeout=0 hop upgrade --yes --no-fetch \
			2>busy &&
		test_grep "locked by a statement that an interrupted command has left" busy
	fi &&
	let_go && go_on
'

test_expect_success 'the server ends the session of a step' '
	new_db ended && held "insert into t values (1000, 1)" "create unique index concurrently" &&
	cut_off "^create unique index conc" &&
	test_grep "^hint: release 0.2.0 is under way, 1 of 7 files are done" err &&
	test_grep "^hint: git hop upgrade continues with Patches/2-steps/02_loose.sql:4:1" err &&
	go_on
'

test_expect_success 'a concurrent index that fails on duplicate rows: the way out, and rollback' '
	new_db twice && git -C shop hop backup create &&
	pg_query "$db" "update t set u = 10 where i = 11" &&
	prod_state >before &&
	test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "^fatal: Patches/2-steps/02_loose.sql:4:1: could not create unique index" err &&
	test_grep "^hint: release 0.2.0 is under way, 1 of 7 files are done" err &&
	test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "^dropping the index public.t_d" err && ! grep "^backup in" err &&
	git -C shop hop status --database="$HOP_DATABASE" >out &&
	test_grep "^under way   release 0.2.0" out &&
	test_expect_code 1 git -C shop hop check --database="$HOP_DATABASE" >out &&
	test_grep "release is under way" out &&
	git -C shop hop rollback --yes && prod_state >after && test_cmp before after &&
	git -C shop hop rollback --drop --yes &&
	pg_query "$db" "update t set u = i" && go_on
'

test_expect_success 'two upgrades at once' '
	new_db both &&
	{ up >one 2>&1 & one=$!; } && { up >two 2>&1 & two=$!; } &&
	wait $one && wait $two && same
'

test_expect_success 'programs that fail, hang, leave a child or print a lot' '
	new_db programs &&
	HOP_TEST_MODE=fail test_expect_code 128 up 2>err &&
	test_grep "^fatal: Patches/3-more/02.py: failed with status 1" err &&
	test_grep "continues with Patches/3-more/02.py" err &&
	git -C shop hop update --no-fetch >out &&
	test_grep "^  under way, 4 of 7 files are done" out &&
	test_grep "continues with Patches/3-more/02.py, which was started at .* and failed" out &&
	test_grep "02.py (python3, failed)" out &&
	test_expect_code 1 up 2>err && test_grep "02.py: started at .*, and failed" err &&
	test_expect_code 1 up --done Patches/3-more/03.psql &&
	git -C shop config hop.scriptTimeout 1 &&
	HOP_TEST_MODE=hang test_expect_code 128 up --redo "$(redo)" 2>err &&
	test_grep "did not end within 1 s" err && git -C shop config --unset hop.scriptTimeout &&
	pg_query "$db" "select count(pg_terminate_backend(pid)) from pg_stat_activity
		where application_name ~ '\''02.py'\'' and datname = current_database()" &&
	test_expect_code 1 up 2>err &&
	HOP_TEST_MODE=loud test_expect_code 128 up --redo "$(redo)" 2>err &&
	[ "$(wc -c <err)" -lt 100000 ] && test_grep "enough" err &&
	test_expect_code 1 up 2>err &&
	HOP_TEST_MODE=child up --redo "$(redo)" 2>err &&
	test_grep "02.py left processes running: .*(sleep)" err && ! pgrep -f "^sleep 309$" &&
	same
'

test_expect_success 'a program that runs on after the upgrade was killed' '
	new_db orphan &&
	{ (cd shop && export HOP_TEST_MODE=hang && exec setsid git-hop-upgrade --yes --no-backup \
		--no-fetch) >out 2>&1 & up=$!; } &&
	until_true "$db" "select exists (select from pg_stat_activity
		where query ~ '\''pg_sleep.50'\'' and pid <> pg_backend_pid()
		and datname = current_database())" &&
	kill -9 -- -$up && { wait $up; [ $? = 137 ]; } &&
	test_expect_code 1 up 2>err && test_expect_code 75 up --redo "$(redo)" 2>err2 &&
	test_grep "02.py: still running, in the server process" err2 &&
	pg_query "$db" "select count(pg_terminate_backend(pid)) from pg_stat_activity
		where application_name ~ '\''02.py'\'' and datname = current_database()" &&
	until_true "$db" "select not exists (select from pg_stat_activity
		where application_name ~ '\''02.py'\'' and datname = current_database())" &&
	up --done "$(redo)" && same
'

server() {
	(cd / && server_user "$HOP_TEST_PGBIN/pg_ctl" -D "$own/data" -l "$own/log" -w -s \
		-o "-c listen_addresses= -c fsync=off -k $own" "$@" >/dev/null 2>&1 7>&-)
}

test_expect_success 'the server is stopped at once while it builds an index' '
	own=$(mktemp -d /tmp/hop-steps-XXXXXX) && test_when_finished "rm -rf \"$own\"" &&
	server_init "$own" &&
	server start && test_when_finished "server stop -m immediate" &&
	test_when_finished "HOP_TEST_PGHOST=$HOP_TEST_PGHOST HOP_TEST_PGPORT=$HOP_TEST_PGPORT" &&
	HOP_TEST_PGHOST=$own && HOP_TEST_PGPORT=5432 &&
	prod_db base && base=$db && up --to-release 0.1.0 && new_db stopped &&
	held "insert into t values (1000, 1)" "create unique index concurrently" &&
	server stop -m immediate && { wait $up; [ $? = 128 ]; } &&
	exec 7>&- && { wait $holder || :; } && server start &&
	go_on
'

test_done
