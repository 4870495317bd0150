# shellcheck shell=bash
# Words for tests in TAP, named as in git's own tests.
#
# A script sources this file, calls test_expect_success 'title' 'commands && ...' for each
# test and ends with test_done. It runs in a trash folder of its own, with a HOME of its own.
# Commands given as "-" are read from standard input. HOP_TEST_KEEP=1 keeps the folder.

if [ -z "${HOP_TEST_PGHOST-}" ]; then
	exec "$(dirname "$0")/../lib/with-cluster" bash "$(realpath "$0")" "$@"
fi

TEST_NAME=$(basename "$0" .t)
TRASH=$(mktemp -d "${TMPDIR:-/tmp}/hop $TEST_NAME.XXXXXX") || exit 99
# So that a server that runs as another user gets through.
chmod 755 "$TRASH"
export HOME="$TRASH/home"
mkdir "$HOME" && cp "$GIT_CONFIG_GLOBAL" "$HOME/.gitconfig" || exit 99
export GIT_CONFIG_GLOBAL="$HOME/.gitconfig"
export GIT_CEILING_DIRECTORIES="$TRASH"
export TMPDIR="$TRASH/tmp"
mkdir "$TMPDIR" && chmod 1777 "$TMPDIR"
cd "$TRASH" || exit 99

test_count=0
test_failed=0
test_ended=
# What the words say when they fail; inside a test this is its output.
exec 5>&2
BASH_XTRACEFD=5
test_cleanup=

# Servers whose data lie in the trash folder, and whatever a library wants to clean up.
test_exit_() {
	local status=$? file
	[ -n "$test_ended" ] || echo "Bail out! $TEST_NAME ended before test_done"
	if declare -F pg_cleanup_ >/dev/null; then
		pg_cleanup_
	fi
	cd / || exit 99
	while IFS= read -r -d '' file; do
		kill -INT "$(head -n 1 "$file")" 2>/dev/null
	done < <(find "$TRASH" -name postmaster.pid -print0)
	if [ -n "${HOP_TEST_KEEP-}" ]; then
		echo "# kept: $TRASH"
	else
		rm -rf "$TRASH" 2>/dev/null || { sleep 1 && rm -rf "$TRASH"; }
	fi
	exit "$status"
}
trap test_exit_ EXIT
trap 'exit 130' INT TERM HUP

# Sets the status of its caller. The trace has a descriptor of its own, so that it never ends up
# in a file of the test.
test_eval_() {
	set -x
	test_body_ "$1"
	{ status_=$? && set +x; } 5>/dev/null
}

# A function of its own, so that "return" in a body ends the body only.
test_body_() {
	eval "$1"
}

test_expect_success() {
	local title_=$1 body_=$2 status_
	[ "$body_" != - ] || body_=$(cat)
	test_count=$((test_count + 1))
	test_cleanup=
	test_eval_ "$body_" </dev/null >"$HOME/.output" 2>&1 5>&1
	if [ -n "$test_cleanup" ]; then
		eval "$test_cleanup" >>"$HOME/.output" 2>&1 || status_=1
	fi
	if [ $status_ -eq 0 ]; then
		echo "ok $test_count - $title_"
		return
	fi
	test_failed=$((test_failed + 1))
	echo "not ok $test_count - $title_"
	printf '%s\n' "$body_" | sed 's/^/# /'
	echo "# output:"
	tail -n 200 "$HOME/.output" | sed 's/^/# /'
}

# test_when_finished COMMAND: runs after the test, whether it passed or not.
test_when_finished() {
	test_cleanup="$1; ${test_cleanup}"
}

# test_expect_code STATUS COMMAND...
test_expect_code() {
	local want=$1 got=0
	shift
	"$@" || got=$?
	if [ "$got" -ne "$want" ]; then
		echo "expected exit status $want, got $got: $*" >&5
		return 1
	fi
}

# within SECONDS COMMAND...: it succeeds, with pauses of so long in all between the tries.
within() {
	local seconds=$1 try
	shift
	for ((try = 0; try < seconds * 20; try++)); do
		"$@" && return
		sleep 0.05
	done
	echo "not after $try tries: $*" >&5
	return 1
}

# The command must fail in a way that it chose itself: not by a signal, not by being absent.
test_must_fail() {
	local got=0
	"$@" || got=$?
	case $got in
	0) echo "should have failed: $*" >&5 && return 1 ;;
	126 | 127) echo "could not be run: $*" >&5 && return 1 ;;
	128 | 129 | 130 | 143) return 0 ;;
	esac
	if [ "$got" -gt 128 ]; then
		echo "died of signal $((got - 128)): $*" >&5
		return 1
	fi
}

# test_cmp EXPECTED ACTUAL
test_cmp() {
	diff -u "$1" "$2"
}

# test_grep PATTERN FILE: shows the file when nothing matches.
test_grep() {
	grep -e "$1" "$2" >/dev/null && return
	echo "no match for '$1' in $2:"
	cat "$2"
	return 1
}

test_path_is_missing() {
	[ ! -e "$1" ] && [ ! -L "$1" ] && return
	echo "still there: $1"
	return 1
}

test_must_be_empty() {
	[ -f "$1" ] && [ ! -s "$1" ] && return
	echo "not empty: $1"
	cat "$1"
	return 1
}

test_line_count() {
	test "$(wc -l <"$3")" "$1" "$2" && return
	echo "not $1 $2 lines: $3"
	cat "$3"
	return 1
}

test_done() {
	test_ended=yes
	echo "1..$test_count"
	[ "$test_failed" -eq 0 ]
	exit
}
