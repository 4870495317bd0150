#!/bin/bash
# git hop release create and git hop patch create, killed at every step.
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

test_expect_success 'a project' '
	hop_project dev
'

crash_command() {
	git hop release create minor
}
crash_next() {
	git hop patch create --release 0.1.0 7-next
}
crash_each 'release create'

test_expect_success 'a release' '
	crash_back &&
	(cd dev && git hop release create minor)
'

crash_command() {
	git hop patch create 1-users
}
crash_next() {
	git hop patch create --release 0.1.0 7-next
}
crash_each 'patch create'

test_done
