#!/bin/bash
# git hop patch merge, killed at every step.
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

test_expect_success 'a release with one patch merged, and another that is ready' '
	hop_project dev --test='\''"$HOP_TEST_PGBIN"/psql -Xqc "select a from one"'\'' &&
	cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	hop_patch 2-two "create table two (a int);" &&
	hop_sql 02.sql "insert into two values (1);" &&
	cd ..
'

crash_command() {
	git hop patch merge 2-two
}
crash_next() {
	hop_patch 7-next 'create table next (a int);' --release 0.1.0 || return
	case $crash_point in
	publish.* | follow.*) git hop patch merge ;;
	esac
}
crash_each 'patch merge'

test_done
