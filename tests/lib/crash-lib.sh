# shellcheck shell=bash
# A command that is killed at each of its failpoints. Source after the other libraries.
#
# A script makes a project in "dev" (shared through origin.git, or without a remote), stands where
# the command is to start, and calls crash_each. The program must be built with
# --enable-failpoints.

crash_fail() {
	echo "$*" >&5
	return 1
}

# The repository whose refs all share.
crash_shared() {
	if [ -d origin.git ]; then echo origin.git; else echo dev; fi
}

# crash_refs DIR [PREFIX...]: every ref with what it holds, but for times and for names of objects
# that depend on them. Locks are no part of a state: who dies leaves one.
crash_refs() {
	local dir=$1 ref
	shift
	git -C "$dir" for-each-ref --format='%(refname)' "$@" | grep -v '^refs/hop/lock/' |
		while read -r ref; do
		echo "$ref $(git -C "$dir" cat-file -t "$ref")"
		git -C "$dir" log -1 --format='  %s' "$ref" --
		git -C "$dir" log -1 --format=%P "$ref" -- | wc -w
		git -C "$dir" ls-tree -r "$ref" |
			sed '/model\/metadata\.sql$/s/ [0-9a-f]\{40\}\t/ any\t/'
	done
}

# What all share: old or new, never half.
crash_read_shared() {
	if [ -d origin.git ]; then
		crash_refs origin.git
	else
		crash_refs dev refs/heads refs/tags refs/hop
	fi
}

# The development database: its schema, and which patches it says are in it.
crash_read_database() {
	crash_exists "$crash_db" || { echo "there is none" && return; }
	pg_dump_schema "$crash_db" &&
	pg_query "$crash_db" 'select id, version, hash from hop.patch order by 1'
}

crash_exists() {
	[ "$(pg_query postgres "select count(*) from pg_database where datname = '$1'")" = 1 ]
}

# Databases of the project that only a command under way may have; the server drops some of them
# on its own time.
crash_scratch() {
	pg_query postgres "select datname from pg_database where datname ~ '^hop_${crash_id}_[so]_'"
}

crash_no_scratch() {
	local i
	for i in $(seq 200); do
		[ -n "$(crash_scratch)" ] || return 0
		sleep 0.1
	done
	crash_fail "left: $(crash_scratch)"
}

crash_busy() {
	pg_query postgres "select count(*) from pg_stat_activity where state = 'active'
		and query ~ 'hop_$crash_id' and pid <> pg_backend_pid()"
}

# Nothing that a command makes for its own time is there.
crash_clean() {
	local left
	crash_no_scratch || return
	left=$(find dev/.git/hop/run -type f 2>/dev/null)
	[ -z "$left" ] || crash_fail "litter: $left" || return
	left=$(ls -A "$TMPDIR")
	[ -z "$left" ] || crash_fail "left in $TMPDIR: $left" || return
	left=$(git -C dev worktree list | sed 1d)
	[ -z "$left" ] || crash_fail "worktrees: $left" || return
	left=$(git -C "$(crash_shared)" for-each-ref refs/hop/lock)
	[ -z "$left" ] || crash_fail "locks: $left" || return
	left=$(git -C dev for-each-ref refs/hop-run)
	[ -z "$left" ] || crash_fail "left: $left" || return
	left=$(find dev/.git origin.git -name "*.lock" -o -name hop-head 2>/dev/null)
	[ -z "$left" ] || crash_fail "left: $left"
}

# Every object that a ref needs is there, here and at origin.
crash_fsck() {
	git -C "$1" fsck --connectivity-only --no-dangling >fsck.out 2>&1 &&
	! grep -v -e '^notice' -e '^Checking' fsck.out >&5
}

# crash_save: here is where the command starts.
crash_save() {
	crash_db=$(git -C dev config hop.database) && crash_db=${crash_db#*dbname=} &&
	crash_db=${crash_db%% *} &&
	crash_id=$(git -C dev show HEAD:.hop/config | sed -n 's/^id *= *//p' | cut -c 1-8) &&
	rm -rf saved && mkdir saved &&
	cp -a dev saved/ &&
	{ [ ! -d origin.git ] || cp -a origin.git saved/; } &&
	pg_query postgres "drop database if exists \"${crash_db}_saved\"" &&
	{ ! crash_exists "$crash_db" || crash_copy "$crash_db" "${crash_db}_saved"; }
}

crash_copy() {
	pg_query postgres "create database \"$2\" template \"$1\""
}

# crash_back [cold]: to where crash_save was called; cold: no template is there either, so that
# the command builds from nothing.
crash_back() {
	local kind name i
	rm -rf dev origin.git && cp -a saved/. . || return
	for i in $(seq 200); do
		[ "$(crash_busy)" != 0 ] || break
		sleep 0.1
	done
	if [ "${1-}" = cold ]; then kind=; else kind='[so]_'; fi
	{
		pg_query postgres "select datname from pg_database
			where datname ~ '^hop_${crash_id}_$kind'"
		! crash_exists "$crash_db" || echo "$crash_db"
	} >drop &&
	while read -r name; do
		pg_query postgres "drop database \"$name\" with (force)" || return
	done <drop
	! crash_exists "${crash_db}_saved" || crash_copy "${crash_db}_saved" "$crash_db"
}

# crash_points FILE: what HOP_FAIL=list said there, as POINT:COUNT for each time.
crash_points() {
	sed -n 's/^failpoint //p' "$1" | awk '{ print $1 ":" ++seen[$1] }'
}

# crash_old_or_new WHAT: WHAT.killed is WHAT.old or WHAT.new, nothing else.
crash_old_or_new() {
	cmp -s "$1.killed" "$1.old" && return
	cmp -s "$1.killed" "$1.new" && return
	diff -u "$1.old" "$1.killed"
	diff -u "$1.new" "$1.killed"
	crash_fail "$1: neither as before nor as afterwards"
}

# crash_killed POINT:COUNT [cold]: kills the command there and judges what is left.
crash_killed() {
	crash_back "${2-}" &&
	test_expect_code 137 crash_run "$1:kill" 2>err.killed &&
	crash_read_shared >shared.killed &&
	crash_old_or_new shared &&
	crash_read_database >db.killed &&
	crash_old_or_new db &&
	crash_fsck dev && crash_fsck "$(crash_shared)"
}

# The same again: it does what is left to do, or says that it was done.
crash_again() {
	local status=0
	crash_run none 2>err.again || status=$?
	cat err.again
	if cmp -s shared.killed shared.old || [ $status -ne 1 ]; then
		[ $status -eq 0 ] || crash_fail "the next one ended with $status" || return
	fi
	crash_read_shared >shared.again &&
	test_cmp shared.new shared.again &&
	crash_clean
}

# This clone has caught up: with a remote it knows what that one has, and the checkout is in order.
crash_followed() {
	[ -z "$(git -C dev status --porcelain)" ] ||
		crash_fail "the work tree: $(git -C dev status --short)" || return
	git -C dev symbolic-ref -q HEAD || crash_fail "HEAD is detached" || return
	git -C dev rev-parse -q --verify HEAD || crash_fail "HEAD leads nowhere" || return
	[ -d origin.git ] || return 0
	git -C dev fetch -q --dry-run --prune --tags >fetch.out 2>&1 &&
	test_must_be_empty fetch.out
}

# Which points crash_each kills at.
crash_only=.

# The command, and what HOP_FAIL is for it.
crash_run() {
	(cd dev && HOP_FAIL=$1 crash_command)
}

# One run to learn what it changes and which points it meets.
crash_undisturbed() {
	crash_back "$1" &&
	crash_read_shared >shared.old && crash_read_database >db.old &&
	crash_run list 2>err.list &&
	crash_read_shared >shared.new && crash_read_database >db.new &&
	crash_points err.list >"points.$1" && test -s "points.$1" &&
	crash_clean && crash_followed
}

# crash_each TITLE: crash_command and crash_next are functions of the script that run in "dev": the
# command that is killed, and what is done afterwards. Points of the build are met with no template
# there, all others with every template.
crash_each() {
	local title=$1
	test_expect_success "$title: undisturbed" '
		crash_save && crash_undisturbed cold && crash_undisturbed warm &&
		{
			sed -n "/^build\.\|^scratch\./s/$/ cold/p" points.cold
			sed "/^build\.\|^scratch\./d" points.warm
		} | grep -e "$crash_only" >points
	'
	while read -r -u 7 crash_point crash_mode; do
		test_expect_success "$title: killed at $crash_point" '
			crash_killed $crash_point $crash_mode && crash_again &&
			(cd dev && crash_next) && crash_clean && crash_followed &&
			crash_fsck dev && crash_fsck "$(crash_shared)"
		'
	done 7<points
}
