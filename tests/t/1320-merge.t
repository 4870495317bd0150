#!/bin/bash
# git hop patch merge: what gets in, what does not, and that a refusal leaves nothing.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# Scratch databases and work trees of this project; other scripts run on the same cluster.
leavings() {
	local id
	id=$(git config --blob=ho-prod:.hop/config hop.id) || return
	pg_query postgres "select datname from pg_database
		where starts_with(datname, 'hop_${id:0:8}_s')"
	ls "$TMPDIR"
	git worktree list --porcelain | grep -c "^worktree"
}

# refused PATTERN [ARGUMENT...]: merge says no and why, and everything is as it was.
refused() {
	local pattern=$1
	shift
	hop_state . >"$HOME/before" && leavings >"$HOME/leavings.before" &&
	test_expect_code 1 git hop patch merge "$@" 2>"$HOME/err" &&
	test_grep "$pattern" "$HOME/err" &&
	test_grep "^hint: .*was not merged; nothing was changed" "$HOME/err" &&
	hop_state . >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after" &&
	leavings >"$HOME/leavings.after" && test_cmp "$HOME/leavings.before" "$HOME/leavings.after"
}

set_test_command() {
	sed -i "s|^command = .*|command = $1|" .hop/config && git commit -qam "Test with $1"
}

# Clean, and on the release as origin has it.
on_release() {
	git reset -q --hard && git switch -q ho-release/0.1.0 && git pull -q
}

test_expect_success 'the patch is staged: a merge commit, its branch renamed, checkout follows' '
	hop_project a "--test=sh test.sh" && cd a &&
	git switch -q ho-prod && printf "exit 0\n" >test.sh && git add test.sh &&
	git commit -qm "Test" --no-verify && git push -q --no-verify &&
	git hop release create minor &&
	hop_patch 1-users "create table users (id int primary key);" &&
	tip=$(git rev-parse HEAD) && release=$(git rev-parse origin/ho-release/0.1.0) &&
	git hop patch merge 2>../err &&
	test_grep "tests of release [0-9.]* passed: sh test.sh" ../err &&
	test_grep "^patch .1-users. is staged in release 0.1.0" ../err &&
	[ "$(git symbolic-ref --short HEAD)" = ho-release/0.1.0 ] &&
	[ "$(git log -1 --format=%P)" = "$release $tip" ] &&
	git log -1 --format=%b >../body && test_grep "^Fixes #1$" ../body &&
	[ "$(cat .hop/releases/0.1.0-patches.toml)" = \
		"$(printf "[patches]\n\"1-users\" = \"staged\"")" ] &&
	[ "$(git rev-parse origin/ho-staged/1-users)" = "$tip" ] &&
	test_must_fail git rev-parse -q --verify origin/ho-patch/1-users &&
	test_must_fail git rev-parse -q --verify ho-patch/1-users &&
	test_must_fail git -C ../origin.git rev-parse -q --verify ho-patch/1-users &&
	[ -z "$(git status --porcelain)" ] && leavings >../out && [ "$(cat ../out)" = 1 ]
'
cd "$TRASH/a" || exit 99

test_expect_success 'a second time, one that is not there, one that is nobody s' '
	test_expect_code 1 git hop patch merge 1-users 2>../err &&
	test_grep "^error: patch .1-users. has already been merged: it is staged in release 0.1.0" \
		../err && ! grep "not merged" ../err &&
	refused "no release in preparation lists patch .77." 77
'

test_expect_success 'an error in SQL: file, line, column, SQLSTATE; nothing changed' '
	hop_patch 2-bad "$(printf "select 1;\n\n\tselect nosuch from users;")" &&
	refused "^error: Patches/2-bad/01.sql:3:9: column \"nosuch\" does not exist" &&
	test_grep "42703" "$HOME/err" && test_grep "statement: select nosuch" "$HOME/err"
'

test_expect_success 'a transaction that ends is an error' '
	hop_sql 01.sql "create table x (i int); commit; begin;" &&
	refused "^error: 2 errors in patch files" &&
	test_grep "^  Patches/2-bad/01.sql:1:25: transaction control" "$HOME/err"
'

test_expect_success 'changes that are not committed, new files too, are refused and kept' '
	hop_sql 01.sql "create table two (i int);" &&
	echo "-- more" >>Patches/2-bad/01.sql && echo "select 2;" >Patches/2-bad/02.sql &&
	refused "uncommitted changes" && test_grep "Patches/2-bad/01.sql" "$HOME/err" &&
	git checkout -q Patches/2-bad/01.sql &&
	refused "uncommitted changes" && test_grep "Patches/2-bad/02.sql" "$HOME/err" &&
	rm Patches/2-bad/02.sql && mkdir -p Patches/2-bad/deep/er &&
	echo note >Patches/2-bad/deep/er/note && refused "uncommitted changes" &&
	test_grep "Patches/2-bad/deep/er/note" "$HOME/err" &&
	echo note >.git/info/exclude && echo x >>test.sh && refused "uncommitted changes" &&
	git checkout -q test.sh &&
	echo x >untracked && git hop patch merge && [ "$(cat untracked)" = x ] && rm untracked
'

test_expect_success 'of another branch, from a detached HEAD: the checkout stays' '
	hop_patch 3 "create table three (i int);" && git switch -q --detach ho-prod &&
	echo dirty >>test.sh && head=$(git rev-parse HEAD) &&
	git hop patch merge 3 && [ "$(git rev-parse HEAD)" = "$head" ] &&
	! git symbolic-ref -q HEAD && [ "$(tail -n 1 test.sh)" = dirty ] && git checkout -q test.sh
'

test_expect_success 'tests that fail: their output is shown' '
	git switch -q ho-release/0.1.0 && git pull -q && hop_patch 4 "create table four (i int);" &&
	printf "echo seen; echo also >&2; exit 7\n" >test.sh && git commit -qam "Fail" &&
	refused "^error: the tests failed with status 7: sh test.sh" &&
	test_grep "seen" "$HOME/err" && test_grep "also" "$HOME/err"
'

test_expect_success 'tests that are killed, cannot be started, or are not there' '
	printf "kill -9 \$\$\n" >test.sh && git commit -qam "Kill" &&
	refused "^error: the tests were killed by signal 9" &&
	git rm -q test.sh && git commit -qm "No tests" &&
	refused "^error: the tests .*sh test.sh" &&
	set_test_command "./no-such-program" &&
	refused "^error: the tests could not be started (status 127)" &&
	printf "x\n" >plain && git add plain && set_test_command ./plain &&
	refused "^error: the tests could not be started (status 126)"
'

test_expect_success 'a patch may change the test command; not into what hop cannot read' '
	set_test_command "test -f Patches/4/01.sql" &&
	sed -i "/^format/d" .hop/config && git commit -qam "Break" &&
	refused "^error: .*config" &&
	git revert --no-edit HEAD && git rm -q .hop/config && git commit -qm "None" &&
	refused "^error: .*\.hop/config" &&
	git revert --no-edit HEAD && printf "exit 0\n" >test.sh && git add test.sh &&
	git commit -qm "Test again" && git hop patch merge 2>../err &&
	test_grep "tests of release [0-9.]* passed: test -f Patches/4/01.sql" ../err &&
	test_grep "tests of release [0-9.]* passed: sh test.sh" ../err
'

test_expect_success 'tests see the scratch database, with the whole release, and nothing of ours' '
	git switch -q ho-release/0.1.0 && hop_patch 5 "create table five (i int);" &&
	cat >look.sh <<-\END &&
	test "$HOP_PATCH" = 5 || exit 0
	set -e
	psql -XAtc "select count(*) from users, two, three, four, five"
	psql -XAtc "insert into five values (1)"
	psql -XAtc "select current_database()"
	test "$HOP_RELEASE" = 0.1.0; test "$HOP_PROJECT" = a
	test "$HOP_ROOT" = "$PWD"; test -z "$GIT_DIR$GIT_INDEX_FILE"
	test "$(git rev-parse --show-toplevel)" = "$PWD"
	git log -1 --format=%s
	END
	git add look.sh && set_test_command "sh look.sh" &&
	git hop -C . patch merge -v 2>../err &&
	test_grep "Merge patch .5. into release 0.1.0" ../err && ! grep "^$(pg_name a)$" ../err
'

test_expect_success 'a patch that changes the directory of another patch, or removes it' '
	on_release && hop_patch 6 "create table six (i int);" && set_test_command true &&
	echo "-- touched" >>Patches/1-users/01.sql && git commit -qam "Touch" &&
	refused "changes the directory of another patch: Patches/1-users" &&
	git rm -qr Patches/1-users && git commit -qm "Remove" &&
	refused "changes the directory of another patch: Patches/1-users" &&
	git reset -q --hard HEAD^^ &&
	mkdir Patches/99-foreign && echo "select 1;" >Patches/99-foreign/1.sql && git add Patches &&
	git commit -qm "Foreign" && refused "directory of another patch: Patches/99-foreign" &&
	git reset -q --hard HEAD^ && git hop patch merge
'

test_expect_success 'what a patch does to the files of releases and schemas has no effect' '
	on_release && hop_patch 7 "create table seven (i int);" &&
	echo "drop table users;" >>.hop/model/schema.sql &&
	echo "\"1-users\" = \"candidate\"" >.hop/releases/0.1.0-patches.toml &&
	echo 1 >.hop/releases/5.0.0.txt && git add .hop && git commit -qm "Tamper" &&
	git hop patch merge &&
	[ -z "$(git diff origin/ho-prod HEAD -- .hop/model .hop/releases/5.0.0.txt)" ] &&
	[ "$(git show HEAD:.hop/releases/0.1.0-patches.toml | grep -c staged)" = 7 ]
'

test_expect_success 'a conflict: files are named, the printed commands resolve it' '
	on_release && hop_patch 8 "create table eight (i int);" && echo one >app && git add app &&
	git commit -qm One &&
	hop_patch 9 "create table nine (i int);" --release 0.1.0 && echo two >app && git add app &&
	git commit -qm Two && git hop patch merge 8 &&
	refused "conflicts with its release" &&
	test_grep "conflict in app" "$HOME/err" &&
	commands_of "$HOME/err" >../commands && test_line_count = 4 ../commands &&
	while read -r line; do
		eval "$line" || {
			[ -n "$(git ls-files -u)" ] && echo both >app && git add app &&
			git commit -qm "Resolve"
		} || return
	done <../commands &&
	[ "$(git show origin/ho-release/0.1.0:app)" = both ] &&
	[ "$(git symbolic-ref --short HEAD)" = ho-release/0.1.0 ]
'

test_expect_success 'two patches that pass alone and fail together: the second is refused' '
	on_release && hop_patch 10 "create table same (i int);" &&
	hop_patch 11 "create table same (i int);" --release 0.1.0 && git hop patch apply &&
	git switch -q ho-patch/10 && git hop patch merge &&
	git switch -q ho-patch/11 &&
	refused "^error: Patches/11/01.sql:1:1: relation \"same\" already" &&
	hop_sql 01.sql "create table another (i int);" && git hop patch merge
'

test_expect_success 'renamed files are followed' '
	on_release && hop_patch 12 "select 1;" && seq 50 >long && git add long &&
	git commit -qm Long && git hop patch merge &&
	hop_patch 13 "select 1;" && git mv long longer && git commit -qm Rename &&
	hop_patch 14 "select 1;" --release 0.1.0 && sed -i "s/^25$/twenty-five/" long &&
	git commit -qam Edit &&
	git hop patch merge 13 && git hop patch merge &&
	grep "^twenty-five$" longer && test_path_is_missing long
'

test_expect_success 'the order of merges is the order of patches' '
	on_release &&
	hop_patch 15-second "insert into order_log select max(i) + 1 from order_log;" &&
	refused "relation \"order_log\" does not exist" &&
	hop_patch 16-first "create table order_log (i int); insert into order_log values (1);" \
		--release 0.1.0 &&
	git hop patch merge && git switch -q ho-patch/15-second && git hop patch apply &&
	[ "$(pg_query "$(pg_name a)" "select max(i), count(*) from order_log")" = "2|2" ] &&
	git hop patch merge
'

test_expect_success 'a merged patch of the middle is built where the list has it' '
	on_release && hop_patch 17-late "create table late as select count(*) from pg_tables
		where schemaname = '\''public'\'' and tablename = '\''early'\'';" &&
	git hop patch merge &&
	hop_patch 18-early "create table early (i int);" && git hop patch merge --before=17-late &&
	hop_patch 19 "select 1;" && git hop patch apply &&
	[ "$(pg_query "$(pg_name a)" "select count from late")" = 1 ]
'

test_expect_success 'the branch went different ways here and at origin; it is behind; it is gone' '
	on_release && hop_patch 30 "select 30;" && git push -q &&
	git clone -q ../origin.git ../c && git -C ../c switch -q ho-patch/30 &&
	git_commit_file ../c there text && git -C ../c push -q &&
	git_commit_file . here text && git fetch -q &&
	refused "have diverged" && test_grep "git pull --rebase" "$HOME/err" &&
	commands_of "$HOME/err" >../commands && test_line_count = 2 ../commands &&
	. ../commands && git hop patch merge && [ -f here ] && [ -f there ] &&
	hop_patch 31 "select 31;" && git push -q && git push -q origin :ho-patch/31 &&
	git fetch -q --prune &&
	refused "gone from .origin." &&
	eval "$(sed -n "s/^hint: to restore it: //p" "$HOME/err")" &&
	git hop patch merge
'

test_expect_success 'a branch that is in the way is named, and not tried again and again' '
	on_release && hop_patch 34 "select 34;" &&
	git push -q origin HEAD:refs/heads/ho-staged/34 &&
	git fetch -q && refused ".refs.heads.ho-staged.34. already exists" &&
	git push -q origin :ho-staged/34 && git hop patch merge
'

test_expect_success 'commits that were not pushed are merged, those that are only at origin too' '
	on_release && hop_patch 32 "select 32;" && tip=$(git rev-parse HEAD) &&
	git hop patch merge && [ "$(git -C ../origin.git rev-parse ho-staged/32)" = "$tip" ] &&
	hop_patch 33 "select 33;" && git push -q && git fetch -q && git -C ../c fetch -q &&
	git -C ../c switch -q ho-patch/33 && git_commit_file ../c only-there text &&
	git -C ../c push -q && git hop patch merge && [ -f only-there ]
'

test_expect_success 'a higher release waits while a lower one has patches' '
	git hop release create major && hop_patch 40 "create table forty (i int);" &&
	refused "release 0.1.0 comes first: it is lower than 1.0.0 and has patches" &&
	eval "$(sed -n "s/^hint: \(git hop release show\)/\1/p" "$HOME/err")"
'

test_expect_success 'no tests configured: said each time; an empty command: not a word' '
	git switch -q ho-release/0.1.0 && hop_patch 50 "select 1;" &&
	sed -i "/^command/d" .hop/config && git commit -qam "No tests" &&
	git hop patch merge 2>../err &&
	test_grep "^warning: the project has no test command" ../err &&
	hop_patch 51 "select 1;" && printf "[test]\ncommand =\n" >>.hop/config &&
	sed -i "1,/^\[test\]/{/^\[test\]/d}" .hop/config && git commit -qam "None" &&
	git hop patch merge 2>../err && ! grep "test command" ../err
'

test_done
