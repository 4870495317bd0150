#!/bin/bash
# Commands that are killed at any moment, alone or with all that they started: what they change
# for all has happened or not, the same command then works, and nothing is left behind.
#
# HOP_TEST_KILLS is the number of kills, HOP_TEST_SEED repeats a run as far as time allows.
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

wanted=${HOP_TEST_KILLS-6}
RANDOM=${HOP_TEST_SEED-1}
kills=0 groups=0 finished=0 happened=0
dev=$(pg_name dev) prod=$(pg_name prod)
declare -A took

# The machine of origin goes on when this one dies: what it runs is in sessions of its own.
cat >ssh <<-END
	#!/bin/sh
	cd "$TRASH" && exec setsid -w sh -c "\$2"
END
chmod +x ssh
export GIT_SSH="$TRASH/ssh" GIT_SSH_VARIANT=simple

# What all share.
shared() {
	git -C origin.git for-each-ref --format="%(refname) %(objectname)" |
		grep -v " *refs/hop/lock/"
}

# whole DATABASE: patch N-x made table tN, so schema and records tell the same, or there is none.
whole() {
	crash_exists "$1" || return 0
	pg_query "$1" "select coalesce(string_agg(regexp_replace(id, '-.*', ''), ' ' order by
		regexp_replace(id, '-.*', '')::int), '') from hop.patch" >is &&
	pg_query "$1" "select coalesce(string_agg(substr(relname, 2), ' ' order by
		substr(relname, 2)::int), '') from pg_class
		where relnamespace = 'public'::regnamespace and relkind = 'r'" >has &&
	test_cmp is has
}

# left DIR: what only a command under way has.
left() {
	find "$1/.git/hop/run" -type f 2>/dev/null
	find "$1/.git" origin.git \( -name "*.lock" -o -name hop-head \)
	git -C "$1" worktree list | sed 1d
	git -C "$1" for-each-ref refs/hop-run
	git -C "$1" status --porcelain
	git -C origin.git for-each-ref refs/hop/lock
	ls -A "$TMPDIR"
}

# Starts the command in DIR and kills it, or its session, while it runs; KILLED and STATUS tell.
# Waits for all that it started, at origin, too: they have inherited the lock on the file "alive".
start_and_kill() {
	local dir=$1 word=$2-${3-} group=$((RANDOM % 2)) delay pid
	status=0
	shift
	delay=$((RANDOM * ${took[$word]:-1000} / 32768))
	(exec 9>alive && flock -s 9 && cd "$dir" && exec setsid "$@" >>"$TRASH/log" 2>&1) &
	pid=$!
	sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
	if [ "$group" = 1 ]; then kill -9 -- "-$pid"; else kill -9 "$pid"; fi 2>/dev/null
	wait "$pid" 2>/dev/null || status=$?
	flock -w 60 alive true || return
	if [ "$status" = 137 ]; then killed=yes; else killed=; fi
	echo "== $kills: killed=$killed group=$group after $delay ms, status $status" >>"$TRASH/log"
	[ -z "$killed" ] || { kills=$((kills + 1)) && groups=$((groups + group)); }
}

# step DIR COMMAND...: killed, judged, and run again.
step() {
	local dir=$1 word=$2-${3-} began killed status
	shift
	if [ "$kills" -ge "$wanted" ]; then
		(cd "$dir" && "$@" >>"$TRASH/log" 2>&1)
		return
	fi
	echo "== in $dir: $*" >>log
	shared >old && start_and_kill "$dir" "$@" && shared >killed &&
	whole "$dev" && whole "$prod" || return
	if [ -n "$killed" ]; then
		began=${EPOCHREALTIME/./} && status=0
		(cd "$dir" && "$@" >>"$TRASH/log" 2>&1) || status=$?
		took[$word]=$(((${EPOCHREALTIME/./} - began) / 1000))
	else
		finished=$((finished + 1))
	fi
	shared >after && echo "== status $status" >>log || return
	case $status in
	0) ;;
	# It says that it was done, and does not get as far as the databases.
	1)
		! cmp -s old killed || return
		(cd "$dir" && git hop check >>"$TRASH/log" 2>&1) || return
		;;
	*) return 1 ;;
	esac
	if ! cmp -s old killed; then
		happened=$((happened + 1))
		test_cmp killed after || return
	fi
	crash_no_scratch && whole "$dev" && whole "$prod" && left "$dir" >remains &&
		test_must_be_empty remains
}

# patch ID VERSION
patch() {
	step dev git-hop-patch create "$1-x" --release "$2" && (
		cd dev && git switch -q "ho-patch/$1-x" &&
		hop_sql 01.sql "create table t$1 (i int);" && git push -q
	)
}

test_expect_success 'a project, and its production' '
	hop_origin && git init -q --initial-branch=ho-prod dev &&
	git -C dev remote add origin origin:origin.git && hop_database dev dev &&
	(cd dev && git hop init --test=true) && pg_create_db "$prod" &&
	git hop clone --production --database="$(pg_conninfo "$prod")" origin:origin.git prod &&
	crash_id=$(git -C dev show HEAD:.hop/config | sed -n "s/^id *= *//p" | cut -c 1-8)
'

# A release and a hotfix, in production; N counts the patches.
n=0 minor=0
round() {
	minor=$((minor + 1)) && n=$((n + 4)) &&
	step dev git-hop-release create minor &&
	patch "$n" "0.$minor.0" && step dev git-hop-patch apply && step dev git-hop-patch merge &&
	patch $((n + 1)) "0.$minor.0" && step dev git-hop-patch detach $((n + 1))-x &&
	step dev git-hop-patch attach $((n + 1))-x --release "0.$minor.0" &&
	step dev git-hop-release promote rc && step dev git-hop-patch merge $((n + 1))-x &&
	step dev git-hop-status && step dev git-hop-release promote prod &&
	step dev git-hop-restore 0.0.0 && step dev git-hop-restore &&
	step prod git-hop-update && step prod git-hop-upgrade --yes &&
	step dev git-hop-release hotfix && patch $((n + 2)) "0.$minor.0-hotfix1" &&
	step dev git-hop-patch merge && step dev git-hop-release promote hotfix &&
	step dev git-hop-check && step prod git-hop-backup create &&
	step prod git-hop-upgrade --yes && crash_fsck dev && crash_fsck prod &&
	crash_fsck origin.git
}

while [ "$kills" -lt "$wanted" ] && [ "$test_failed" -eq 0 ]; do
	test_expect_success "round $((minor + 1)), after $kills kills" '
		round || { tail -n 30 log && false; }
	'
done
echo "# $kills kills, $groups of them with all that was started; $happened had changed what all" \
	"share, $finished commands ended before"

test_done
