#!/bin/bash
# What a patch may do to the test command, and tests that nobody would run.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# command TEXT: the patch that is checked out has that test command; -: none, not even empty.
command_is() {
	sed -i '/^\[test\]$/d; /^command\>/d' .hop/config &&
	{ [ "$1" = - ] || printf '[test]\ncommand = %s\n' "$1" >>.hop/config; } &&
	git commit -qam "Test command: $1"
}

# with FILE [LINE]: the patch that is checked out has that file.
with() {
	mkdir -p "$(dirname "$1")" && printf '%s\n' "${2-}" >"$1" && git add "$1" &&
	git commit -qm "Add $1"
}

on_release() {
	git reset -q --hard && git switch -q ho-release/0.1.0 && git pull -q
}

message() {
	git log -1 --format=%B origin/ho-release/0.1.0
}

{
	hop_project a "--test=sh test.sh" && cd a && git switch -q ho-prod &&
	echo "exit 0" >test.sh && git add test.sh && git commit -qm "Test" --no-verify &&
	git push -q --no-verify && git hop release create minor &&
	merged 1 "create table one (i int);"
} >/dev/null 2>&1 || exit 99

test_expect_success 'a patch that changes the command passes with both, the old one second' '
	! message | grep -i "test command" &&
	hop_patch 2 "create table two (i int);" && command_is "sh new.sh" && with new.sh "exit 0" &&
	git hop patch merge 2>../err &&
	grep "tests of release 0.1.0 passed" ../err | sed "s/ ([0-9.]* s)//" >../passed &&
	test_cmp - ../passed <<-\END &&
	tests of release 0.1.0 passed: sh new.sh
	tests of release 0.1.0 passed: sh test.sh
	END
	message | grep "^The test command was .sh test.sh. and is now .sh new.sh.\.$"
'

test_expect_success 'with only one of the two it is refused' '
	hop_patch 3 "select 3;" && command_is "sh newer.sh" && with newer.sh "exit 7" &&
	refused "^error: the tests failed with status 7: sh newer.sh" git hop patch merge &&
	with newer.sh "exit 0" && with new.sh "echo old; exit 6" &&
	refused "^error: with the old test command: the tests failed with status 6: sh new.sh" \
		git hop patch merge &&
	test_grep "^hint: a patch that changes the test command has to pass" "$HOME/err" &&
	test_grep "^  old$" "$HOME/err" &&
	git rm -q new.sh && git commit -qm "No new.sh" &&
	refused "^error: with the old test command: the tests .*sh new.sh" git hop patch merge
'

test_expect_success 'each of the two has a database and a work tree of its own' '
	git revert --no-edit HEAD HEAD^ &&
	with newer.sh "set -e; test ! -e made; touch made; psql -Xqc \"create table made ()\"" &&
	with new.sh "set -e; test ! -e made; touch made; psql -Xqc \"create table made ()\"" &&
	git hop patch merge 2>../err && [ "$(grep -c " passed: " ../err)" = 2 ]
'

test_expect_success 'the old one counts as the release has it, not as the patch was started' '
	hop_patch 4 "select 4;" && with four "" && on_release &&
	hop_patch 5 "select 5;" && command_is "test -f five || test -f Patches/4/README.md" &&
	with five "" && git rm -q newer.sh && with newer.sh "exit 0" && git hop patch merge &&
	git switch -q ho-patch/4 &&
	git hop patch merge 2>../err && [ "$(grep -c " passed: " ../err)" = 1 ] &&
	test_grep "passed: test -f five" ../err
'

test_expect_success 'a patch that removes the command says so in the merge commit' '
	on_release && hop_patch 6 "select 6;" && command_is "" && git hop patch merge 2>../err &&
	! grep "passed" ../err &&
	test_grep "^warning: patch .6. removes the test command .test -f five" ../err &&
	message | grep "^The test command .test -f five || .*. is removed\.$" &&
	hop_patch 7 "select 7;" && command_is - && git hop patch merge 2>../err &&
	test_grep "^warning: the project has no test command" ../err &&
	! message | grep "test command"
'

# found FILE LINE COMMAND: with that file and no command, merge is refused and proposes COMMAND.
found() {
	with "$1" "$2" &&
	refused "^error: the project has tests (.*$1.*), but no test command" git hop patch merge &&
	test_grep "^hint: *command = $3$" "$HOME/err" &&
	git reset -q --hard HEAD^
}

test_expect_success 'tests that init would have found, and no command: refused' '
	on_release && hop_patch 8 "create table eight (i int);" &&
	found pytest.ini "[pytest]" "pytest -q" &&
	found pyproject.toml "[tool.pytest.ini_options]" "pytest -q" &&
	found conftest.py "" "pytest -q" &&
	found test_users.py "def test_users(): pass" "pytest -q" &&
	found shop/tests/test_users.py "def test_users(): pass" "pytest -q" &&
	found shop/users_test.py "def test_users(): pass" "pytest -q" &&
	found Makefile "check: all" "make check" &&
	with test/users.sql "select plan(1);" &&
	refused "^error: the project has tests (.*pgTAP.*test/), but no test command" \
		git hop patch merge &&
	test_grep "^hint: *command = pg_prove test/$" "$HOME/err" &&
	git reset -q --hard HEAD^
'

test_expect_success 'what looks like tests and is none' '
	with Patches/8/test_8.md "" && with .venv/test_a.py "" &&
	with node_modules/x/test_a.py "" &&
	with test_data.csv "" && with src/latest.py "" && with env/pyvenv.cfg "" &&
	with env/lib/test_a.py "" && with tests/data.sql "select 1;" &&
	ln -s latest.py src/test_link.py && git add src && git commit -qm Link &&
	git hop patch merge 2>../err && test_grep "^warning: the project has no test command" ../err
'

test_expect_success 'a patch may repair a configuration that cannot be read' '
	on_release && echo nonsense >>.hop/config && git commit -qam "Past the hooks" --no-verify &&
	git push -q --no-verify && hop_patch 20 "select 20;" &&
	refused "^error: .*\.hop/config" git hop patch merge &&
	sed -i "/^nonsense$/d" .hop/config && git commit -qam Repair && git hop patch merge
'

test_expect_success 'promote refuses them, too; "command =" says that there are none' '
	on_release && echo "def test_a(): pass" >test_a.py && git add test_a.py &&
	git commit -qm "Past the hooks" --no-verify && git push -q --no-verify &&
	refused "^error: the project has tests (test_a.py), but no test command" \
		git hop release promote rc &&
	test_grep "^hint: or .command =. if there is nothing to run" "$HOME/err" &&
	refused "^error: the project has tests (test_a.py), but no test command" \
		git hop release promote prod &&
	hop_patch 9 "create table nine (i int);" && command_is "" && git hop patch merge 2>../err &&
	! grep "test command" ../err && git hop release promote rc && git hop release promote prod
'

test_expect_success 'tests that are not there: what status 5 of pytest means' '
	git hop release create patch && hop_patch 10 "select 10;" &&
	with bin/pytest "echo no tests ran; exit 5" && chmod +x bin/pytest &&
	git commit -qam Executable && command_is "sh bin/pytest -q" &&
	refused "^error: the tests failed with status 5: sh bin/pytest -q" git hop patch merge &&
	test_grep "^hint: status 5 of pytest means that it found no tests" "$HOME/err"
'

db="$(pg_name "it's a \\ name")"
role=$(pg_name quoted)
conninfo="host=$HOP_TEST_PGHOST port=$HOP_TEST_PGPORT user=$role dbname='$(
	printf %s "$db" | sed "s/['\\\\]/\\\\&/g")'"

test_expect_success 'HOP_DATABASE leads to a database of any name' '
	pg_create_role "$role" && pg_create_db "$db" "$role" &&
	git config hop.database "$conninfo" && git config hop.resetDatabase true &&
	git reset -q --hard HEAD^ && command_is "sh look.sh" &&
	with look.sh "psql -XAtc \"select current_database()\" \"\$HOP_DATABASE\" >\"\$OUT\"" &&
	OUT=$TRASH/out git hop patch merge && [ "$(cat ../out)" = "$db" ]
'

test_done
