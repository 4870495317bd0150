#!/bin/bash
# Whose development database it is: one clone does not drop that of another.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

db=$(pg_name a)

whose() {
	pg_query "$db" "select clone_id, clone_directory from hop.project"
}

# kept COMMAND...: refused, and a row that somebody put there is still there.
kept() {
	pg_query "$db" "create table if not exists keep (i int)" &&
	test_expect_code 1 "$@" 2>"$HOME/err" &&
	test_grep "^error: .*the development database of another clone, .$TRASH/a/. on " \
		"$HOME/err" &&
	[ "$(pg_query "$db" "select count(*) from keep")" = 0 ]
}

test_expect_success 'two clones, one database' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-users "create table users (i int);" && git hop patch apply &&
	git push -q && [ "$(whose)" = "$(cat .git/hop/clone)|$TRASH/a/" ] &&
	git hop restore && git hop patch apply && cd .. && hop_clone b &&
	git -C b config hop.database "$(pg_conninfo "$db")" &&
	git -C b switch -q ho-patch/1-users
'

test_expect_success 'the other one is refused, whatever it calls' '
	cd b && kept git hop restore &&
	test_grep "^hint: .*--take-over=$db" "$HOME/err" && kept git hop patch apply &&
	kept git hop restore --take-over=other && kept git hop patch apply --take-over= &&
	(cd .. && kept git hop clone --database="$(pg_conninfo "$db")" origin.git c) &&
	test_path_is_missing ../c
'
cd "$TRASH/b" || exit 99

test_expect_success 'a clone says how to clone: the command works, also with odd names' '
	cd .. && cp -R origin.git "or'"'"'igin x.git" && (
		export PGHOST="$HOP_TEST_PGHOST" PGPORT="$HOP_TEST_PGPORT" PGUSER=postgres
		export PGDATABASE="$db" &&
		test_expect_code 1 git hop clone "or'"'"'igin x.git" "d x" 2>err &&
		test_grep "^hint: use another one: git hop clone" err &&
		[ "$(grep -vc "^there is no pg_dump" err)" = 2 ] &&
		test_path_is_missing "d x" &&
		test_expect_code 1 git hop clone origin.git 2>err2 &&
		test_grep "git hop clone --database=dbname=${db}_2 origin.git origin$" err2 &&
		sed -n "s/^hint: use another one: //p" err | sh &&
		git -C "d x" hop status >out &&
		test_grep "^database  *${db}_2 (development)" out &&
		conninfo=$(pg_conninfo "$db") &&
		test_expect_code 1 git hop clone --database="$conninfo" origin.git c 2>err &&
		test_grep "^hint: use another one: git hop clone --database=CONNINFO" err
	)
'
cd "$TRASH/b" || exit 99

test_expect_success 'a merge needs no development database' '
	git hop patch create 2 --release 0.1.0 && hop_sql 01.sql "select 2;" &&
	git hop patch merge 2 && [ "$(pg_query "$db" "select count(*) from keep")" = 0 ]
'

test_expect_success 'a worktree of the first clone is the same clone' '
	git -C ../a worktree add -q ../tree ho-patch/1-users -f && cd ../tree &&
	git hop patch apply && [ "$(whose)" = "$(cat ../a/.git/hop/clone)|$TRASH/tree/" ] &&
	cd ../a && git hop patch apply && git worktree remove --force ../tree
'
cd "$TRASH/b" || exit 99

test_expect_success 'named once, it is the second one s' '
	git hop restore --take-over="$db" && [ "$(whose)" = "$(cat .git/hop/clone)|$TRASH/b/" ] &&
	git hop restore && (cd ../a && test_expect_code 1 git hop patch apply 2>../err) &&
	test_grep "another clone, .$TRASH/b/. on " ../err &&
	(cd ../a && git hop patch apply --take-over="$db") &&
	test_expect_code 1 git hop restore
'

test_expect_success 'a folder of any name' '
	dir=$(printf "x \\377\047;") && cp -a ../a "../$dir" && cd "../$dir" &&
	rm .git/hop/clone && git hop patch apply --take-over="$db" &&
	cd ../a && test_expect_code 1 git hop restore 2>../err &&
	test_grep "another clone, .*/x ?" ../err
'
cd "$TRASH/a" || exit 99

test_expect_success 'a production database stays one, named or not' '
	git hop restore --take-over="$db" &&
	pg_query "$db" "update hop.project set role = \$\$production\$\$, clone_id = null" &&
	test_expect_code 1 git hop restore --take-over="$db" 2>../err &&
	test_grep "production database" ../err
'

test_expect_success 'PG* variables alone: a database for each user' '
	git config --unset hop.database && name=$(git config --file .hop/config hop.name) &&
	name=${name}_$(id -un) &&
	test_when_finished "pg_query postgres \"drop database \\\"$name\\\"\"" &&
	(pg_env && git hop restore 2>../err) && test_grep "database .$name. is at" ../err &&
	(pg_env && cd ../b && git config --unset hop.database &&
		test_expect_code 1 git hop restore 2>../err) &&
	test_grep "another clone, .$TRASH/a/" ../err
'

test_done
