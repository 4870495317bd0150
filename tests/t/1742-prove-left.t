#!/bin/bash
# Tests that leave something running, do not end, or are killed.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# tests_are TEXT: the patch that is checked out has that as test.sh.
tests_are() {
	printf '%s\n' "$1" >test.sh && git add test.sh && git commit -qm "Test: $1"
}

# gone PID: it ends within half a minute.
gone() {
	local i
	for i in $(seq 300); do
		! kill -0 "$1" 2>/dev/null || { sleep 0.1 && continue; }
		return 0
	done
	return 1
}

export OUT="$TRASH/pid"
{
	hop_project a "--test=sh test.sh" && cd a && git hop release create minor &&
	hop_patch 1 "create table one (i int);"
} >/dev/null 2>&1 || exit 99

test_expect_success 'a daemon that holds the output open: named, ended, no reason to refuse' '
	tests_are "sleep 1000 & echo \$! >\"\$OUT\"; echo done" &&
	timeout 120 git hop patch merge 2>../err && pid=$(cat ../pid) &&
	test_grep "^warning: the tests left processes running: $pid (sleep)$" ../err &&
	test_grep "tests of release 0.1.0 passed" ../err && gone "$pid"
'

test_expect_success 'one with no output, and a session in the scratch database' '
	hop_patch 2 "select 2;" &&
	tests_are "psql -Xqc \"select pg_sleep(1000)\" >/dev/null 2>&1 & echo \$! >\"\$OUT\"" &&
	timeout 120 git hop patch merge 2>../err && pid=$(cat ../pid) &&
	test_grep "^warning: the tests left processes running: $pid (psql" ../err && gone "$pid"
'

test_expect_success 'one in a session of its own is named, and left alone' '
	hop_patch 3 "select 3;" &&
	tests_are "setsid sh -c '\''echo \$\$ >\"\$OUT\"; exec sleep 1000'\'' &
		while test ! -s \"\$OUT\"; do sleep 0.1; done" && rm ../pid &&
	timeout 120 git hop patch merge 2>../err && pid=$(cat ../pid) &&
	test_grep "^warning: the tests left processes running: $pid (sleep)$" ../err &&
	kill -0 "$pid" && kill "$pid"
'

test_expect_success 'a daemon does not turn a failure into success, nor hide what was printed' '
	hop_patch 4 "select 4;" && tests_are "sleep 1000 & echo seen; exit 5" &&
	refused "^error: the tests failed with status 5" timeout 120 git hop patch merge &&
	test_grep "^  seen$" "$HOME/err" && test_grep "left processes running" "$HOME/err"
'

test_expect_success 'hop.testTimeout: the whole group is ended, and it is said' '
	git config hop.testTimeout 1 &&
	tests_are "echo begun; sleep 1000 & echo \$! >\"\$OUT\"; wait" &&
	refused "^error: the tests did not end within 1 s: sh test.sh" \
		timeout 120 git hop patch merge && test_grep "^  begun$" "$HOME/err" &&
	test_grep "^hint: .*git config hop.testTimeout SECONDS" "$HOME/err" && gone "$(cat ../pid)"
'

test_expect_success 'one that ignores SIGTERM, or is stopped, ends as well' '
	tests_are "trap \"\" TERM; sleep 1000; sleep 1000" &&
	refused "^error: the tests did not end within 1 s" timeout 120 git hop patch merge &&
	tests_are "kill -STOP \$\$" &&
	refused "^error: the tests did not end within 1 s" timeout 120 git hop patch merge
'

test_expect_success 'what is not a number is refused; 0 and more time let them through' '
	tests_are "sleep 2" && git config hop.testTimeout soon &&
	test_expect_code 128 git hop patch merge 2>../err && test_grep "hop.testTimeout" ../err &&
	git config hop.testTimeout 60 && git hop patch merge &&
	git config hop.testTimeout 0 && hop_patch 5 "select 5;" && git hop patch merge
'

test_expect_success 'killed with its whole group, or by a signal of its own' '
	hop_patch 6 "select 6;" && tests_are "kill -9 0" &&
	refused "^error: the tests were killed by signal 9" git hop patch merge &&
	tests_are "kill -TERM \$\$" &&
	refused "^error: the tests were killed by signal 15" git hop patch merge
'

test_expect_success 'promote judges tests alike' '
	tests_are "test -z \"\$HOP_PATCH\" || exit 0; sleep 1000" && git hop patch merge &&
	git config hop.testTimeout 1 &&
	refused "^error: the tests did not end within 1 s" git hop release promote prod &&
	refused "^error: the tests did not end within 1 s" git hop release promote rc
'

test_done
