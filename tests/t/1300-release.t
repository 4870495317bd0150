#!/bin/bash
# git hop release create, list and show.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# A backslash in a value is none of ours, so the shell splits the records well enough.
records() {
	sed 1d | cut -f "$1"
}

test_expect_success 'a project with nothing in preparation' '
	hop_project a &&
	cd a &&
	git hop release list --porcelain >../out &&
	head -n 1 ../out >../first &&
	echo "# git-hop release list 1" >../expect && test_cmp ../expect ../first &&
	test_line_count = 2 ../out &&
	[ "$(records 1,2,3,7,8 <../out)" = "$(printf "release\t0.0.0\tproduction\t0\t0")" ] &&
	git hop release show >../out && test_grep "0\.0\.0" ../out
'
cd "$TRASH/a" || exit 99

test_expect_success 'the next patch, minor and major version, from whatever branch' '
	git hop release create minor &&
	[ "$(git symbolic-ref --short HEAD)" = ho-release/0.1.0 ] &&
	[ "$(git show HEAD:.hop/releases/0.1.0-patches.toml)" = "[patches]" ] &&
	[ "$(git rev-parse HEAD^)" = "$(git rev-parse ho-prod)" ] &&
	git switch -q -c mine &&
	git hop release create patch &&
	git switch -q --detach &&
	git hop release create major &&
	[ "$(git symbolic-ref --short HEAD)" = ho-release/1.0.0 ] &&
	git ls-remote -q origin "refs/heads/ho-release/*" | cut -f 2 >../out &&
	printf "refs/heads/ho-release/%s\n" 0.0.1 0.1.0 1.0.0 >../expect &&
	test_cmp ../expect ../out
'

test_expect_success 'one that is open is refused, also when this clone has not heard of it' '
	hop_state . >../before &&
	test_expect_code 1 git hop release create minor 2>../err &&
	test_grep "0\.1\.0" ../err && test_grep "^hint: " ../err &&
	hop_state . >../after && test_cmp ../before ../after &&
	git for-each-ref --format="delete %(refname)" refs/remotes/origin/ho-release >../refs &&
	git update-ref --stdin <../refs &&
	test_expect_code 1 git hop release create minor
'

test_expect_success 'what it leaves has a tip that git shows as any other' '
	git fsck --strict --no-dangling &&
	[ "$(git rev-parse --abbrev-ref ho-release/1.0.0@{upstream})" = origin/ho-release/1.0.0 ] &&
	[ -z "$(git status --porcelain)" ]
'

test_expect_success 'list: all, lowest first, in each form' '
	git hop release list >../text && test_line_count = 4 ../text &&
	git hop release list --porcelain | records 2,3,5 >../out &&
	printf "%s\t%s\t%s\n" 0.0.0 production - 0.0.1 preparation ho-release/0.0.1 \
		0.1.0 preparation ho-release/0.1.0 1.0.0 preparation ho-release/1.0.0 |
		cut -f 1-2 >../expect &&
	cut -f 1-2 ../out >../two && test_cmp ../expect ../two &&
	git hop release list --json >../json &&
	[ "$(hop_json ../json "d[\"version\"], d[\"command\"], len(d[\"release\"])")" = \
		"(1, '\''release list'\'', 4)" ] &&
	[ "$(hop_json ../json "d[\"release\"][2][\"branch\"]")" = ho-release/0.1.0 ] &&
	[ "$(hop_json ../json "d[\"release\"][0][\"branch\"]")" = None ] &&
	[ "$(hop_json ../json "d[\"release\"][3][\"commit\"]")" = \
		"$(git rev-parse ho-release/1.0.0)" ]
'

test_expect_success 'show: one, with its patches in order; without a version the lowest' '
	hop_patch 5-first "select 1" --release 0.1.0 &&
	hop_patch 7 "select 1" --release 0.1.0 &&
	git hop release show --porcelain 0.1.0 >../out &&
	[ "$(records 1,2 <../out | tail -n 2)" = "$(printf "patch\t5-first\npatch\t7")" ] &&
	git hop release show --json 0.1.0 >../json &&
	[ "$(hop_json ../json "[p[\"id\"] for p in d[\"patch\"]]")" = \
		"['\''5-first'\'', '\''7'\'']" ] &&
	[ "$(hop_json ../json "d[\"release\"][0][\"candidates\"]")" = 2 ] &&
	git hop release show --porcelain | records 2 >../out &&
	[ "$(head -n 1 ../out)" = 0.0.1 ] &&
	git hop release show 0.1.0 >../text && test_grep "5-first" ../text
'

test_expect_success 'what is asked for wrongly' '
	test_expect_code 129 git hop release 2>../err &&
	test_expect_code 129 git hop release create 2>../err &&
	test_expect_code 129 git hop release create huge 2>../err && test_grep "minor" ../err &&
	test_expect_code 129 git hop release create minor major &&
	test_expect_code 129 git hop release list --json --porcelain &&
	test_expect_code 129 git hop release list extra &&
	test_expect_code 129 git hop release show 1.0 2>../err && test_grep "X.Y.Z" ../err &&
	test_expect_code 129 git hop release show 01.0.0 &&
	test_expect_code 1 git hop release show 9.9.9 2>../err && test_grep "9\.9\.9" ../err &&
	test_expect_code 129 git hop release promote &&
	test_expect_code 129 git hop release promote sideways &&
	test_expect_code 129 git hop release --no-such-option
'

test_expect_success 'output that cannot be written is a failure' '
	test_expect_code 128 git hop release list --json >/dev/full
'

test_expect_success 'origin is gone: refused, nothing made; what is known is still shown' '
	mv ../origin.git ../moved.git &&
	git_refs . >../before &&
	test_expect_code 128 git hop release create patch 2>../err &&
	git_refs . >../after && test_cmp ../before ../after &&
	git hop release list &&
	mv ../moved.git ../origin.git
'

test_expect_success 'origin refuses the push by a hook: what it says is shown, nothing is made' '
	hook=../origin.git/hooks/pre-receive &&
	printf "#!/bin/sh\necho closed for the day >&2\nexit 1\n" >$hook && chmod +x $hook &&
	hop_state . >../before &&
	test_must_fail git hop patch create 9 --release 0.1.0 2>../err &&
	test_grep "closed for the day" ../err &&
	hop_state . >../after && test_cmp ../before ../after &&
	rm $hook &&
	git hop patch create 9 --release 0.1.0
'

test_expect_success 'an origin that cannot push atomically is refused with what to do' '
	git -C ../origin.git config receive.advertiseAtomic false &&
	hop_state . >../before &&
	test_must_fail git hop patch create 10 --release 0.1.0 2>../err &&
	test_grep "atomic" ../err &&
	hop_state . >../after && test_cmp ../before ../after &&
	git -C ../origin.git config --unset receive.advertiseAtomic
'

test_expect_success 'a list that somebody broke is named with its line, and breaks nothing else' '
	git switch -q ho-release/0.1.0 && git pull -q &&
	printf "[patches]\n\"7\" = \"candidate\"\n\"7\" = \"staged\"\n" \
		>.hop/releases/0.1.0-patches.toml &&
	git commit -qam Break --no-verify && git push -q --no-verify &&
	git hop patch list 2>../err &&
	test_grep "^warning: skipping .ho-release/0.1.0.: .*0.1.0-patches.toml:3: " ../err &&
	test_line_count = 3 ../err && test_grep "^hint: git hop check" ../err &&
	git revert --no-edit HEAD && git push -q --no-verify &&
	git hop patch list
'

test_done
