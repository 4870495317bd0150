#!/bin/bash
# What tests print: bounded in memory and on disk, and shown where it helps.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

log=.git/hop/tests.log

# tests_are TEXT: the patch that is checked out has that as test.sh.
tests_are() {
	printf '%s\n' "$1" >test.sh && git add test.sh && git commit -qm "Test: $1"
}

export GO="$TRASH/go" STATUS="$TRASH/status"
{
	hop_project a '--test=sh test.sh $PPID' && cd a && git hop release create minor &&
	hop_patch 1 "create table one (i int);"
} >/dev/null 2>&1 || exit 99

test_expect_success 'a gigabyte of output: neither out of memory nor a full disk' '
	tests_are "echo first; yes 0123456789abcde | head -c 1073741824; echo last
		cp /proc/\$1/status \"\$STATUS\"; exit 3" &&
	refused "^error: the tests failed with status 3" git hop patch merge &&
	peak=$(sed -n "s/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p" ../status) &&
	[ "$peak" -lt 500000 ] &&
	test_grep "^  last$" "$HOME/err" && [ "$(wc -l <"$HOME/err")" -lt 40 ] &&
	test_grep "^hint: the output is in .*/hop/tests.log" "$HOME/err" &&
	[ "$(head -n 1 $log)" = first ] && [ "$(tail -n 1 $log)" = last ] &&
	grep -a "bytes omitted" $log &&
	size=$(stat -c %s $log) && [ "$size" -gt 67000000 ] && [ "$size" -lt 67200000 ] &&
	[ "$(stat -c %a $log)" = 600 ] && [ -z "$(ls .git/hop/tests-* 2>/dev/null)" ]
'

test_expect_success 'one line of it, and zero bytes' '
	tests_are "head -c 100000000 /dev/zero; exit 3" &&
	refused "^error: the tests failed with status 3" git hop patch merge &&
	[ "$(wc -c <"$HOME/err")" -lt 20000 ]
'

test_expect_success 'the last 30 lines are shown, all of them are in the file' '
	tests_are "seq 100; exit 3" &&
	refused "^error: the tests failed with status 3" git hop patch merge &&
	sed -n "s/^  \([0-9]*\)$/\1/p" "$HOME/err" >../shown && seq 71 100 | test_cmp - ../shown &&
	seq 100 | test_cmp - $log
'

test_expect_success 'output that is shown whole is in no file, nor is that of tests that pass' '
	rm $log && tests_are "seq 30; exit 3" &&
	refused "^error: the tests failed with status 3" git hop patch merge &&
	sed -n "s/^  \([0-9]*\)$/\1/p" "$HOME/err" >../shown && seq 30 | test_cmp - ../shown &&
	! grep "the output is in" "$HOME/err" && test_path_is_missing $log
'

test_expect_success 'with -v it is shown as it comes, and once' '
	tests_are "seq 100; echo seen >&2
		while test ! -e \"\$GO\"; do sleep 0.1; done; exit 3" &&
	test_when_finished "touch ../go" &&
	{ git hop -C . patch merge -v 2>../err & } && child=$! &&
	for i in $(seq 300); do ! grep -q "^seen$" ../err || break; sleep 0.1; done &&
	kill -0 $child && touch ../go && test_expect_code 1 wait $child &&
	grep "^[0-9]*$" ../err >../shown && seq 100 | test_cmp - ../shown
'

test_expect_success 'the file goes with the other leftovers of a command that was killed' '
	rm -f ../go $log && test_when_finished "touch ../go" &&
	{ git hop patch merge 2>/dev/null & } &&
	for i in $(seq 300); do
		! ls .git/hop/tests-*.log >/dev/null 2>&1 || break
		sleep 0.1
	done &&
	pid=$(ls .git/hop | sed -n "s/^tests-\([0-9]*\).log$/\1/p") &&
	kill -9 "$pid" && touch ../go &&
	git hop check >/dev/null 2>&1
	[ -z "$(ls .git/hop/tests* 2>/dev/null)" ] && [ -z "$(ls "$TMPDIR")" ]
'

test_expect_success 'tests that pass after all: no file is left' '
	tests_are "seq 1000" && git hop patch merge 2>../err && test_path_is_missing $log &&
	[ -z "$(ls .git/hop/tests* 2>/dev/null)" ] && ! grep "^ *[0-9]*$" ../err
'

test_done
