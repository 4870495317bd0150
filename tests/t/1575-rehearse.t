#!/bin/bash
# git hop upgrade --rehearse: what each kind of statement locks, rewrites, reads and builds in the
# tables that are there, measured on a copy.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

number=1

# kind WORD [FINDING...]: a release of one file, from standard input, and what is found in it:
# LINE:COLUMN:NAME.
kind() {
	local word=$1 finding id
	shift
	number=$((number + 1))
	id=$number-$word
	prod_file shop "$id" 01.sql || return
	prod_release shop "0.$number.0" "$id" || return
	for finding; do
		echo "Patches/$id/01.sql:${finding%:*}: ${finding##*:}:" >>expected
	done
}

# rehearse [OPTION...]
rehearse() {
	timeout 100 git -C shop hop upgrade --rehearse --no-fetch "$@"
}

# found FILE: the findings in it, as "PLACE: NAME:".
found() {
	sed -n 's/^\(Patches[^ ]*: [a-z]*:\) .*/\1/p' "$1"
}

# What an application has: tables 1 to 30, with rows and an index each.
base() {
	local n
	for n in $(seq 30); do
		echo "create table t$n (id int primary key, a int not null, b text, r int);
			create index t${n}_a on t$n (a);
			insert into t$n select i, i, i::text, 1 from generate_series(1, 20) i;"
	done
	cat <<-\END
	create table parent (i int, at date) partition by list (i);
	create table part_1 partition of parent for values in (1);
	create table part_2 (i int, at date);
	create table "odd "" name
	\.x" (i int, "c$" int);
	create materialized view seen as select * from part_1;
	create unique index on seen (i);
	create procedure batches() language plpgsql as $$
	begin
		update t29 set a = 2 where id = 1;
		commit;
		alter table t29 alter id type bigint;
		commit;
	end $$;
	END
}

test_expect_success 'a database, and a release of each kind' '
	prod_project shop &&
	base | prod_file shop 1-base 01.sql &&
	prod_release shop 0.1.0 1-base &&
	prod_db prod &&
	git -C shop hop upgrade --no-fetch --yes --no-backup 2>err &&
	: >expected &&
	kind add-column <<-\END &&
	alter table t1 add c int;
	alter table t1 add d int default 5;
	alter table t1 drop c;
	alter table t1 rename d to e;
	comment on table t1 is $$x$$;
	insert into t1 values (100, 1);
	update t1 set a = 5;
	END
	kind type 2:1:rewrite <<-\END &&

	alter table t2 alter id type bigint;
	END
	kind volatile 1:1:rewrite <<-\END &&
	alter table t3 add at timestamptz default clock_timestamp();
	END
	kind not-null 1:1:scan <<-\END &&
	alter table t4 alter b set not null;
	END
	kind check-valid 1:1:scan <<-\END &&
	alter table t5 add check (a > 0);
	END
	kind check-later <<-\END &&
	alter table t6 add constraint later check (a > 0) not valid;
	END
	kind check-validated <<-\END &&
	alter table t6 validate constraint later;
	END
	kind check-at-once 2:1:scan <<-\END &&
	alter table t7 add constraint k check (a > 0) not valid;
	alter table t7 validate constraint k;
	END
	kind not-null-later <<-\END &&
	alter table t6 add constraint known check (b is not null) not valid;
	alter table t6 alter a set not null;
	END
	kind not-null-validated <<-\END &&
	alter table t6 validate constraint known;
	END
	kind not-null-known <<-\END &&
	alter table t6 alter b set not null;
	END
	kind foreign 1:1:scan <<-\END &&
	alter table t8 add foreign key (r) references t9;
	END
	kind foreign-indexed 1:1:scan <<-\END &&
	alter table t8 add foreign key (a) references t9;
	END
	kind foreign-later <<-\END &&
	alter table t10 add foreign key (r) references t9 not valid;
	END
	kind index 1:1:index <<-\END &&
	create index on t11 (b);
	END
	kind unique 1:3:index <<-\END &&
	  alter table t12 add unique (b);
	END
	kind concurrently <<-\END &&
	-- @HOP:no-transaction
	create index concurrently t13_b on t13 (b);
	create unique index concurrently t14_b on t14 (id);
	reindex table concurrently t15;
	drop index concurrently t13_b;
	vacuum t13;
	alter table t15 add constraint later check (a > 0) not valid;
	alter table t15 validate constraint later;
	END
	kind using-index <<-\END &&
	alter table t14 add unique using index t14_b;
	END
	kind reindex 1:1:index <<-\END &&
	reindex table t16;
	END
	kind attach 1:1:scan <<-\END &&
	alter table parent attach partition part_2 for values in (2);
	END
	kind lock 1:1:lock 2:1:lock 4:1:lock <<-\END &&
	lock table t17;
	lock table t18 in share mode;
	lock table t19 in row exclusive mode;
	do $$ begin lock table t20; end $$;
	END
	prod_file shop "$((number + 1))-held" 00.sql "alter table t20 add d int;" &&
	kind held 3:1:scan 3:1:held <<-\END &&
	alter table t20 add c int;
	create table new_1 (i int primary key, r int references t21);
	alter table t22 alter b set not null;
	END
	kind hidden-type 1:1:rewrite <<-\END &&
	do $$ begin execute $q$alter table t23 alter id type bigint$q$; end $$;
	END
	kind hidden-check 2:50:scan <<-\END &&
	create function f() returns void language plpgsql as $$
		begin alter table t24 add check (a > 0); end $$; select f();
	END
	kind hidden-index 1:1:index <<-\END &&
	do $$ begin create index on t25 (b); exception when others then raise; end $$;
	END
	kind full 2:1:rewrite 3:1:rewrite 4:1:index 5:1:rewrite <<-\END &&
	-- @HOP:no-transaction
	vacuum full t26;
	cluster t27 using t27_a;
	reindex index t28_a;
	call batches();
	END
	kind cluster 1:1:rewrite <<-\END &&
	cluster t28 using t28_a;
	END
	kind emptied <<-\END &&
	truncate t28;
	END
	kind dropped <<-\END &&
	drop table t1 cascade;
	END
	kind refresh 1:1:rewrite <<-\END &&
	refresh materialized view seen;
	END
	kind own <<-\END &&
	create table new_2 as select * from t2;
	alter table new_2 alter a type bigint;
	alter table new_2 alter b set not null;
	create index on new_2 (a);
	lock table new_2;
	alter table new_1 alter i type bigint;
	create temp table t30 (i int);
	create index on t30 (i);
	END
	kind names 1:1:rewrite <<-\END
	alter table "odd "" name
	\.x" alter i type bigint;
	END
'

test_expect_success 'each finding, and no other; the database stays as it was' '
	prod_state >before &&
	test_expect_code 1 rehearse >out 2>err &&
	cat out err &&
	found out >got &&
	test_cmp expected got &&
	test_grep ": held: public.t20, public.t21, locked by .*-held/00.sql:1:1, .*:2:1, " out &&
	prod_state >after && test_cmp before after &&
	test_grep "^error: [0-9]* statements would block the application$" err
'

# copies: databases that rehearsals have left on the cluster.
copies() {
	pg_query postgres "select count(*) from pg_database
		where datname like 'hop\_${PROJECT_ID:0:8}\_s\_%'"
}

test_expect_success 'the same as records' '
	test_expect_code 1 rehearse --porcelain >out 2>err &&
	head -n 1 out >head && echo "# git-hop upgrade-rehearse 1" | test_cmp - head &&
	awk -F "\t" "\$1 == \"finding\" { print \$3 \":\" \$4 \":\" \$5 \": \" \$2 \":\" }" \
		out >got &&
	test_cmp expected got &&
	tab=$(printf "\t") &&
	test_grep "^effect${tab}Patches/2-add-column/01.sql${tab}7${tab}public.t1$tab" out &&
	! grep "new_2" out | grep -v "^statement" &&
	test_expect_code 1 rehearse --json --to-release 0.3.0 >json 2>err &&
	python3 -c "
import json, sys
all = json.load(sys.stdin)
[found] = all[\"finding\"]
assert found[\"name\"] == \"rewrite\" and found[\"line\"] == 2, found
assert found[\"allowed\"] is None and found[\"tables\"] == \"public.t2\", found
[did] = [e for e in all[\"effect\"] if e[\"table\"] == \"public.t2\"]
assert did[\"rewritten\"] and did[\"lock\"] == \"ACCESS EXCLUSIVE\", did
assert did[\"indexes\"] == 2 and not did[\"scanned\"], did
" <json &&
	rehearse --to-release 0.2.0 >out 2>err &&
	test "$(copies)" = 0
'

test_expect_success 'a killed rehearsal leaves a copy, which the next one drops' '
	HOP_FAIL=rehearse.copied:1:kill rehearse >out 2>err
	test "$(copies)" = 1 &&
	test_expect_code 1 rehearse --to-release 0.3.0 >out 2>err &&
	test "$(copies)" = 0
'

test_expect_success 'everything that is rehearsed can be applied, and nothing is left to rehearse' '
	git -C shop hop upgrade --no-fetch --yes --no-backup 2>err &&
	rehearse >out 2>err &&
	test_grep "nothing to apply$" out && test_line_count = 1 out
'

test_expect_success 'findings are allowed next to their statements' '
	prod_file shop 90-allow 01.sql <<-\END &&
	-- @HOP:allow rewrite the table
	alter table t10 alter id type bigint;
	create index on t10 (b); -- @HOP:allow index is small
	-- @HOP:allow scan
	alter table t10 alter b set not null;
	-- @HOP:allow nonsense because
	-- @HOP:allow rows fifty of them
	-- @HOP:allow held for a moment
	select 1;
	copy t11 from stdin;
	500	1	-- @HOP:allow lock this is a row	2
	\.
	-- @HOP:allow lock too late
	END
	prod_release shop 0.90.0 90-allow &&
	test_expect_code 1 rehearse >out 2>err &&
	sed -n "s/^Patches.90-allow.//p" out | grep "^01.sql:" |
		sed "s/, and .*//" >got &&
	cat >want <<-\END &&
	01.sql:2:1: rewrite: public.t10 is rewritten
	01.sql:3:1: index: an index of public.t10 is built
	01.sql:5:1: scan: public.t10 is read in full
	01.sql:4: @HOP:allow: a reason is missing
	01.sql:6: @HOP:allow: there is no finding '\''nonsense'\''
	01.sql:8: @HOP:allow held allows nothing
	01.sql:13: @HOP:allow: no statement follows
	END
	test_cmp want got &&
	test_grep "^  allowed: the table$" out && test_grep "^  allowed: is small$" out &&
	test_grep "^error: 1 statement would block the application$" err &&
	! grep "has no effect" err
'

test_expect_success 'with rows: how many are changed, and what takes long' '
	git -C shop hop upgrade --no-fetch --yes --no-backup 2>err &&
	pg_query "$db" "insert into t13 select i, i from generate_series(1000, 12000) i;
		create procedure slow() language plpgsql as \$\$ begin
			lock table t14 in share mode; perform pg_sleep(0.6); commit;
		end \$\$; alter database \"$db\" set work_mem = 12345" &&
	prod_file shop 90-rows 01.sql <<-\END &&
	lock table t14;
	update t13 set r = 2 where id < 2000;
	update t13 set r = 3;
	delete from t13 where id >= 1000; -- @HOP:allow rows the last ones
	select pg_sleep(1.1);
	select 1 / (current_setting($$work_mem$$) = $$12345kB$$)::int;
	END
	prod_file shop 90-rows 02.sql <<-\END &&
	-- @HOP:no-transaction
	call slow();
	END
	prod_release shop 0.90.5 90-rows &&
	prod_state >before &&
	test_expect_code 1 rehearse --with-data >out 2>err &&
	cat out err && 	found out | sed "s/.*01.sql://" >got &&
	cat >want <<-\END &&
	1:1: lock:
	3:1: rows:
	3:1: held:
	4:1: rows:
	4:1: held:
	5:1: held:
	END
	test_cmp want got &&
	test_grep "^    public.t13: ROW EXCLUSIVE, 1020 rows updated$" out &&
	test_grep "^    public.t14: SHARE$" out &&
	test_grep "^  allowed: the last ones$" out &&
	test "$(copies)" = 0 &&
	prod_state >after && test_cmp before after &&
	HOP_FAIL=rehearse.copied:1:kill rehearse --with-data >out 2>err
	test "$(copies)" = 1 &&
	test_expect_code 1 rehearse --copy-on="$HOP_DATABASE" >out 2>err &&
	found out | sed "s/.*: //" | paste -sd " " >got &&
	echo "lock: held:" | test_cmp - got &&
	test "$(copies)" = 0
'

test_expect_success 'a program, and a file that fails; on the private server of the clone' '
	prod_file shop 91-program 01.py <<-\END &&
	import os, subprocess
	subprocess.run([os.environ["HOP_TEST_PGBIN"] + "/psql", "-Xqc",
	    "alter table t12 alter id type bigint"], check=True)
	END
	prod_release shop 0.91.0 91-program &&
	role=$(pg_name low) && pg_create_role "$role" &&
	pg_query postgres "alter database \"$db\" owner to \"$role\"" &&
	pg_query "$db" "grant usage on schema hop to \"$role\";
		grant select on all tables in schema public, hop to \"$role\"" &&
	HOP_DATABASE=$(pg_conninfo "$db" "$role") &&
	test_expect_code 1 rehearse >out 2>err &&
	test_grep "^Patches/91-program/01.py: rewrite: public.t12 is rewritten" out &&
	test_expect_code 1 rehearse --with-data >out 2>err &&
	test_grep "^Patches/90-rows/01.sql:3:1: rows:" out &&
	test_grep "^Patches/91-program/01.py: rewrite: public.t12 is rewritten" out &&
	prod_file shop 92-wrong 01.sql "select 1 / 0;" &&
	prod_release shop 0.92.0 92-wrong &&
	test_expect_code 1 rehearse >out 2>err &&
	test_grep "^error: on a copy of database .*/92-wrong/01.sql:1:1: division by zero$" err &&
	! grep "rolled back" err &&
	test "$(copies)" = 0 &&
	test "$(git -C shop hop server psql -XAtd postgres -c "select count(*) from pg_database
		where datname like '\''hop%\_s\_%'\''")" = 0 &&
	git -C shop hop server stop
'

test_expect_success 'options that exclude each other' '
	test_expect_code 129 rehearse --dry-run 2>err &&
	test_grep "^fatal: --dry-run and --rehearse exclude each other$" err &&
	test_expect_code 129 git -C shop hop upgrade --with-data 2>err &&
	test_grep "require --rehearse$" err
'

test_done
