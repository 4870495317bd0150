#!/bin/bash
# Commands that are killed while git changes the files of the checkout: the next one finishes that.
# What is left is shown in all its forms by the unit test of publish/checkout.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# git writes files in the order of their names. Before it writes the file "m" it waits, if told to.
test_expect_success 'a project whose branches have different files' '
	cat >filter <<-\EOF && chmod +x filter &&
	#!/bin/sh
	# In worktrees of git hop it does not wait.
	if [ "$PWD" = "${STOP%/stop}/dev" ]; then
		[ ! -e "$STOP.fail" ] || { rm -f "$STOP.fail" && exit 1; }
		touch "$STOP.begun"
		while [ ! -e "$STOP.go" ]; do sleep 0.02; done
	fi
	exec cat
	EOF
	git config --global filter.slow.smudge "\"$TRASH/filter\"" &&
	git config --global filter.slow.clean cat &&
	git config --global filter.slow.required true &&
	hop_project dev && cd dev && echo "m filter=slow" >.gitattributes &&
	for file in a gone m z; do echo "old $file" >$file; done && git add . &&
	git commit -q --no-verify -m Files && git push -q --no-verify &&
	git hop release create minor &&
	git hop patch create 1 && hop_sql 01.sql "create table one (i int);" &&
	for file in a m z new/b; do
		mkdir -p new && echo "new $file, which is longer" >$file
	done &&
	git rm -q gone && git add . && git commit -qm New && git hop patch merge &&
	cd ..
'

# stopped COMMAND...: in dev, as a process group of its own, when git has written half of the files.
stopped() {
	rm -f "$TRASH/stop".*
	STOP=$TRASH/stop setsid git -C dev hop "$@" >stopped.out 2>&1 &
	group=$!
	local i
	for i in $(seq 400); do
		[ ! -e "$TRASH/stop.begun" ] || return 0
		sleep 0.05
	done
	cat stopped.out && false
}

killed() {
	kill -KILL -- "-$group" && ! wait "$group"
	while kill -0 -- "-$group" 2>/dev/null; do sleep 0.02; done
}

# at BRANCH: HEAD is there, the files are those of its commit, nothing is left.
at() {
	[ "$(git -C dev symbolic-ref --short HEAD)" = "$1" ] &&
	git -C dev status --porcelain >state && test_must_be_empty state &&
	[ -z "$(find dev/.git -name "*.lock" -o -name hop-head)" ] &&
	[ -z "$(git -C dev worktree list | sed 1d)" ] && [ -z "$(ls -A "$TMPDIR")" ]
}

# create [OPTION...]: a command that ends with a checkout: from ho-prod to a patch of 0.1.0.
id=1
create() {
	id=$((id + 1)) && git -C dev switch -q ho-prod && stopped patch create "$id" --release 0.1.0
}

test_expect_success 'killed in the middle of a switch: the next command finishes it' '
	create && [ "$(cat dev/a)" = "new a, which is longer" ] &&
	[ "$(cat dev/z)" = "old z" ] && [ ! -e dev/gone ] && [ ! -e dev/m ] &&
	[ -e dev/.git/index.lock ] && killed && [ -n "$(git -C dev status --porcelain)" ] &&
	(cd dev && git hop status 2>../err) &&
	test_grep "finishing the checkout of .ho-patch/$id" err &&
	at ho-patch/$id && [ "$(cat dev/new/b)" = "new new/b, which is longer" ]
'

test_expect_success 'and killed again while it does: the one after it' '
	create && killed &&
	(cd dev && test_expect_code 137 env HOP_FAIL=checkout.cleared:1:kill git hop status) &&
	(cd dev && test_expect_code 137 env HOP_FAIL=checkout.moving:1:kill git hop status) &&
	stopped status && killed && (cd dev && git hop check >../out) && at ho-patch/$id
'

test_expect_success 'a file that was being written is finished, too' '
	create && killed && printf "new z, which" >dev/z && printf "" >dev/m &&
	touch -r dev/.git/hop-head dev/z dev/m && (cd dev && git hop status) && at ho-patch/$id
'

test_expect_success 'an edit since then stays, and the other files are what they were' '
	create && killed && echo mine >dev/z && echo mine >dev/note &&
	(cd dev && git hop status 2>../err) && test_grep "cannot switch to .ho-patch/$id" err &&
	test_grep "[[:space:]]z$" err && test_grep "git switch ho-patch/$id" err &&
	git -C dev status --porcelain >state && printf " M z\n?? note\n" >expect &&
	test_cmp expect state && [ "$(cat dev/z dev/note dev/a dev/gone)" = "mine
mine
old a
old gone" ] && rm dev/note && git -C dev restore z && at ho-prod
'

test_expect_success 'hop alone is killed: git goes on, and the next command leaves it alone' '
	create && pid=$(pgrep -g "$group" -x git-hop-patch) && kill -KILL "$pid" &&
	(cd dev && git hop status 2>../err) && ! grep finishing err && [ ! -e dev/m ] &&
	: >stop.go && { wait "$group" || :; } &&
	while kill -0 -- "-$group" 2>/dev/null; do sleep 0.02; done &&
	(cd dev && git hop status 2>../err) && ! grep finishing err && at ho-patch/$id
'

test_expect_success 'a switch that fails in the middle: the files are what they were' '
	git -C dev switch -q ho-prod && : >stop.fail && : >stop.go && id=$((id + 1)) &&
	(cd dev && STOP=$TRASH/stop git hop patch create $id --release 0.1.0 2>../err) &&
	test_grep "cannot switch to" err && at ho-prod &&
	git -C dev switch -q ho-patch/$id && at ho-patch/$id
'

# A merge from the release branch ends with its fast-forward.
test_expect_success 'killed while the current branch is fast-forwarded' '
	cd dev && hop_patch 50 "create table fifty (i int);" --release 0.1.0 &&
	for file in a m z; do echo "newer $file" >$file; done && git commit -qam Newer &&
	git switch -q ho-release/0.1.0 && cd .. && stopped patch merge 50 &&
	[ "$(cat dev/a)" = "newer a" ] && [ "$(cat dev/z)" = "new z, which is longer" ] && killed &&
	(cd dev && git hop status 2>../err) && test_grep "finishing the checkout" err &&
	at ho-release/0.1.0 && [ "$(cat dev/z)" = "newer z" ] &&
	[ "$(git -C dev rev-parse HEAD)" = "$(git -C origin.git rev-parse ho-release/0.1.0)" ]
'

test_done
