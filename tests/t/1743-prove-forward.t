#!/bin/bash
# Production that an open release does not pass with: what the tests printed is shown.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

{
	hop_project a "--test=sh test.sh" && cd a && git switch -q ho-prod &&
	echo "exit 0" >test.sh && git add test.sh && git commit -qm "Test" --no-verify &&
	git push -q --no-verify && git hop release create patch && git hop release create minor &&
	hop_patch 1 "create table one (i int);" --release 0.1.0 &&
	echo "test ! -e hot || { seq 100; echo seen; exit 9; }" >test.sh &&
	git commit -qam "No hot" && git switch -q ho-release/0.1.0 && git hop patch merge 1 &&
	hop_patch 2 "create table two (i int);" --release 0.0.1 && touch hot && git add hot &&
	git commit -qm "Hot" && git hop patch merge
} >/dev/null 2>&1 || exit 99

test_expect_success 'the release is behind; the reason, the output and the file are named' '
	git hop release promote prod 2>../err && git rev-parse --verify v0.0.1 &&
	test_grep "^warning: ho-release/0.1.0 does not pass with production 0.0.1: " ../err &&
	test_grep " 0.0.1: the tests failed with status 9: sh test.sh$" ../err &&
	test_grep "^  seen$" ../err && ! grep "^  70$" ../err &&
	test_grep "^hint: the output is in .*/hop/tests.log" ../err &&
	[ "$(head -n 1 .git/hop/tests.log)" = 1 ] &&
	! git merge-base --is-ancestor v0.0.1 origin/ho-release/0.1.0 &&
	[ -z "$(ls "$TMPDIR")" ]
'

test_done
