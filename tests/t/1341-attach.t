#!/bin/bash
# git hop patch detach and attach: which release lists a candidate, and what merging needs then.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# list_is RELEASE [ID...]: what origin's list has, in that order.
list_is() {
	local release=$1
	shift
	git -C ../origin.git show "ho-release/$release:.hop/releases/$release-patches.toml" |
		sed -n 's/^"\(.*\)" = .*/\1/p' >../list &&
	printf '%s\n' "$@" | sed '/^$/d' >../expect &&
	test_cmp ../expect ../list
}

# refused STATUS PATTERN COMMAND...: says why, and changes nothing.
refused() {
	local status=$1 pattern=$2
	shift 2
	hop_state . >../before &&
	test_expect_code "$status" "$@" 2>../err && test_grep "$pattern" ../err &&
	hop_state . >../after && test_cmp ../before ../after
}

test_expect_success 'two releases, three candidates' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-one "create table one (i int);" &&
	hop_patch 2-two "create table two (i int);" --release 0.1.0 &&
	hop_patch 3-three "create table three (i int);" --release 0.1.0 &&
	git hop release create major && git switch -q ho-prod
'
cd "$TRASH/a" || exit 99

test_expect_success 'detach: out of the list, its branch stays; the checkout does not move' '
	tip=$(git rev-parse ho-patch/2-two) && head=$(git rev-parse HEAD) &&
	git hop patch detach 2-two 2>../err &&
	test_grep "^removed patch .2-two. from release 0.1.0" ../err &&
	list_is 0.1.0 1-one 3-three &&
	git -C ../origin.git rev-parse -q --verify ho-patch/2-two &&
	[ "$(git rev-parse ho-patch/2-two)" = "$tip" ] && [ "$(git rev-parse HEAD)" = "$head" ] &&
	[ "$(git log -1 --format=%s origin/ho-release/0.1.0)" = \
		"Remove patch '\''2-two'\'' from release 0.1.0" ] &&
	git hop patch show 2-two --porcelain | grep "^patch" | cut -f 2-4 >../out &&
	[ "$(cat ../out)" = "$(printf "2-two\t-\tdetached")" ]
'

test_expect_success 'detached: not merged, applied, nor detached again; its number stays taken' '
	refused 1 "no release in preparation lists patch .2-two" git hop patch detach 2-two &&
	refused 1 "no release in preparation lists patch .2-two" git hop patch merge 2-two &&
	refused 1 "the number 2 is already taken" git hop patch create --release 0.1.0 2-new &&
	git switch -q ho-patch/2-two &&
	refused 1 "no release in preparation lists patch .2-two" git hop patch apply
'

test_expect_success 'attach: asks for the release when there are several, and names them' '
	refused 1 "2 releases are in preparation" git hop patch attach &&
	commands_of ../err >../commands && test_line_count = 2 ../commands &&
	. ../commands 2>../err; list_is 0.1.0 1-one 3-three && list_is 1.0.0 2-two
'

test_expect_success 'attach: last of its list; what is there already stays; --before is of merge' '
	refused 1 "patch .1-one. is a candidate of release 0.1.0" git hop patch attach 1-one \
		--release 0.1.0 &&
	git hop patch attach --release 0.1.0 2-two 2>../err &&
	test_grep "^moved patch .2-two. from release 1.0.0 to 0.1.0" ../err &&
	list_is 0.1.0 1-one 3-three 2-two && list_is 1.0.0 &&
	refused 129 "before" git hop patch attach 2-two --before 1-one --release 1.0.0 &&
	test_grep "^hint: .*git hop patch merge --before=ID" ../err
'

test_expect_success 'on a release branch, that release is meant' '
	git switch -q ho-release/1.0.0 && git hop patch attach 2-two &&
	list_is 0.1.0 1-one 3-three &&
	list_is 1.0.0 2-two &&
	[ "$(git rev-parse HEAD)" = "$(git rev-parse origin/ho-release/1.0.0)" ]
'

test_expect_success 'a dry run moves nothing, and says what would move' '
	hop_state . >../before &&
	git hop patch attach -n --release 0.1.0 2-two >../out && list_is 1.0.0 2-two &&
	printf "would move   refs/heads/ho-release/%s\n" 1.0.0 0.1.0 >../expect &&
	test_cmp ../expect ../out &&
	git hop patch detach --dry-run 2-two >../out &&
	echo "would move   refs/heads/ho-release/1.0.0" >../expect && test_cmp ../expect ../out &&
	hop_state . >../after && test_cmp ../before ../after
'

test_expect_success 'wrong words, releases and IDs' '
	refused 1 "7.0.0" git hop patch attach --release 7.0.0 2-two &&
	refused 129 "" git hop patch attach --release nonsense 2-two &&
	refused 129 "" git hop patch attach 2-two 3-three &&
	refused 129 "" git hop patch detach "../2-two" &&
	refused 1 "there is no patch .88." git hop patch attach --release 0.1.0 88 &&
	git switch -q ho-prod &&
	refused 1 "is not a patch branch" git hop patch detach &&
	refused 1 "is not a patch branch" git hop patch attach
'

test_expect_success 'a staged patch stays where it is; said, with what to do' '
	git hop patch merge 1-one &&
	refused 1 "1-one. has already been merged: it is staged in release 0.1.0" \
		git hop patch attach 1-one --release 1.0.0 &&
	test_grep "^hint: .*another patch can undo what it does" ../err &&
	refused 1 "1-one. has already been merged" git hop patch detach 1-one
'

test_expect_success 'moved to another release: what the old one has does not come along' '
	hop_patch 4-four "create table four (i int);" --release 0.1.0 &&
	echo "of 4" >app && git add app && git commit -qm "App" &&
	git switch -q ho-prod && git hop patch merge 3-three &&
	git hop patch attach --release 1.0.0 4-four 2>../err &&
	test_grep "^warning: its branch is based on .ho-release/0.1.0." ../err &&
	commands_of ../err >../commands && test_line_count = 3 ../commands &&
	git hop patch detach 2-two
'

test_expect_success 'merging it is refused with the commands that mend it, and they do' '
	git hop release create patch && git hop patch attach --release 0.0.1 4-four &&
	refused 1 "4-four. is based on .ho-release/0.1.0., which has commits that release 0.0.1" \
		git hop patch merge 4-four &&
	commands_of ../err >../commands && test_line_count = 3 ../commands &&
	. ../commands && [ "$(git symbolic-ref --short HEAD)" = ho-patch/4-four ] &&
	git hop patch apply && git hop patch merge &&
	git ls-tree --name-only origin/ho-release/0.0.1 Patches/ | grep -v README >../out &&
	[ "$(cat ../out)" = Patches/4-four ] &&
	[ "$(git show origin/ho-release/0.0.1:app)" = "of 4" ]
'

test_expect_success 'one that was started on a release with nothing merged needs no more' '
	hop_patch 5-five "create table five (i int);" --release 1.0.0 &&
	git hop patch attach --release 0.0.1 5-five 2>../err && ! grep "^warning" ../err &&
	git hop patch merge 5-five &&
	[ "$(git log --format=%B origin/ho-release/0.0.1 | grep -c "^Fixes #5$")" = 1 ]
'

test_expect_success 'a branch made by hand is taken in, with its number' '
	git switch -q -c ho-patch/6-hand origin/ho-release/0.0.1 && mkdir Patches/6-hand &&
	echo "create table six (i int);" >Patches/6-hand/01.sql && git add Patches &&
	git commit -qm "By hand" &&
	refused 1 "there is no patch .6-hand.\|gone from .origin" \
		git hop patch attach --release 0.0.1 &&
	git push -q origin ho-patch/6-hand && git hop patch attach --release 0.0.1 &&
	git -C ../origin.git rev-parse -q --verify refs/hop/patch/6 && git hop patch merge &&
	git push -q origin origin/ho-release/0.0.1:refs/heads/ho-patch/6-other &&
	refused 1 "the number 6 is taken by patch .6-hand. of release 0.0.1" \
		git hop patch attach --release 0.1.0 6-other &&
	git push -q origin :ho-patch/6-other
'

test_expect_success 'a released patch is over' '
	git hop release promote prod &&
	refused 1 "4-four. has been in production since release 0.0.1" \
		git hop patch attach --release 0.1.0 4-four
'

test_expect_success 'a patch on top of a newer production: the release takes that one first' '
	git switch -q ho-prod && git switch -q -c elsewhere origin/ho-release/0.1.0~1 &&
	git push -q -f --no-verify origin origin/ho-release/0.1.0^1:refs/heads/ho-release/0.1.0 \
		2>../err &&
	git fetch -q && git hop patch create --release 1.0.0 8-new && git hop patch attach 8-new \
		--release 0.1.0 2>../err &&
	test_grep "^warning: its branch is based on .ho-prod." ../err &&
	refused 1 "8-new. is based on .ho-prod., which has commits that release 0.1.0 lacks" \
		git hop patch merge 8-new &&
	commands_of ../err >../commands &&
	git branch -q -f ho-release/0.1.0 origin/ho-release/0.1.0 && . ../commands &&
		git hop patch merge --allow-empty 8-new
'

test_expect_success 'its branch is gone from origin: detach is a way out, attach names another' '
	hop_patch 9 "select 9;" --release 0.1.0 && git hop patch create --release 0.1.0 10 &&
	git push -q origin :ho-patch/9 :ho-patch/10 && git switch -q ho-prod &&
	git branch -q -D ho-patch/10 &&
	refused 1 "there is no branch .ho-patch/10." git hop patch attach --release 1.0.0 10 &&
	refused 1 "the branch .ho-patch/9. is gone from .origin." \
		git hop patch attach --release 1.0.0 9 &&
	git hop patch detach 9 2>../err && test_grep "its branch ho-patch/9 is kept$" ../err &&
	git hop patch detach 10 2>../err && test_line_count = 1 ../err &&
	test_grep "^removed patch .10. from release 0.1.0$" ../err &&
	refused 1 "there is no patch .10." git hop patch attach --release 1.0.0 10
'

test_expect_success 'a production clone does no such thing; without a remote it works the same' '
	git config hop.production true &&
	refused 1 "production clone" git hop patch attach --release 0.1.0 2-two &&
	refused 1 "production clone" git hop patch detach 2-two &&
	git config --unset hop.production &&
	git init -q --initial-branch=ho-prod ../alone && cd ../alone && hop_database . alone &&
	git hop init --test= && git hop release create minor && hop_patch 1 "select 1;" &&
	git switch -q ho-release/0.1.0 &&
	git hop patch detach 1 && ! grep candidate .hop/releases/0.1.0-patches.toml &&
	git hop patch attach 1 && grep candidate .hop/releases/0.1.0-patches.toml &&
	[ -z "$(git status --porcelain)" ] && git hop patch merge 1
'

test_done
