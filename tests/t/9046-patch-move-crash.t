#!/bin/bash
# git hop patch attach and detach, killed at every step.
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

test_expect_success 'two releases, and a candidate of the first, whose branch is checked out' '
	hop_project dev && cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop release create major &&
	git switch ho-release/0.1.0 &&
	cd ..
'

next=7
crash_next() {
	hop_patch "$next-next" "create table next$next (a int);" --release 0.1.0 || return
	case $crash_point in
	publish.* | follow.*) git hop patch merge ;;
	esac
}

crash_command() {
	git hop patch attach --release 1.0.0 1-one
}
crash_each 'patch attach to another release'

next=8
crash_command() {
	git hop patch detach 1-one
}
crash_each 'patch detach'

test_done
