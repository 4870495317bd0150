#!/bin/bash
# git hop patch apply, killed at every step.
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

test_expect_success 'a patch that was applied, and was changed since' '
	hop_project dev &&
	cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	hop_patch 2-two "create table two (a int);" &&
	git hop patch apply &&
	hop_sql 02.sql "create table three (a int);" &&
	cd ..
'

crash_command() {
	git hop patch apply
}
crash_next() {
	case $crash_point in
	swap.*) git hop patch merge ;;
	*) git hop patch create --release 0.1.0 7-next ;;
	esac
}
crash_each 'patch apply'

test_done
