#!/bin/bash
# A push in two halves, which HOP_SPLIT_PUSH makes: that the crash tests would see it.
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

test_expect_success 'two patches, one merged' '
	hop_project dev &&
	cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	hop_patch 2-two "create table two (a int);" &&
	cd ..
'

# bites: killed at the commit point, the push as it is passes, and the one in halves is caught.
bites() {
	crash_save && crash_undisturbed warm &&
	crash_killed publish.after:1 &&
	crash_again &&
	export HOP_SPLIT_PUSH=1 &&
	test_when_finished "unset HOP_SPLIT_PUSH" &&
	test_expect_code 1 crash_killed publish.split:1 >out &&
	test_grep "^[-+]refs/heads/" out
}

crash_command() {
	git hop patch merge 2-two
}
test_expect_success 'patch merge' bites

test_expect_success 'on a release' '
	crash_back && git -C dev switch -q ho-release/0.1.0
'

crash_command() {
	git hop patch create 3-three
}
test_expect_success 'patch create' bites

test_expect_success 'everything merged' '
	crash_back && (cd dev && git hop patch merge 2-two)
'

crash_command() {
	git hop release promote prod
}
test_expect_success 'release promote prod' bites

test_done
