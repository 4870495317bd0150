#!/bin/bash
# Locks whose holder was killed: at each step, with and without a remote, and seen from elsewhere.
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

lock=refs/hop/lock/ho-release/0.1.0

test_expect_success 'a project with tests, two clones, a patch in each' '
	hop_project dev --test=true &&
	(cd dev && git hop release create minor && hop_patch 1-one "create table one (a int);") &&
	hop_clone other &&
	(cd other && hop_patch 2-two "create table two (a int);" --release 0.1.0)
'

for point in lock.before lock.taken prove.built prove.worktree; do
	test_expect_success "killed at $point: another clone of this machine does not wait" '
		rm -rf saved && mkdir saved && cp -a dev other origin.git saved/ &&
		(cd dev && HOP_FAIL=$point:1:kill test_expect_code 137 git hop patch merge) &&
		(cd other && git hop patch merge 2>../err) && ! grep "waiting" err &&
		(cd dev && git hop patch merge) &&
		! git -C origin.git rev-parse -q --verify $lock &&
		rm -rf dev other origin.git && cp -a saved/. .
	'
done

test_expect_success 'killed, and the next one as well, which had taken over: the third gets in' '
	(cd dev && HOP_FAIL=lock.taken:1:kill test_expect_code 137 git hop patch merge) &&
	(cd other && HOP_FAIL=lock.taken:1:kill test_expect_code 137 git hop patch merge) &&
	(cd dev && git hop lock >../out && test_grep "^ho-release/0.1.0  *left behind" ../out &&
		git hop patch merge) &&
	! git -C origin.git rev-parse -q --verify $lock
'

test_expect_success 'a failure between taking and testing gives the lock back' '
	(cd other && HOP_FAIL=lock.taken:1:error test_expect_code 128 git hop patch merge) &&
	! git -C origin.git rev-parse -q --verify $lock &&
	(cd other && git hop patch merge)
'

test_expect_success 'without a remote: a release, and a patch that is ready' '
	rm -rf dev other origin.git saved && git init -q --initial-branch=ho-prod dev &&
	hop_database dev dev && cd dev && git hop init --test=true &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" && cd ..
'

crash_command() {
	git hop patch merge 1-one
}
crash_next() {
	hop_patch 7-next 'create table next (a int);' --release 0.1.0 || return
	case $crash_point in
	lock.* | publish.* | follow.*) git hop patch merge ;;
	esac
}
crash_only='^\(lock\|publish\|follow\|validate\)\.'
crash_each 'patch merge without a remote'

test_done
