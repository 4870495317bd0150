#!/bin/bash
# The whole way in a repository without a remote.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

git init -q a && hop_database a a && cd a || exit 99

on_branch() {
	[ "$(git symbolic-ref --short HEAD)" = "$1" ]
}

test_expect_success 'init, release, patch: local branches are what all share' '
	git hop init --test= && on_branch ho-prod &&
	git hop release create minor && on_branch ho-release/0.1.0 &&
	hop_patch 1-users "create table users (id int primary key);" &&
	on_branch ho-patch/1-users &&
	git rev-parse --verify refs/hop/patch/1 &&
	[ -z "$(git for-each-ref refs/remotes)" ] &&
	test_expect_code 1 git hop patch create --release 0.1.0 1 &&
	test_expect_code 1 git hop release create minor
'

test_expect_success 'apply and merge: the branch that one stands on is renamed under the checkout' '
	git hop patch apply && echo kept >note &&
	tip=$(git rev-parse HEAD) &&
	git hop patch merge && on_branch ho-release/0.1.0 && [ "$(cat note)" = kept ] &&
	[ "$(git status --porcelain)" = "?? note" ] &&
	[ "$(git rev-parse ho-staged/1-users)" = "$tip" ] &&
	test_must_fail git rev-parse -q --verify ho-patch/1-users && rm note
'

test_expect_success 'merge from another branch: the release moves, and the checkout on it' '
	hop_patch 2 "create table two (i int references users);" &&
	git switch -q ho-release/0.1.0 && git hop patch merge 2 &&
	on_branch ho-release/0.1.0 && [ -z "$(git status --porcelain)" ] && [ -f Patches/2/01.sql ]
'

test_expect_success 'a refused merge leaves checkout, branches and databases as they were' '
	hop_patch 3 "create table two (i int);" &&
	hop_state . >../before && pg_databases >../dbs &&
	test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "Patches/3/01.sql:1:1: relation \"two\" already exists" ../err &&
	hop_state . >../after && test_cmp ../before ../after &&
	pg_databases >../dbs.after && test_cmp ../dbs ../dbs.after
'

test_expect_success 'dirty work is in the way: it is kept, the merge stands, the way on works' '
	hop_sql 01.sql "create table three (i int);" &&
	git switch -q ho-release/0.1.0 && mkdir Patches/3 && echo mine >Patches/3/01.sql &&
	git hop patch merge 3 2>../err &&
	[ "$(cat Patches/3/01.sql)" = mine ] &&
	git show ho-release/0.1.0:.hop/releases/0.1.0-patches.toml | grep "\"3\" = \"staged\"" &&
	test_grep "^warning: .*cannot switch to .ho-release/0.1.0." ../err &&
	command=$(sed -n "s/^hint: .*: \(git switch .*\)/\1/p" ../err) && [ -n "$command" ] &&
	rm -r Patches/3 && eval "$command" && on_branch ho-release/0.1.0 &&
	[ -z "$(git status --porcelain)" ]
'

test_expect_success 'a branch that is checked out in another work tree: refused, nothing moved' '
	hop_patch 4 "create table four (i int);" && git worktree add -q ../tree ho-release/0.1.0 &&
	hop_state . >../before &&
	test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "^error: .ho-release/0.1.0. is checked out in another worktree" ../err &&
	hop_state . >../after && test_cmp ../before ../after &&
	git worktree remove ../tree && git hop patch merge
'

test_expect_success 'promote: ho-prod, tag, forward merge; nothing else is left' '
	git hop release create major && git hop release promote prod 2>../err &&
	test_grep "release 0.1.0 is in production, with 4 patches" ../err &&
	on_branch ho-release/1.0.0 && [ -z "$(git status --porcelain)" ] &&
	git merge-base --is-ancestor v0.1.0 ho-release/1.0.0 &&
	[ "$(git rev-parse v0.1.0^{commit})" = "$(git rev-parse ho-prod)" ] &&
	git for-each-ref --format="%(refname:short)" refs/heads | sort >../out &&
	printf "ho-prod\nho-release/1.0.0\n" >../expect && test_cmp ../expect ../out &&
	[ -f .hop/releases/0.1.0.txt ]
'

test_expect_success 'promote from the branch that goes: the checkout is on ho-prod' '
	hop_patch 5 "create table five (i int);" && git hop patch merge &&
	on_branch ho-release/1.0.0 &&
	git hop release promote prod && on_branch ho-prod && [ -z "$(git status --porcelain)" ] &&
	git fsck --strict --no-dangling
'

test_expect_success 'one that conflicts: the printed commands, without a remote, work' '
	git hop release create major && hop_patch 6 "select 1;" && echo one >app && git add app &&
	git commit -qm One && git hop patch merge &&
	git hop release create minor && hop_patch 7 "select 1;" && echo two >app && git add app &&
	git commit -qm Two && git hop patch merge && git hop release promote prod 2>../err &&
	sed -nE "s/^(hint:)? *(git .*)/\2/p" ../err >../commands &&
	test_line_count = 2 ../commands &&
	while read -r line; do
		eval "$line" || { echo both >app && git commit -qam Both; } || return
	done <../commands && git hop release promote prod && [ "$(cat app)" = both ]
'

test_expect_success 'status says no remote; a remote that is named but not there is said' '
	git hop status --json >../json &&
	[ "$(hop_json ../json "d[\"checkout\"][0][\"upstream\"]")" = None ] &&
	git config hop.remote nowhere && test_expect_code 128 git hop status 2>../err &&
	test_grep "^fatal: there is no remote .nowhere." ../err && test_grep "^hint: " ../err &&
	git config --unset hop.remote
'

test_expect_success 'a remote with another name, added later: pushed to by git, then shared' '
	git init -q --bare ../up.git && git remote add up ../up.git &&
	git push -q up "refs/heads/ho-*:refs/heads/ho-*" "refs/hop/*:refs/hop/*" --tags &&
	git config hop.remote up && git hop release create minor &&
	git -C ../up.git rev-parse --verify ho-release/2.1.0 &&
	test_expect_code 1 git hop patch create 7 2>../err && test_grep "number 7" ../err &&
	hop_patch 8 "select 8;" && git hop patch merge && git hop release promote prod &&
	git -C ../up.git rev-parse --verify v2.1.0
'

test_expect_success 'a remote that is renamed or removed: said, development is refused, ways out' '
	git config --unset hop.remote && git remote rename up other &&
	for command in status update upgrade; do
		git hop $command 2>../err
		test_grep "^warning: .*no remote .origin., although it had one" ../err &&
		test_grep "^hint: .*git config hop.remote other" ../err || return
	done &&
	for command in "patch create 9" "patch merge 8" "release promote prod"; do
		test_expect_code 1 git hop $command 2>../err &&
		test_grep "^error: .*no remote .origin., although it had one" ../err || return
	done &&
	git config hop.remote other && git hop release create minor 2>../err &&
	! grep remote ../err &&
	git config hop.remote "" && git hop status 2>../err &&
	test_grep "^warning: hop.remote is empty" ../err &&
	test_grep "^hint: to go on without: git remote remove other" ../err &&
	git remote remove other && git hop status 2>../err && test_must_be_empty ../err &&
	git config --unset hop.remote && git hop status 2>../err &&
	test_grep "^hint: to share .*git remote add origin URL" ../err &&
	test_grep "^hint: to go on without a remote: git config hop.remote" ../err
'

test_done
