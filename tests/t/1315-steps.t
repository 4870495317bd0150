#!/bin/bash
# Files outside a transaction and programs in builds, validation, restore and on the way there.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# file NAME: a file of the patch that is checked out, from standard input, committed.
file() {
	local id
	id=$(git symbolic-ref --short HEAD) && id=${id#ho-patch/} &&
	cat >"Patches/$id/$1" && git add -- "Patches/$id/$1" && git commit -qm "Add $1"
}

own_oid() {
	pg_query "$a" "select oid from pg_database where datname = current_database()"
}

# For scripts: run("sql") in the database that PG* name.
cat >"$HOME/sql.py" <<-\END
import os, subprocess
def run(sql):
    out = subprocess.run([os.environ["HOP_TEST_PGBIN"] + "/psql", "-XqAt", "-v",
                          "ON_ERROR_STOP=1", "-c", sql], stdout=subprocess.PIPE)
    out.check_returncode()
    return out.stdout.decode().strip()
END

a=$(pg_name a)
{
	hop_project a "--test=sh test.sh" && cd a && git switch -q ho-prod && cp "$HOME/sql.py" . &&
	cat >test.sh <<-\END && git add sql.py test.sh &&
	[ "$("$HOP_TEST_PGBIN/psql" -XqAt -c "select count(*) from t")" -ge 11 ]
	END
	git commit -qm "Test" --no-verify && git push -q --no-verify &&
	git hop release create minor && git hop patch create 1-many
} >/dev/null 2>&1 || exit 99

test_expect_success 'apply: kinds in the order of their names, each after what is before it' '
	file 01_mood.sql <<-\END &&
	create table t (i int);
	insert into t select generate_series(1, 10);
	create type mood as enum ('\''sad'\'');
	END
	file 02_happy.sql <<-\END &&
	-- @HOP:no-transaction
	set maintenance_work_mem = '\''2MB'\'';
	alter type mood add value '\''happy'\'';
	create index concurrently t_i on t (i);
	vacuum (analyze) t;
	END
	file 03_use.sql <<-\END &&
	alter table t add m mood default '\''happy'\'';
	END
	file 04_fill.py <<-\END &&
	import os, sys
	import sql
	assert os.path.samefile(os.getcwd(), os.environ["HOP_ROOT"]), os.getcwd()
	assert os.path.exists("Patches/1-many/README.md") and sys.stdin.read() == ""
	sql.run("update t set m = '\''sad'\'' where i > %s" % sql.run("select avg(i) from t"))
	sql.run("create table env as select '\''%s'\'' as v" % " ".join(
	    os.environ[n] for n in ["HOP_PROJECT", "HOP_RELEASE", "HOP_PATCH", "PGAPPNAME"]))
	END
	file 05_beside.py <<-\END &&
	# @HOP:cwd=patch
	import os
	import sql
	assert os.path.exists("04_fill.py"), os.getcwd()
	sql.run("insert into env values ('\''beside'\'')")
	END
	file 06_end.psql <<-\END &&
	\set n 7
	insert into t values (:n, '\''happy'\'');
	END
	git hop patch apply -q 2>../err && test_must_be_empty ../err &&
	pg_query "$a" "select m, count(*) from t group by m order by m" >../rows &&
	printf "sad|5\nhappy|6\n" >../expect && test_cmp ../expect ../rows &&
	pg_query "$a" "select v from env" >../env &&
	printf "a 0.1.0 1-many Patches/1-many/04_fill.py\nbeside\n" >../expect &&
	test_cmp ../expect ../env &&
	[ "$(pg_query "$a" "select count(*) from pg_index where indisvalid
		and indexrelid = '\''t_i'\''::regclass")" = 1 ] &&
	[ -z "$(ls "$TMPDIR")" ] && [ -z "$(git status --porcelain)" ] &&
	git status --short --ignored >../ignored && test_must_be_empty ../ignored
'

test_expect_success 'a program that fails: what it said, and the development database as it was' '
	before=$(own_oid) &&
	file 07_bad.py <<-\END &&
	print("so far")
	raise SystemExit("no more")
	END
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: Patches/1-many/07_bad.py: failed with status 1$" ../err &&
	test_grep "^  so far$" ../err && test_grep "^  no more$" ../err &&
	git rm -q Patches/1-many/07_bad.py && git commit -qm "Not bad" &&
	file 07_bad.psql <<-\END &&
	select 1;
	insert into nowhere values (1);
	END
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: Patches/1-many/07_bad.psql: failed with status 3$" ../err &&
	test_grep "07_bad.psql:2: ERROR: *relation .nowhere. does not exist" ../err &&
	git rm -q Patches/1-many/07_bad.psql && git commit -qm "Not bad" &&
	[ "$before" = "$(own_oid)" ] &&
	[ -z "$(ls "$TMPDIR")" ]
'

test_expect_success 'a program that hangs, one that talks too much, one that leaves a child' '
	file 07_slow.py <<-\END &&
	import subprocess, time
	subprocess.Popen(["sleep", "307"])
	print("going to sleep")
	time.sleep(300)
	END
	git config hop.scriptTimeout 5 &&
	test_expect_code 1 timeout 60 git hop patch apply 2>../err &&
	test_grep "^error: Patches/1-many/07_slow.py: did not end within 5 s$" ../err &&
	test_grep "hop.scriptTimeout" ../err && test_grep "going to sleep" ../err &&
	! pgrep -f "^sleep 307$" && git config --unset hop.scriptTimeout &&
	git rm -q Patches/1-many/07_slow.py && git commit -qm "Not slow" &&
	file 07_loud.py <<-\END &&
	line = "x" * 127 + "\n"
	for i in range(800 << 10):
	    print(line, end="")
	raise SystemExit("enough")
	END
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^  enough$" ../err && test_grep "the output is in .*/hop/script.log" ../err &&
	[ "$(stat -c %s .git/hop/script.log)" -lt 70000000 ] &&
	[ "$(stat -c %s ../err)" -lt 100000 ] &&
	rm .git/hop/script.log &&
	git rm -q Patches/1-many/07_loud.py && git commit -qm "Not loud" &&
	file 07_child.py <<-\END &&
	import subprocess
	subprocess.Popen(["sleep", "308"])
	END
	timeout 60 git hop patch apply 2>../err &&
	test_grep "^warning: Patches/1-many/07_child.py left processes running: .*(sleep)" ../err &&
	! pgrep -f "^sleep 308$" &&
	git rm -q Patches/1-many/07_child.py && git commit -qm "No child"
'

test_expect_success 'what belongs to the server or to hop' '
	file 07_hop.py <<-\END &&
	import sql
	sql.run("update hop.project set name = '\''other'\''")
	END
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: Patches/1-many/07_hop.py: changes schema hop" ../err &&
	git rm -q Patches/1-many/07_hop.py && git commit -qm "Not hop" &&
	r=$(pg_name r) &&
	printf "select 1;\ncreate role %s;\n" "$r" | file 07_role.psql &&
	git hop patch apply 2>../err &&
	test_grep "^warning: Patches/1-many/07_role.psql: roles of the server changed" ../err &&
	pg_query postgres "drop role $r" &&
	git rm -q Patches/1-many/07_role.psql && git commit -qm "No role"
'

new="'new'"
test_expect_success 'refusals that need no server, and the hints for statements in a plain file' '
	file 07_x.sql <<-\END &&
	-- @HOP:no-transaction
	create index concurrently on t (i);
	begin;
	END
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "07_x.sql:2:1: a concurrent index needs a name" ../err &&
	test_grep "07_x.sql:3:1: transaction control in a file that runs outside" ../err &&
	file 07_x.sql <<-\END &&
	create index concurrently x on t (i);
	END
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "07_x.sql:1:1: CREATE INDEX CONCURRENTLY cannot run inside" ../err &&
	test_grep "^hint: .*a file of its own" ../err &&
	test_grep "^hint: -- @HOP:no-transaction$" ../err &&
	printf "alter type mood add value %s;\ninsert into t values (1, %s);\n" "$new" "$new" |
		file 07_x.sql &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "unsafe use of new value" ../err &&
	test_grep "^hint: .*put ALTER TYPE into a file" ../err &&
	git rm -q Patches/1-many/07_x.sql && git commit -qm "No x"
'

test_expect_success 'killed around a program: the database as it was, and nothing left behind' '
	before=$(own_oid) &&
	for point in export.noted process.before process.after; do
		HOP_FAIL=$point:1:kill git hop patch apply >/dev/null 2>&1
		[ $? = 137 ] && [ "$before" = "$(own_oid)" ] && git hop check -q &&
		[ -z "$(ls "$TMPDIR")" ] && ! ls .git/hop/script-* 2>/dev/null || return
	done
'

test_expect_success 'merge, promote and upgrade run them as well' '
	git hop patch merge -q && git hop release promote prod -q &&
	pg_create_db "$(pg_name up)" && up=$(pg_name up) &&
	HOP_DATABASE=$(pg_conninfo "$up") git hop upgrade --yes --no-backup &&
	pg_query "$up" "select m, count(*) from t group by m order by m" >../rows &&
	printf "sad|5\nhappy|6\n" >../expect && test_cmp ../expect ../rows &&
	[ "$(pg_query "$up" "select count(*) from hop.file")" = 0 ]
'

test_expect_success 'a dump of a database in which a release is under way is refused' '
	git hop release create minor -q && git hop patch create 2-more -q &&
	pg_query "$up" "insert into hop.file select '\''0.2.0'\'', id, hash, '\''f'\'', 0,
		'\''done'\'', null, now(), 1 from hop.patch" &&
	"$HOP_TEST_PGBIN/pg_dump" -d "$(pg_conninfo "$up")" >../dump.sql &&
	test_expect_code 1 git hop patch apply --from-dump ../dump.sql 2>../err &&
	test_grep "^error: the dump is of a database in which release 0.2.0 is under way" ../err
'

test_done
