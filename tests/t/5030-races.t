#!/bin/bash
# Two commands that meet.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# both COMMAND...: in clone a and in clone b at once; a.out, b.out and a.status, b.status.
both() {
	local dir
	for dir in a b; do
		{
			cd "$dir" && "$@" >"../$dir.out" 2>&1
			echo $? >"../$dir.status"
		} &
	done
	wait
	cat a.status b.status | sort -n | tr '\n' ' ' >statuses
	cat a.out b.out
}

release() {
	git -C origin.git show "ho-release/0.1.0:.hop/releases/0.1.0-patches.toml"
}

test_expect_success 'two clones' '
	hop_project a && (cd a && git hop release create minor) && hop_clone b
'

test_expect_success 'the same patch created twice in one second: one has it' '
	both git hop patch create --release 0.1.0 1-one && [ "$(cat statuses)" = "0 1 " ] &&
	grep "the number 1 is taken by patch .1-one. of release 0.1.0" a.out b.out &&
	release >list && [ "$(grep -c 1-one list)" = 1 ] &&
	[ "$(git -C origin.git log --format=%s ho-release/0.1.0 | grep -c "Add patch")" = 1 ]
'

test_expect_success 'two apply in one clone at once: both do, and the database is whole' '
	git -C a fetch -q && git -C a switch -q ho-patch/1-one && (cd a &&
		hop_sql 01.sql "create table one (i int);" && git push -q &&
		{ git hop patch apply >../1.out 2>&1 || echo failed >>../1.out; } &
		{ cd a && git hop patch apply >../2.out 2>&1 || echo failed >>../2.out; } & wait) &&
	! grep failed 1.out 2.out && grep "and .1-one." 1.out && grep "and .1-one." 2.out &&
	[ "$(pg_query "$(pg_name a)" "select count(*) from one")" = 0 ]
'

test_expect_success 'one patch merged by two: once, and the other is told' '
	git -C b fetch -q && both git hop patch merge 1-one && [ "$(cat statuses)" = "0 1 " ] &&
	grep "1-one. has already been merged: it is staged in release 0.1.0" a.out b.out &&
	git -C origin.git log --format=%B ho-release/0.1.0 >log &&
	[ "$(grep -c "^Fixes #1$" log)" = 1 ] && [ "$(grep -c "^Merge patch" log)" = 1 ]
'

test_expect_success 'one attaches elsewhere what the other merges: one of the two happened' '
	(cd a && git hop release create major && hop_patch 2-two "create table two (i int);" \
		--release 0.1.0 && git push -q) && git -C b fetch -q &&
	(cd b && git hop patch merge 2-two >../b.out 2>&1) & (cd a &&
		git hop patch attach --release 1.0.0 2-two >../a.out 2>&1); wait;
	cat a.out b.out;
	git -C origin.git show ho-release/1.0.0:.hop/releases/1.0.0-patches.toml >other;
	release >list; cat list other >all;
	[ "$(grep -c 2-two all)" = 1 ] && if grep staged list | grep 2-two; then
		grep "has already been merged\|there is no" a.out
	else
		grep "2-two" other && (cd a && git hop patch attach --release 0.1.0 2-two &&
			git hop patch merge 2-two)
	fi
'

test_expect_success 'two promote at once: the release once, and no other one' '
	git -C b fetch -q && both git hop release promote prod && [ "$(cat statuses)" = "0 1 " ] &&
	git -C origin.git tag -l "v*" | grep -v rc >tags && [ "$(cat tags)" = v0.1.0 ] &&
	git -C origin.git log --first-parent --format=%s ho-prod >log &&
	[ "$(grep -c "^Release " log)" = 1 ] &&
	git -C origin.git rev-parse -q --verify ho-release/1.0.0
'

test_expect_success 'nothing is left: no lock, no branch of the past, clones that are in order' '
	git -C origin.git for-each-ref refs/hop/lock "refs/heads/ho-staged/*" >left &&
	test_must_be_empty left && for dir in a b; do
		(cd $dir && git hop status && [ -z "$(git status --porcelain)" ]) || return
	done
'

test_done
