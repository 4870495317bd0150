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

# until_true DATABASE SQL: waits for it, a minute at most.
until_true() {
	local n
	for n in $(seq 600); do
		[ "$(pg_query "$1" "$2")" != t ] || return 0
		sleep 0.1
	done
	echo "not true after $n tries: $2"
	return 1
}

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
	create table t (i int primary key, d int);
	insert into t select n, n % 50 from generate_series(1, 100) n;
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
	create index concurrently if not exists t_d on t (d) where d > 3;
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

test_done
