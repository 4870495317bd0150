#!/bin/bash
# Commands in a project without a remote, killed around their commit point.
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

crash_only='^objects\|^publish\|^follow\|^stage'

test_expect_success 'a project without a remote' '
	git init -q --initial-branch=ho-prod dev &&
	hop_database dev dev &&
	cd dev &&
	git hop init --test= &&
	cd ..
'

crash_command() {
	git hop release create minor
}
crash_next() {
	git hop patch create --release 0.1.0 7-next
}
crash_each 'release create'

test_expect_success 'a release' '
	crash_back && git -C dev hop release create minor
'

crash_command() {
	git hop patch create 1-one
}
crash_each 'patch create'

test_expect_success 'two patches, one merged' '
	crash_back &&
	cd dev &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	hop_patch 2-two "create table two (a int);" &&
	cd ..
'

crash_command() {
	git hop patch merge 2-two
}
crash_next() {
	hop_patch 7-next 'create table next (a int);' --release 0.1.0 && git hop patch merge
}
crash_each 'patch merge'

test_expect_success 'both merged, and the next release begun' '
	crash_back &&
	cd dev &&
	git hop patch merge &&
	git hop release create major &&
	git hop patch create 3-three &&
	git switch -q ho-release/0.1.0 &&
	cd ..
'

crash_command() {
	git hop release promote prod
}
crash_next() {
	git hop patch create --release 1.0.0 7-next
}
crash_each 'release promote prod'

test_done
