#!/bin/bash
# What holds for every program.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

list_programs() {
	local file
	for file in "$HOP_BUILDDIR"/cmd/git-hop*; do
		if [ -x "$file" ] && [ -f "$file" ]; then
			basename "$file"
		fi
	done
}

for program in $(list_programs); do
	test_expect_success "$program -h: the usage on standard output, 0" '
		$program -h >out 2>err &&
		test_must_be_empty err &&
		test_grep "^usage: git hop" out
	'

	test_expect_success "$program: a bad option is 129 and shows the usage" '
		test_expect_code 129 $program --no-such-option >out 2>err &&
		test_must_be_empty out &&
		test_grep "unknown option .--no-such-option." err &&
		test_grep "usage: git hop" err &&
		test_expect_code 129 $program -% 2>err
	'

	test_expect_success "$program: an answer that cannot be written is 128" '
		test_expect_code 128 $program -h >/dev/full 2>err &&
		test_grep "cannot write to standard output" err
	'

	test_expect_success "$program --list-options names -h" '
		$program --list-options >out &&
		grep -x -e --help out &&
		grep -x -e -h out
	'

	test_expect_success "$program lives through closed standard streams" '
		$program -h <&- >&- 2>&-
	'
done

test_expect_success 'an answer has one format' '
	for form in "status" "server status" "patch list" "release show" "update"; do
		test_expect_code 129 git hop $form --porcelain --json 2>err &&
		test_grep "cannot be used together" err || return 1
	done
'

test_expect_success 'every program that the makefile knows was tried' '
	list_programs | sort >tried &&
	sed -n "s,^[[:space:]]*cmd/\(git-hop[a-z-]*\)\( \\\\\)*$,\1,p" \
		"$HOP_SRCDIR/cmd/cmd.am" | sort >expect &&
	[ -s expect ] &&
	test_cmp expect tried
'

test_done
