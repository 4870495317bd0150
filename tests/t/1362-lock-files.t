#!/bin/bash
# Lock files of git that a command left when it was killed with all that it had started.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

test_expect_success 'a project with a release, and an origin that can be slow' '
	hop_project dev && cd dev && git hop release create minor &&
	cat >../slow <<-\EOF && chmod +x ../slow &&
	#!/bin/sh
	touch "$SLOW.begun"
	while [ ! -e "$SLOW.go" ]; do sleep 0.05; done
	exec git-upload-pack "$@"
	EOF
	cd ..
'

# within SECONDS COMMAND...: waits until it holds.
within() {
	local i
	for ((i = $1 * 20; i > 0; i--)); do
		"${@:2}" && return
		sleep 0.05
	done
	echo "not within $1 s: ${*:2}"
	return 1
}

# fetching: a command in a session of its own, stopped in the middle of a fetch; $group is it.
fetching() {
	rm -f "$TRASH/slow.begun" "$TRASH/slow.go"
	SLOW=$TRASH/slow setsid git -C dev -c "remote.origin.uploadpack='$TRASH/slow'" \
		hop release create patch >fetching.out 2>&1 &
	group=$!
	within 20 test -e "$TRASH/slow.begun"
}

# killed: all of them at once, as for lack of memory, or when a container stops.
killed() {
	kill -KILL -- "-$group" && ! wait "$group" && within 10 no_group
}

no_group() {
	! kill -0 -- "-$group" 2>/dev/null
}

files="index.lock HEAD.lock config.lock packed-refs.lock packed-refs.new
	refs/remotes/origin/ho-prod.lock refs/heads/ho-release/0.1.0.lock"

leave_locks() {
	local file
	for file in $files; do : >"dev/.git/$file" || return; done
}

no_locks() {
	local file
	for file in $files; do
		[ ! -e "dev/.git/$file" ] || { echo "$file is there" && return 1; }
	done
}

test_expect_success 'those of a command that was killed are removed, and the next one works' '
	fetching && leave_locks && killed &&
	(cd dev && git hop patch create 1 2>../err) &&
	test_grep "removing .*/index.lock., left by a command that was killed" err &&
	no_locks && (cd dev && git hop check) && test -z "$(ls -A dev/.git/hop/live)"
'

test_expect_success 'and by a command that only reads' '
	fetching && leave_locks && killed &&
	(cd dev && git hop status) && no_locks
'

test_expect_success 'in a linked work tree, too' '
	git -C dev worktree add -q "$TRASH/linked" ho-release/0.1.0 &&
	fetching && : >dev/.git/worktrees/linked/index.lock && killed &&
	(cd linked && git hop status) && [ ! -e dev/.git/worktrees/linked/index.lock ] &&
	git -C dev worktree remove "$TRASH/linked"
'

test_expect_success 'a lock from before that command stays, and is named' '
	: >dev/.git/refs/remotes/origin/ho-prod.lock &&
	test_when_finished "rm -f dev/.git/refs/remotes/origin/ho-prod.lock" &&
	touch -d "1 hour ago" dev/.git/refs/remotes/origin/ho-prod.lock &&
	fetching && : >dev/.git/HEAD.lock && killed &&
	(cd dev && git hop status) && [ ! -e dev/.git/HEAD.lock ] &&
	[ -e dev/.git/refs/remotes/origin/ho-prod.lock ] &&
	git clone -q origin.git other && git -C other switch -q ho-prod &&
	(cd other && git commit -q --no-verify --allow-empty -m more && git push -q --no-verify) &&
	(cd dev && test_expect_code 128 git hop patch create 2 --release 0.1.0 2>../err) &&
	test_grep "a lock file is in the way" err && test_grep "origin/ho-prod.lock" err &&
	rm dev/.git/refs/remotes/origin/ho-prod.lock &&
	(cd dev && git hop patch create 2 --release 0.1.0)
'

test_expect_success 'one that somebody made afterwards stays' '
	fetching && killed && sleep 1.2 && : >dev/.git/index.lock &&
	(cd dev && git hop status) && [ -e dev/.git/index.lock ] && rm dev/.git/index.lock
'

# git commit keeps index.lock while its editor is open.
test_expect_success 'that of a git commit which still runs stays' '
	cat >edit <<-\EOF && chmod +x edit &&
	#!/bin/sh
	touch "$EDIT.begun"
	while [ ! -e "$EDIT.go" ]; do sleep 0.05; done
	echo text >"$1"
	EOF
	git -C dev switch -q ho-patch/1 && echo "select 1;" >dev/Patches/1/1.sql &&
	git -C dev add Patches/1/1.sql && fetching &&
	{ EDIT=$TRASH/edit GIT_EDITOR="\"$TRASH/edit\"" git -C dev commit -q --only Patches/1 & } &&
	editor=$! && within 20 test -e edit.begun && [ -e dev/.git/index.lock ] && killed &&
	(cd dev && git hop status) && [ -e dev/.git/index.lock ] &&
	: >edit.go && wait $editor && [ ! -e dev/.git/index.lock ] &&
	[ "$(git -C dev log -1 --format=%s)" = "text" ] &&
	(cd dev && git hop status) && test -z "$(ls -A dev/.git/hop/live)"
'

# alone: git goes on without it, and the lock file is that git program's.
test_expect_success 'that of a git program which outlived its command stays' '
	fetching && : >dev/.git/refs/heads/alive.lock &&
	pid=$(pgrep -g "$group" -x git-hop-release) && kill -KILL "$pid" &&
	(cd dev && git hop status) && [ -e dev/.git/refs/heads/alive.lock ] &&
	: >slow.go && { wait "$group" || :; } && within 20 no_group &&
	(cd dev && git hop status) && [ ! -e dev/.git/refs/heads/alive.lock ]
'

test_expect_success 'a lock file at origin: no tests run again, and it is named' '
	: >origin.git/refs/heads/ho-patch/3.lock &&
	(cd dev && git switch -q ho-release/0.1.0 &&
		test_expect_code 128 git hop patch create 3 2>../err) &&
	test_grep "cannot push to .origin.: a lock file is in the way" err &&
	test_grep "ho-patch/3.lock" err &&
	rm origin.git/refs/heads/ho-patch/3.lock &&
	(cd dev && git hop patch create 3 --release 0.1.0)
'

test_expect_success 'one that goes soon only delays' '
	: >origin.git/refs/heads/ho-patch/4.lock &&
	{ sleep 2 && rm origin.git/refs/heads/ho-patch/4.lock & } &&
	(cd dev && git hop patch create 4 --release 0.1.0) && wait
'

test_expect_success 'so does one here that stops a fetch' '
	git -C other commit -q --no-verify --allow-empty -m again &&
	git -C other push -q --no-verify &&
	: >dev/.git/refs/remotes/origin/ho-prod.lock && ! git -C dev fetch -q &&
	{ sleep 1 && rm dev/.git/refs/remotes/origin/ho-prod.lock & } &&
	(cd dev && git hop patch create 5 --release 0.1.0) && wait &&
	test "$(git -C dev rev-parse origin/ho-prod)" = "$(git -C other rev-parse HEAD)"
'

test_done
