#!/bin/bash
# git hop release promote prod, killed at every step.
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

test_expect_success 'a release with two patches merged, and the next one begun' '
	hop_project dev --test='\''"$HOP_TEST_PGBIN"/psql -Xqc "select a from one"'\'' &&
	cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	hop_patch 2-two "create table two (a int);" &&
	git hop patch merge &&
	git hop release create major &&
	git hop patch create 3-three &&
	git switch ho-release/0.1.0 &&
	cd ..
'

crash_command() {
	git hop release promote prod
}
crash_next() {
	hop_patch 7-next 'create table next (a int);' --release 1.0.0 || return
	case $crash_point in
	publish.* | follow.*) git hop patch merge ;;
	esac
}
crash_each 'release promote prod'

test_done
