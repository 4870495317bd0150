#!/bin/bash
# Somebody used git where git hop was meant: it is said, nothing is overwritten, and there is a way
# out.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# refused STATUS PATTERN COMMAND...: and origin stays as it is.
refused() {
	local status=$1 pattern=$2
	shift 2
	git ls-remote -q origin >../before && test_expect_code "$status" "$@" 2>../err &&
	test_grep "$pattern" ../err && test_grep "^hint: " ../err &&
	git ls-remote -q origin >../after && test_cmp ../before ../after
}

# by_hand BRANCH FILE [TEXT]: a commit by somebody in another clone, pushed with force.
by_hand() {
	(
		cd ../hand && git fetch -q && git switch -q -C "$1" "origin/$1" &&
		mkdir -p "$(dirname "$2")" && printf '%s\n' "${3-by hand}" >"$2" && git add . &&
		git commit -q -m "By hand" && git push -q -f origin "$1"
	)
}

list=.hop/releases/0.1.0-patches.toml

test_expect_success 'a release with a staged patch and two candidates, and a stranger' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-one "create table one (i int);" && git hop patch merge &&
	hop_patch 2-two "create table two (i int);" && git push -q &&
	hop_patch 3-three "create table three (i int);" --release 0.1.0 && git push -q &&
	git clone -q ../origin.git ../hand
'
cd "$TRASH/a" || exit 99

test_expect_success 'a commit pushed to the release: what comes later has it' '
	by_hand ho-release/0.1.0 notes && git hop patch merge 2-two &&
	git cat-file -e origin/ho-release/0.1.0:notes &&
	git log --format=%s origin/ho-release/0.1.0 >../log && test_grep "^By hand" ../log
'

for bad in "twice" "unknown" "nothing" "gone"; do
	case $bad in
	twice) text='[patches]
"1-one" = "staged"
"1-one" = "candidate"' says="$list:3: patch .1-one. is listed twice" ;;
	unknown) text='[patches]
"1-one" = "done"' says="$list:2: unknown state .done." ;;
	nothing) text='{"patches": []}' says="$list:1: " ;;
	gone) text='' says="$list:1: there is no \[patches\]" ;;
	esac
	test_expect_success "a list that is no list ($bad): file and line, and how to mend it" '
		good=$(git rev-parse origin/ho-release/0.1.0) &&
		by_hand ho-release/0.1.0 "$list" "$text" &&
		for command in "patch merge 3-three" "patch create --release 0.1.0 9" \
			"patch detach 3-three" "release promote prod" "release create major"; do
			[ "$command" = "release create major" ] ||
				refused 128 "^fatal: ho-release/0.1.0:$says" git hop $command ||
				return
		done &&
		for command in "patch list" status; do
			git hop $command 2>../err &&
			test_grep "^warning: skipping .ho-release/0.1.0.: .*$says" ../err ||
				return
		done &&
		git switch -q ho-release/0.1.0 && git pull -q &&
		git checkout -q "$good" "$list" && git commit -q --no-verify -m "Mend" "$list" &&
		git push -q --no-verify origin ho-release/0.1.0 &&
		git hop patch list >../out && test_grep "candidate .* 3-three$" ../out
	'
done

test_expect_success 'a patch branch rewritten with force: not merged, not overwritten' '
	(cd ../hand && git fetch -q && git switch -q ho-patch/3-three &&
	git reset -q --hard HEAD^ &&
		mkdir -p Patches/3-three && echo "select 3;" >Patches/3-three/02.sql &&
		git add . && git commit -qm "Other" && git push -q -f origin ho-patch/3-three) &&
	there=$(git -C ../origin.git rev-parse ho-patch/3-three) &&
	here=$(git rev-parse ho-patch/3-three) &&
	refused 1 ".ho-patch/3-three. and the branch at .origin. have diverged" \
		git hop patch merge 3-three &&
	[ "$(git rev-parse ho-patch/3-three)" = "$here" ] &&
	[ "$(git -C ../origin.git rev-parse ho-patch/3-three)" = "$there" ] &&
	sed -n "s/^hint: \(git .*\)/\1/p" ../err >../commands && . ../commands &&
	git hop patch apply && git hop patch merge && git cat-file -e HEAD:Patches/3-three/02.sql
'

test_expect_success 'a release rewound to before a merge: its branch is made again, or given up' '
	(cd ../hand && git fetch -q && git push -q -f origin \
		origin/ho-release/0.1.0^1:refs/heads/ho-release/0.1.0) &&
	git switch -q ho-prod && git branch -q -D ho-release/0.1.0 &&
	refused 1 "there is no branch .ho-patch/3-three." git hop patch merge 3-three &&
	test_grep "^hint: .*git hop patch detach 3-three" ../err &&
	eval "$(sed -n "s/^hint: to restore it: //p" ../err)" && git fetch -q &&
	git push -q origin :ho-staged/3-three && git hop patch merge 3-three
'

test_expect_success 'a patch branch deleted at origin: detach lets it go' '
	git hop patch create --release 0.1.0 4 && git switch -q ho-prod &&
	git push -q origin :ho-patch/4 && git branch -q -D ho-patch/4 &&
	refused 1 "there is no branch .ho-patch/4." git hop patch merge 4 &&
	eval "$(sed -n "s/^hint: to drop the patch: //p" ../err)" && git hop patch list >../out &&
	! grep " 4$" ../out
'

test_expect_success 'edited there and renamed here, the same generated file: git merge solves' '
	git hop patch create --release 0.1.0 5 && seq 30 >gen && git add . && git commit -qm Gen &&
	git hop patch merge --allow-empty &&
	git hop patch create 6 && echo 6 >>gen && git commit -qam "Gen 6" && git push -q &&
	git hop patch create --release 0.1.0 7 && echo 7 >>gen && git mv gen made &&
	git commit -qam "Gen 7" && git hop patch merge --allow-empty 6 &&
	refused 1 "conflicts with its release" \
		git hop patch merge --allow-empty 7 &&
	test_grep "^  conflict in" ../err &&
	test_expect_code 1 git merge -q origin/ho-release/0.1.0 &&
	{ seq 30 && echo 6 && echo 7; } >made && { git rm -q -f gen || :; } &&
	git add -A . && git commit -q -m "Merge the release" &&
	git hop patch merge --allow-empty 7 &&
	[ "$(git show origin/ho-release/0.1.0:made | tail -n 2 | tr "\n" " ")" = "6 7 " ] &&
	[ "$(git log --format=%B origin/ho-release/0.1.0 | grep -c "^Fixes #7$")" = 1 ]
'

test_expect_success 'production pushed by hand: the next release has it, its history stays' '
	by_hand ho-prod README.hand && git hop release promote prod &&
	git cat-file -e origin/ho-prod:README.hand &&
	git log --format=%s origin/ho-prod | grep "^By hand"
'

test_done
