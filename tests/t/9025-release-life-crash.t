#!/bin/bash
# git hop release promote rc, hotfix, promote hotfix and promote --carry, killed at every step.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/crash-lib.sh
. "$(dirname "$0")/../lib/crash-lib.sh"

# Points of the build and of the tests are met by 9020 too, with the same code.
crash_only='^\(publish\|follow\|promote\|objects\)\.'

test_expect_success 'production, a release with a patch merged, and one above it' '
	hop_project dev &&
	cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	git hop release promote prod &&
	git hop release create minor &&
	hop_patch 2-two "create table two (a int);" &&
	git hop patch merge &&
	git hop release create major &&
	git switch ho-release/0.2.0 &&
	cd ..
'

# bites: killed in a push in two halves, what is left is neither the old state nor the new one.
bites() {
	export HOP_SPLIT_PUSH=1 &&
	test_when_finished "unset HOP_SPLIT_PUSH" &&
	test_expect_code 1 crash_killed publish.split:1 >out &&
	test_grep "^[-+]refs/" out
}

crash_next() {
	hop_patch 7-next 'create table next (a int);' --release 0.2.0 || return
	case $crash_point in
	publish.* | follow.*) git hop patch merge ;;
	esac
}

crash_command() {
	git hop release promote rc
}
crash_each 'release promote rc'
test_expect_success 'release promote rc: a push in halves is seen' bites

test_expect_success 'back' 'crash_back'

crash_command() {
	git hop release hotfix
}
crash_each 'release hotfix'

test_expect_success 'a hotfix with a patch' '
	crash_back && (
		cd dev && git hop release hotfix &&
		hop_patch 3-three "alter table one add b int;" &&
		git hop patch merge
	)
'

crash_command() {
	git hop release promote hotfix
}
crash_each 'release promote hotfix'
test_expect_success 'release promote hotfix: a push in halves is seen' bites

test_expect_success 'a candidate is left, and nothing above' '
	crash_back && (
		cd dev &&
		git push -q --no-verify origin --delete ho-release/1.0.0 ho-release/0.1.0 &&
		git switch -q ho-release/0.2.0 &&
		git branch -q -D ho-release/1.0.0 ho-release/0.1.0 &&
		git hop patch create 4-four && git switch -q ho-release/0.2.0
	)
'

crash_only='^\(publish\|follow\)\.'
crash_command() {
	git hop release promote prod --carry
}
crash_next() {
	git switch -q ho-patch/4-four &&
	hop_sql 01.sql 'create table four (a int);' && git hop patch merge
}
crash_each 'release promote prod --carry'
test_expect_success 'release promote prod --carry: a push in halves is seen' bites

test_done
