#!/bin/bash
# The sandbox that every script runs in.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"

test_expect_success 'the environment is clean' '
	env >all &&
	! grep -E "^(PG|GIT_DIR|GIT_AUTHOR|HOP_DATABASE)" all &&
	[ "$LC_ALL" = C.UTF-8 ] &&
	[ "$TZ" = UTC ]
'

test_expect_success 'HOME is our own and names the author' '
	[ "$HOME" = "$TRASH/home" ] &&
	[ "$(git config user.name)" = "Hop Tester" ]
'

test_expect_success 'no repository is seen from here' '
	test_must_fail git rev-parse --git-dir 2>err &&
	test_grep "not a git repository" err
'

test_expect_success 'a repository and its clone' '
	git_origin o &&
	git_clone o.git c &&
	git_commit_file c dir/file text &&
	git -C c push -q &&
	git_refs o.git >refs &&
	test_line_count = 1 refs &&
	test_grep refs/heads/main refs
'

test_expect_success 'a database and a role that may do little' '
	role=$(pg_name role) &&
	db=$(pg_name db) &&
	pg_create_role "$role" &&
	test_when_finished "pg_query postgres \"drop role $role\"" &&
	pg_create_db "$db" &&
	pg_query "$db" "create table t (a int)" &&
	pg_dump_schema "$db" >dump &&
	test_grep "CREATE TABLE public.t" dump &&
	pg_databases >list &&
	echo "$db" >expect &&
	test_cmp expect list
'

test_expect_success 'the trace does not end up in files of a test' '
	test_expect_code 3 sh -c "echo said >&2; exit 3" 2>err &&
	echo said >expect &&
	test_cmp expect err
'

test_expect_success 'a body from standard input' - <<'END'
	echo "it's" >file &&
	test_grep "it's" file
END

# What the words must catch, in scripts of their own.
inner() {
	{
		echo ". '$HOP_SRCDIR/tests/lib/test-lib.sh'"
		cat
	} >"$TRASH/inner.t"
	test_expect_code "$1" bash "$TRASH/inner.t" >inner.out 2>&1
}

test_expect_success 'a failing test fails the script and shows why' - <<'END'
	inner 1 <<-\EOF &&
		test_expect_success 'fails' 'echo shown && test_must_fail true && echo not-seen'
		test_expect_success 'signal' 'test_must_fail sh -c "kill -9 \$\$"'
		test_expect_success 'absent' 'test_must_fail no-such-program'
		test_expect_success 'good' 'true'
		test_done
	EOF
	test_grep '^not ok 1 - fails' inner.out &&
	test_grep '^# shown' inner.out &&
	test_grep 'should have failed: true' inner.out &&
	! grep '^# not-seen' inner.out &&
	test_grep '^not ok 2' inner.out &&
	test_grep '^not ok 3' inner.out &&
	test_grep '^ok 4' inner.out &&
	test_grep '^1..4' inner.out
END

test_expect_success 'a script that ends early is noticed' - <<'END'
	inner 3 <<-\EOF &&
		test_expect_success 'good' 'true'
		exit 3
	EOF
	test_grep '^Bail out!' inner.out
END

test_done
