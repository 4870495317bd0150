#!/bin/bash
# Locks on branches: taken for the time of the tests, waited for, taken over, shown and broken.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

lock=refs/hop/lock/ho-release/0.1.0

# day SECONDS: that many from now, as a lock has it.
day() {
	date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ
}

# lock_by SINCE UNTIL [LINE...]: at origin, by somebody on another host; seconds from now.
lock_by() {
	local since=$1 until=$2 tree
	shift 2
	tree=$(git mktree </dev/null) &&
	printf '%s\n' Lock '' 'command: git hop patch merge 99' 'host: elsewhere' \
		'clone: /srv/shop' 'process: 4711 12' "$@" "since: $(day "$since")" \
		"until: $(day "$until")" >"$HOME/ticket" &&
	git push -q -f origin "$(GIT_AUTHOR_NAME="Ann Lee" git commit-tree -F "$HOME/ticket" \
		"$tree"):$lock"
}

# there BRANCH: it is locked.
there() {
	git -C ../origin.git rev-parse -q --verify "refs/hop/lock/$1"
}

lock_there() {
	there ho-release/0.1.0
}

no_locks() {
	git -C ../origin.git for-each-ref refs/hop/lock >../locks && test_must_be_empty ../locks &&
	git for-each-ref refs/hop/lock >../locks && test_must_be_empty ../locks
}

# ready ID: a patch to be merged, whose branch is checked out.
ready() {
	hop_patch "$1" "create table t$1 (i int);" --release 0.1.0
}

# wait_until COMMAND...
wait_until() {
	local i
	for i in $(seq 300); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# slow FILE ID: merges ID in this clone, in the background; its tests run until FILE is there.
slow() {
	GATE="$PWD/../$1" git hop patch merge "$2" >"../$2.out" 2>&1 &
}

test_expect_success 'a project whose tests take as long as one likes, and two clones' '
	hop_project a "--test=sh test.sh" && cd a && git hop release create minor &&
	git hop patch create 100 &&
	cat >test.sh <<-\END &&
	echo x >>"$HOME/runs"
	git for-each-ref refs/hop/lock >"$HOME/during"
	n=0
	while [ -n "$GATE" ] && [ ! -e "$GATE" ] && [ $n -lt 600 ]; do
		n=$((n + 1))
		sleep 0.05
	done
	[ -z "$FAIL" ]
	END
	git add test.sh && git commit -qm "Tests" && git hop patch merge --allow-empty &&
	no_locks &&
	test_grep "$lock" "$HOME/during" && (cd .. && hop_clone b)
'
cd "$TRASH/a" || exit 99

test_expect_success 'while tests run it says who, where, what and until when' '
	ready 1 && slow gate1 1 && wait_until lock_there &&
	git hop lock >../out && test_grep "^ho-release/0.1.0  *held until 20" ../out &&
	test_grep "^  $(git config user.name): git hop patch merge 1, since 20" ../out &&
	test_grep "process [0-9]* on $(hostname), in $PWD/" ../out &&
	git hop lock --json >../json &&
	[ "$(hop_json ../json "d[\"lock\"][0][\"until\"] - d[\"lock\"][0][\"since\"]")" = 600 ] &&
	git hop status >../out && test_grep "^lock  *ho-release/0.1.0 (held) " ../out &&
	git hop status --porcelain | grep "^lock	ho-release/0.1.0	held" &&
	touch ../gate1 && wait %% && no_locks &&
	git hop lock >../out && test_must_be_empty ../out &&
	git hop lock --porcelain >../out && echo "# git-hop lock 1" >../expect &&
	test_cmp ../expect ../out
'

test_expect_success 'the other clone waits, says for whom, and tests once' '
	ready 2 && (cd ../b && ready 3) && : >"$HOME/runs" &&
	slow gate2 2 && wait_until lock_there &&
	{ (cd ../b && git hop patch merge >../3.out 2>&1) & } &&
	wait_until grep "^held by .*: git hop patch merge 2, since" ../3.out &&
	test_grep "^waiting up to 600 s for the lock on .ho-release/0.1.0." ../3.out &&
	touch ../gate2 && wait && test_line_count = 2 "$HOME/runs" && no_locks &&
	test_grep "staged in release" ../3.out && (cd ../b && git fetch -q)
'

test_expect_success 'one who waits long enough gives up with 75, and names the holder' '
	ready 4 && lock_by -10 3600 && git config hop.lockTimeout 1 && hop_state . >../before &&
	: >"$HOME/runs" &&
	test_expect_code 75 git hop patch merge 2>../err &&
	test_grep "^fatal: .ho-release/0.1.0. is locked" ../err &&
	test_grep "^hint: held by Ann Lee: git hop patch merge 99, since 20.*elsewhere" ../err &&
	test_grep "^hint: .*git hop lock --break ho-release/0.1.0" ../err &&
	hop_state . | grep -v "refs/hop/lock" >../after &&
	grep -v "refs/hop/lock" ../before >../b4 &&
	test_cmp ../b4 ../after && test_must_be_empty "$HOME/runs" &&
	git config hop.lockTimeout 0 && test_expect_code 75 git hop patch merge &&
	git config --unset hop.lockTimeout
'

test_expect_success 'commands that test nothing do not mind, nor does a dry run' '
	git hop patch create --release 0.1.0 5 && git hop patch detach 5 &&
	git hop patch attach --release 0.1.0 5 && git hop release create major &&
	git switch -q ho-patch/4 && git hop patch merge -n && lock_there
'

test_expect_success 'but they let one through who lost an attempt already' '
	lock_by 0 2 "lost: 3.5 s" && git hop patch detach 5 2>../err &&
	test_grep "^held by Ann Lee: git hop patch merge 99" ../err &&
	lock_by 0 3600 "lost: 3.5 s" &&
	{ git hop patch attach --release 0.1.0 5 2>../err & } &&
	wait_until grep "^held by" ../err && ! git hop patch show 5 | grep 0.1.0 &&
	git push -q origin ":$lock" && wait %% && git hop patch show 5 | grep 0.1.0
'

test_expect_success 'a merge that lost an attempt says so in its lock' '
	ready 96 && : >"$HOME/runs" && slow gate96 96 && wait_until lock_there &&
	(cd ../b && git hop patch create --release 0.1.0 97 2>../err) && ! grep "^held by" ../err &&
	sleep 1 && touch ../gate96 && wait %% && test_line_count = 2 "$HOME/runs" &&
	test_grep "^the branch has changed; starting over" ../96.out &&
	test_grep "staged in release" ../96.out &&
	git cat-file -p "$(cut -d " " -f 1 "$HOME/during")" >../out &&
	test_grep "^lost: [0-9.]* s" ../out &&
	no_locks && git hop patch detach 97 && git switch -q ho-patch/4 && lock_by -10 3600
'

test_expect_success 'signals end the waiting' '
	{ git-hop-patch merge 2>../err & } && pid=$! && wait_until grep "held by" ../err &&
	kill -TERM $pid && test_expect_code 143 wait $pid && lock_there
'

test_expect_success 'break: asks, and without a terminal and without -y it is a refusal' '
	test_expect_code 1 git hop lock --break </dev/null 2>../err && lock_there &&
	test_grep "held by Ann Lee" ../err && test_grep "hint: .*--yes" ../err &&
	git hop lock --break -n >../out && echo "would delete $lock" >../expect &&
	test_cmp ../expect ../out && lock_there &&
	test_expect_code 1 git hop lock --break --yes ho-release/7.7.7 2>../err &&
	test_grep "there is no lock on .ho-release/7.7.7." ../err && lock_there &&
	git hop lock --break -y ho-release/0.1.0 && no_locks &&
	test_expect_code 1 git hop lock --break -y 2>../err &&
	test_grep "there is no lock" ../err &&
	test_expect_code 129 git hop lock -y && test_expect_code 129 git hop lock ho-prod &&
	test_expect_code 129 git hop lock --break --json && test_expect_code 129 git hop lock a b
'

test_expect_success 'several locks: which one; a production clone breaks none' '
	lock_by -10 3600 && git push -q origin "$(git rev-parse HEAD):refs/hop/lock/ho-prod" &&
	test_expect_code 1 git hop lock --break -y 2>../err &&
	test_grep "^hint: git hop lock --break ho-prod" ../err && lock_there &&
	git config hop.production true && test_expect_code 1 git hop lock --break -y ho-prod &&
	git hop lock >../out && test_line_count = 4 ../out && git config --unset hop.production &&
	git hop lock --break -y ho-prod && git hop lock --break -y && no_locks
'

test_expect_success 'one past its time is taken over; two who want it get in one after the other' '
	(cd ../b && ready 6) && lock_by -700 -100 && git hop lock >../out &&
	test_grep "^ho-release/0.1.0  *expired at" ../out && : >"$HOME/runs" &&
	{ git hop patch merge >../4.out 2>&1 & } &&
	(cd ../b && git hop patch merge >../6.out 2>&1) && wait &&
	test_grep "staged in release" ../4.out && test_grep "staged in release" ../6.out &&
	test_line_count = 2 "$HOME/runs" && no_locks
'

test_expect_success 'clocks an hour apart: a lock from the future is watched for its time' '
	git switch -q ho-release/0.1.0 && ready 7 && lock_by 3600 3602 &&
	git hop patch merge 2>../err && test_grep "^held by Ann Lee" ../err && no_locks &&
	ready 8 && lock_by -3600 -3000 && git hop patch merge 2>../err && ! grep "held by" ../err &&
	no_locks
'

test_expect_success 'a holder of this machine that was killed: taken over at once' '
	ready 9 && slow never 9 && wait_until lock_there &&
	pid=$(git hop lock --json >../json && hop_json ../json "d[\"lock\"][0][\"process\"]") &&
	kill -KILL "$pid" && wait_until sh -c "! kill -0 $pid" && git hop lock >../out &&
	test_grep "^ho-release/0.1.0  *left behind by a command" ../out && touch ../never &&
	git hop patch merge 9 2>../err && ! grep "held by" ../err && no_locks
'

test_expect_success 'tests that fail, and a signal, give the lock back' '
	ready 10 && FAIL=1 test_expect_code 1 git hop patch merge && no_locks &&
	{ GATE="$PWD/../never10" git-hop-patch merge 2>../err & } && pid=$! &&
	wait_until lock_there &&
	kill -TERM $pid && test_expect_code 143 wait $pid && no_locks
'

test_expect_success 'a lock that was broken or taken over: who is done first gets in' '
	: >"$HOME/runs" && slow gate10 10 && wait_until test -s "$HOME/runs" &&
	git hop lock --break -y && touch ../gate10 && wait %% &&
	test_grep "staged in release" ../10.out && no_locks && test_line_count = 1 "$HOME/runs" &&
	ready 11 && slow gate11 11 && wait_until lock_there && lock_by 0 600 && touch ../gate11 &&
	wait %% && test_grep "staged in release" ../11.out && lock_there &&
	git hop lock --break -y
'

test_expect_success 'whatever is in the place of a lock stops nobody and drives no terminal' '
	ready 12 && git push -q origin "$(echo x | git hash-object -w --stdin):$lock" &&
	git hop lock >../out && test_grep "^  somebody: an unknown command, since" ../out &&
	git hop patch merge && no_locks && ready 13 &&
	lock_by -700 -100 "$(printf "machine: \033[31m\nhost: \a\033]0;x\a\nprocess: -1")" \
		"until: 99999-99-99" "since: $(seq -s " " 2000)" "clone: $(seq -s " " 2000)" &&
	git hop lock >../out && ! grep -q "$(printf "[\033\a]")" ../out &&
	git hop lock --json >../json && hop_json ../json "len(d[\"lock\"])" &&
	git hop patch merge &&
	no_locks && ready 14 &&
	printf "Lock\n\n%s\n%s\n%s: \033[2J" "until: 9999-12-31T23:59:59Z" \
		"since: 2020-01-01T00:00:00Z" command \
		>../ticket && git push -q origin \
		"$(git commit-tree -F ../ticket "$(git mktree </dev/null)"):$lock" &&
	git config hop.lockTimeout 1 &&
	test_expect_code 75 git hop patch merge 2>../err && ! grep -q "$(printf "\033")" ../err &&
	git config --unset hop.lockTimeout && git hop lock --break -y && git hop patch merge
'

test_expect_success 'promote holds production and all releases; one that is broken leaves none' '
	git hop patch detach 5 && git fetch -q &&
	{ GATE="$PWD/../gatep" git hop release promote prod >../p.out 2>&1 & } &&
	wait_until lock_there && git hop lock --porcelain | sed 1d | cut -f 2,5 >../out &&
	printf "%s\tgit hop release promote 0.1.0\n" ho-prod ho-release/0.1.0 ho-release/1.0.0 \
		>../expect &&
	test_cmp ../expect ../out && git hop lock --break -y ho-release/1.0.0 &&
	touch ../gatep && wait && test_grep "in production" ../p.out && no_locks &&
	test_grep "^tests of release 0.1.0 passed" ../p.out &&
	test_grep "^tests of release 1.0.0 passed" ../p.out
'

test_expect_success 'a promotion waits with the lock of production, and a signal gives that back' '
	hop_patch 19 "create table t19 (i int);" --release 1.0.0 && git hop patch merge &&
	hop_patch 20 "create table t20 (i int);" --release 1.0.0 &&
	(cd .. && hop_clone c) &&
	(cd ../b && hop_patch 21 "create table t21 (i int);" --release 1.0.0) &&
	slow gate20 20 && wait_until there ho-release/1.0.0 &&
	{ (cd ../c && exec git-hop-release promote prod --carry 2>../pc.err) & } && pid=$! &&
	wait_until there ho-prod && wait_until grep "lock on .ho-release/1.0.0." ../pc.err &&
	kill -TERM $pid && test_expect_code 143 wait $pid && ! there ho-prod &&
	there ho-release/1.0.0
'

test_expect_success 'merges that come after a promotion go after it' '
	{ (cd ../c && git hop release promote prod --carry >../pc.out 2>&1) & } &&
	wait_until there ho-prod &&
	{ (cd ../b && git hop patch merge 21 >../21.out 2>&1) & } &&
	wait_until grep "for the lock on .ho-prod." ../21.out &&
	touch ../gate20 && wait && test_grep "staged in release 1.0.0" ../20.out &&
	test_grep "release 1.0.0 is in production, with 2 patches" ../pc.out &&
	test_grep "staged in release 1.1.0" ../21.out && no_locks
'

test_expect_success 'without tests, and undisturbed: no lock; without a remote: the same locks' '
	git init -q --initial-branch=ho-prod ../alone && cd ../alone && hop_database . alone &&
	git hop init "--test=sh test.sh" && git hop release create minor &&
	git hop patch create 1 &&
	cp ../a/test.sh . && git add . && git commit -qm Tests &&
	{ GATE="$PWD/../gatea" git hop patch merge --allow-empty >../alone.out 2>&1 & } &&
	wait_until git rev-parse -q --verify $lock && git hop lock >../out &&
	test_grep "git hop patch merge 1, since" ../out && touch ../gatea && wait &&
	git for-each-ref refs/hop/lock >../locks && test_must_be_empty ../locks &&
	hop_patch 2 "select 2;" --release 0.1.0 && git update-ref $lock HEAD &&
	git hop patch merge && git for-each-ref refs/hop/lock >../locks &&
	test_must_be_empty ../locks
'

test_done
