#!/bin/bash
# git hop release promote rc: a snapshot of a release, tagged, for people to try.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# no_promotion PATTERN: it says no and why, and everything is as it was.
no_promotion() {
	refused "$1" git hop release promote rc &&
	test_grep "^hint: nothing was promoted" "$HOME/err"
}

test_expect_success 'no release, and one with nothing staged: refused' '
	hop_project a --test="sh test.sh" && cd a &&
	echo "git rev-parse HEAD >\"$TRASH/tested\"" >test.sh && git add test.sh &&
	git commit --no-verify -qm Test && git push -q --no-verify &&
	no_promotion "no release is in preparation" &&
	git hop release create minor && no_promotion "release 0.1.0 has no staged patches" &&
	hop_patch 1-users "create table users (id int primary key);" &&
	no_promotion "release 0.1.0 has no staged patches" &&
	test_grep "^hint: git hop patch merge ID" "$HOME/err"
'
cd "$TRASH/a" || exit 99

test_expect_success 'what is staged becomes rc1: commit, tag, list; exactly what was tested' '
	git hop patch merge && hop_patch 2 "create table two (i int);" &&
	git switch -q ho-release/0.1.0 && release=$(git rev-parse HEAD) &&
	git hop release promote rc --dry-run >../out 2>../err &&
	test_grep "^release candidate 0.1.0-rc1 would be tagged, with 1 patch (" ../err &&
	printf "would create refs/tags/v0.1.0-rc1\nwould move   refs/heads/ho-release/0.1.0\n" \
		>../expect && test_cmp ../expect ../out &&
	git hop release promote rc 2>../err &&
	test_grep "release candidate 0.1.0-rc1 is tagged, with 1 patch " ../err &&
	[ "$(git symbolic-ref --short HEAD)" = ho-release/0.1.0 ] &&
	[ "$(git rev-parse HEAD^)" = "$release" ] && [ -z "$(git status --porcelain)" ] &&
	[ "$(git cat-file -t v0.1.0-rc1)" = tag ] && git cat-file tag v0.1.0-rc1 >../tag &&
	test_grep "^- 1-users" ../tag && ! grep "^- 2" ../tag &&
	[ "$(git rev-parse v0.1.0-rc1^{})" = "$(git rev-parse HEAD)" ] &&
	[ "$(cat ../tested)" = "$(git rev-parse HEAD)" ] &&
	[ "$(git -C ../origin.git rev-parse ho-release/0.1.0)" = "$(git rev-parse HEAD)" ] &&
	[ "$(git -C ../origin.git rev-parse v0.1.0-rc1)" = "$(git rev-parse v0.1.0-rc1)" ] &&
	grep -v "^#" .hop/releases/0.1.0-rc1.txt >../out && echo 1-users >../expect &&
	test_cmp ../expect ../out &&
	printf "[patches]\n\"1-users\" = \"staged\"\n\"2\" = \"candidate\"\n" >../expect &&
	test_cmp ../expect .hop/releases/0.1.0-patches.toml
'

test_expect_success 'list, show and status know it' '
	git hop release list >../out &&
	test_grep "^0.1.0 *rc .* ho-release/0.1.0  0.1.0-rc1" ../out &&
	git hop release list --json >../json &&
	[ "$(hop_json ../json "d[\"release\"][-1][\"state\"]")" = rc ] &&
	[ "$(hop_json ../json "d[\"release\"][-1][\"rc\"]")" = 0.1.0-rc1 ] &&
	git hop release show 0.1.0-rc1 >../out && test_grep "^0.1.0-rc1 *rc .* 1 patch" ../out &&
	test_grep "staged *1-users" ../out &&
	test_expect_code 1 git hop release show 0.1.0-rc2 &&
	git hop status >../out &&
	test_grep "0.1.0 in preparation, tagged as 0.1.0-rc1: 1 staged" ../out
'

test_expect_success 'nothing new: refused; a candidate more is nothing new' '
	no_promotion "there is nothing new since 0.1.0-rc1" &&
	git hop patch create 3 && no_promotion "there is nothing new since 0.1.0-rc1"
'

test_expect_success 'what is mended after rc1 becomes rc2, and rc10 follows rc9' '
	hop_sql 01.sql "create table three (i int);" && git hop patch merge &&
	git hop release promote rc 2>../err &&
	test_grep "release candidate 0.1.0-rc2 is tagged, with 2 patches" ../err &&
	printf "1-users\n3\n" >../expect && grep -v "^#" .hop/releases/0.1.0-rc2.txt >../out &&
	test_cmp ../expect ../out && git rev-parse v0.1.0-rc1 &&
	for n in 3 4 5 6 7 8 9; do
		git tag -m "Made by hand" v0.1.0-rc$n && git push -q origin v0.1.0-rc$n || return
	done &&
	git hop patch merge 2 && git hop release promote rc 2>../err &&
	test_grep "release candidate 0.1.0-rc10 is tagged, with 3 patches" ../err &&
	no_promotion "nothing new since 0.1.0-rc10" &&
	git tag -m "No number" v0.1.0-rcx && git push -q --no-verify origin v0.1.0-rcx &&
	echo : >>test.sh && git commit --no-verify -qam More &&
	git push -q --no-verify && git hop release promote rc && git rev-parse --verify v0.1.0-rc11
'

test_expect_success 'a lower release, opened later: no candidate of it beside that of the other' '
	git switch -q ho-prod && git hop release create patch &&
	no_promotion "release 0.0.1 has no staged patches\|0.1.0-rc11 is being tested" &&
	merged 10 "create table ten (i int);" &&
	no_promotion "release candidate 0.1.0-rc11 is being tested" &&
	test_grep "git hop release promote prod" "$HOME/err" &&
	git hop release promote prod 2>../err && test_grep "release 0.0.1 is in production" ../err
'

test_expect_success 'the production release that was merged in is something new' '
	git hop release promote rc 2>../err &&
	test_grep "release candidate 0.1.0-rc12 is tagged" ../err &&
	git merge-base --is-ancestor v0.0.1 v0.1.0-rc12
'

test_expect_success 'a hotfix does not count as a release with a candidate, nor have one' '
	git hop release hotfix && merged 11 "create table eleven (i int);" &&
	git hop release promote hotfix && git hop release promote rc &&
	git merge-base --is-ancestor v0.0.1-hotfix1 v0.1.0-rc13
'

test_expect_success 'tests that fail, and a file that fails: no candidate' '
	git switch -q ho-release/0.1.0 && git pull -q && echo "exit 3" >>test.sh &&
	git commit --no-verify -qam Fail && git push -q --no-verify &&
	no_promotion "tests failed with status 3" &&
	git revert --no-edit HEAD && echo "create table ten (i int);" >Patches/2/02.sql &&
	git add Patches && git commit --no-verify -qm "By hand" && git push -q --no-verify &&
	no_promotion "Patches/2/02.sql:1:.*already exists" &&
	git reset -q --hard HEAD~3 && git push -qf --no-verify
'

test_expect_success 'in production the candidates are history, and the files stay' '
	git switch -q ho-release/0.1.0 && git hop release promote prod &&
	git hop release show 0.1.0-rc1 >../out && test_grep "released *1-users" ../out &&
	ls .hop/releases >../out && test_grep "^0.1.0-rc1.txt" ../out &&
	test_grep "^0.1.0-rc13.txt" ../out && test_grep "^0.1.0.txt" ../out &&
	git hop release list >../out && ! grep rc ../out &&
	git hop release show 0.1.0-rc2 >../out && test_grep "^0.1.0-rc2 *rc" ../out &&
	git hop release hotfix && git hop release list >../out && ! grep rc ../out &&
	git hop release create minor && merged 20 "select 1;" && git hop release promote rc &&
	git rev-parse --verify v0.2.0-rc1
'

test_expect_success 'two people at once: one candidate' '
	merged 21 "select 21;" && (cd .. && hop_clone b) && (
		cd ../b && git switch -q ho-release/0.2.0 && git hop release promote rc \
			>../b.out 2>&1 &
		git hop release promote rc >../a.out 2>&1
		a=$?
		wait $!
		[ $((a + $?)) -eq 1 ]
	) && cat ../a.out ../b.out >../out && test_grep "nothing new since 0.2.0-rc2" ../out &&
	[ "$(git -C ../origin.git tag -l "v0.2.0-rc*" | wc -l)" = 2 ]
'

test_done
