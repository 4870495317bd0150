#!/bin/bash
# A release branch that cannot be read is named and passed over, but where it is the subject.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

top=ho-release/999999.999999.999999

# works COMMAND...: and names the branch, once.
works() {
	git hop "$@" 2>"$HOME/err" >/dev/null || return
	grep "^warning: skipping .$top." "$HOME/err" >"$HOME/out"
	[ "$(wc -l <"$HOME/out")" = 1 ]
}

# blocked BRANCH COMMAND...: refused for the branch, with everything as it was.
blocked() {
	git fetch -q --prune && hop_state . >"$HOME/before" &&
	test_expect_code 128 git hop "${@:2}" 2>"$HOME/err" &&
	test_grep "^fatal: the branch .$1. has no .hop/releases" "$HOME/err" &&
	test_grep "^hint: .*delete the branch" "$HOME/err" &&
	hop_state . >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after"
}

test_expect_success 'the highest of all versions without a list: every command goes on' '
	hop_project a && cd a && git push -q --no-verify origin "ho-prod:refs/heads/$top" &&
	works release create minor && works patch create 1-a &&
	hop_sql 01.sql "create table a (i int);" && works patch list && works release list &&
	works status && works patch apply && works patch merge && works release promote rc &&
	works patch create 2-b --release 0.1.0 && works patch detach 2-b &&
	works patch attach --release 0.1.0 2-b && works release graph &&
	git push -q && hop_sql 01.sql "create table b (i int);" && works patch merge &&
	works release promote prod && works release hotfix && works patch create 3 &&
	hop_sql 01.sql "create table c (i int);" && works patch merge &&
	works release promote hotfix
'
cd "$TRASH/a" || exit 99

test_expect_success 'check has it as a finding, and the branch stays' '
	test_expect_code 1 git hop check >../out && test_grep "^release-list: $top" ../out &&
	git rev-parse -q --verify "refs/remotes/origin/$top"
'

test_expect_success 'it is refused where it is the subject' '
	blocked "$top" patch create 9 --release 999999.999999.999999 &&
	blocked "$top" patch merge 77 && blocked "$top" release promote prod &&
	blocked "$top" release promote rc && git switch -q --detach "origin/$top" &&
	git switch -q ho-prod
'

test_expect_success 'one that comes first: nothing is merged or promoted past it' '
	git hop release create major && hop_patch 4 "create table d (i int);" &&
	git push -q --no-verify origin "ho-prod:refs/heads/ho-release/0.9.0" &&
	blocked ho-release/0.9.0 patch merge && git push -q --no-verify origin :ho-release/0.9.0 &&
	git hop patch merge &&
	git push -q --no-verify origin "ho-prod:refs/heads/ho-release/0.9.0" &&
	blocked ho-release/0.9.0 release promote prod &&
	blocked ho-release/0.9.0 release promote rc &&
	git push -q --no-verify origin :ho-release/0.9.0
'

test_expect_success 'the version that would be opened, and one below production' '
	git push -q --no-verify origin "ho-prod:refs/heads/ho-release/0.2.0" &&
	blocked ho-release/0.2.0 release create minor &&
	git push -q --no-verify origin :ho-release/0.2.0 &&
	git push -q --no-verify origin "ho-prod:refs/heads/ho-release/0.0.9" &&
	git hop release promote prod && git push -q --no-verify origin :ho-release/0.0.9 &&
	git push -q --no-verify origin ":$top" && git fetch -q --prune &&
	git hop check && git hop status 2>../err &&
	! grep passed ../err
'

test_done
