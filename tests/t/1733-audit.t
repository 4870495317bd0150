#!/bin/bash
# What was promoted stays as it was; what was merged past the commands is found.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# reports NAME ABOUT: git hop check has that finding.
reports() {
	test_expect_code 1 git hop check --porcelain >"$HOME/check" &&
	cut -f 1,2,4 "$HOME/check" | grep -x "$(printf "finding\t%s\t%s" "$1" "$2")"
}

# past_hooks: the commit that is ready, pushed as no hook would let it through.
past_hooks() {
	git add -A && git commit -q --no-verify -m "By hand" && git push -q --no-verify
}

test_expect_success 'a patch merged with git: no promotion, and check names it' '
	hop_project a && cd a && git hop release create minor &&
	merged 1-a "create table a (i int);" && hop_patch 15-x "create table x (i int);" &&
	git push -q && git switch -q ho-release/0.1.0 && git pull -q &&
	git merge -q --no-verify --no-edit ho-patch/15-x && git push -q --no-verify &&
	refused "15-x is on .ho-release/0.1.0., but was not merged by git hop" \
		git hop release promote rc &&
	test_grep "git hop patch merge 15-x" "$HOME/err" && reports patch-unlisted 15-x &&
	git hop patch detach 15-x && git push -q origin :ho-patch/15-x && git pull -q &&
	refused "15-x is on .ho-release/0.1.0." git hop release promote prod &&
	git rm -rq Patches/15-x && past_hooks && git hop release promote rc &&
	git hop release promote prod
'
cd "$TRASH/a" || exit 99

test_expect_success 'a released patch, a released list, changed past the hooks' '
	git switch -q ho-prod && git pull -q && git hop release create minor &&
	merged 2 "create table b (i int);" && git switch -q ho-prod &&
	echo "-- more" >>Patches/1-a/01.sql && past_hooks && reports patch-changed 1-a &&
	refused "1-a was changed since v0.1.0 was promoted" git hop release promote prod &&
	refused "1-a was changed" git hop release promote rc &&
	git checkout -q v0.1.0 -- Patches/1-a && past_hooks &&
	echo 99 >>.hop/releases/0.1.0.txt && past_hooks &&
	reports release-list .hop/releases/0.1.0.txt &&
	refused "0.1.0.txt was changed since v0.1.0" git hop release promote rc &&
	git checkout -q v0.1.0 -- .hop/releases && past_hooks &&
	git rm -rq Patches/1-a && past_hooks && reports patch-changed 1-a &&
	refused "1-a was removed since v0.1.0" git hop release promote prod &&
	git checkout -q v0.1.0 -- Patches && past_hooks &&
	mkdir Patches/7 && echo "select 7;" >Patches/7/1.sql && past_hooks &&
	reports patch-unlisted 7 && refused "7 is on " git hop release promote prod &&
	git rm -rq Patches/7 && past_hooks
'

test_expect_success 'a tag that a promotion did not make: a hotfix is refused, too' '
	git hop release hotfix && merged 3 "create table c (i int);" &&
	git tag -f v0.1.0 origin/ho-release/0.2.0 2>../err &&
	refused "v0.1.0.* does not count" git hop release promote hotfix &&
	commands_of "$HOME/err" | grep -v "^git hop" >../commands && . ../commands &&
	git hop release promote hotfix && git hop release promote prod
'

test_expect_success 'upgrade, update and a dry run refuse before they ask the database' '
	git switch -q ho-prod && git pull -q &&
	git clone -q --bare "$TRASH/origin.git" ../bare.git &&
	pg_create_db "$(pg_name prod)" &&
	HOP_DATABASE=$(pg_conninfo "$(pg_name prod)") && export HOP_DATABASE &&
	git -C ../bare.git hop upgrade --yes --no-backup --to-release=0.1.0 &&
	echo "-- more" >>Patches/1-a/01.sql && past_hooks &&
	for command in update "upgrade --dry-run" "upgrade --yes"; do
		test_expect_code 1 git -C ../bare.git hop $command 2>../err &&
		test_grep "1-a was changed since v0.1.0 was promoted" ../err || return
	done &&
	[ "$(pg_query "$(pg_name prod)" "select max(version) from hop.release")" = 0.1.0 ] &&
	git checkout -q v0.1.0 -- Patches/1-a && past_hooks &&
	git -C ../bare.git hop upgrade --yes --no-backup &&
	[ "$(pg_query "$(pg_name prod)" "select max(version) from hop.release")" = 0.2.0 ]
'

test_expect_success 'a released list that cannot be read, at its tag either: a finding as others' '
	good=$(git rev-parse ho-prod) && tag=$(git rev-parse v0.1.0) &&
	git switch -q ho-prod && git pull -q &&
	echo "no ID at all" >>.hop/releases/0.1.0.txt && past_hooks &&
	git tag -f -a -m bad v0.1.0 && git push -q -f --no-verify origin v0.1.0 &&
	reports release-list .hop/releases/0.1.0.txt && ! reports patch-unlisted 1-a &&
	test_expect_code 1 git hop check >../out && [ "$(grep -c "0.1.0.txt" ../out)" -le 3 ] &&
	git hop release create major && merged 30 "select 30;" --release 1.0.0 &&
	refused "0.1.0.txt:[0-9]*: " git hop release promote rc &&
	git switch -q ho-prod && git push -q -f --no-verify origin "$good:ho-prod" "$tag:v0.1.0" &&
	git fetch -q -f origin tag v0.1.0 && git reset -q --hard "$good"
'

test_done
