#!/bin/bash
# git hop release promote prod: the lowest release becomes production, the others take it in.
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
	refused "$1" git hop release promote prod &&
	test_grep "^hint: nothing was promoted" "$HOME/err"
}

test_expect_success 'nothing to promote' '
	hop_project a --test="sh test.sh" && cd a &&
	echo "exit 0" >test.sh && git add test.sh && git commit -qm Test --no-verify &&
	git push -q --no-verify &&
	no_promotion "no release is in preparation" &&
	test_grep "git hop release create" "$HOME/err"
'
cd "$TRASH/a" || exit 99

test_expect_success 'a candidate is left: refused' '
	git hop release create minor &&
	hop_patch 1-users "create table users (id int primary key);
		comment on table users is '\''who; they'\'';" &&
	no_promotion "release 0.1.0 still has candidates: 1-users"
'

test_expect_success 'a release becomes production: commit, tag, files, branches, checkout' '
	git hop patch merge &&
	merged 2 "insert into users values (7); create view ids as select id from users;" &&
	release=$(git rev-parse HEAD) && prod=$(git rev-parse origin/ho-prod) &&
	git hop release promote prod 2>../err &&
	test_grep "release 0.1.0 is in production, with 2 patches" ../err &&
	[ "$(git symbolic-ref --short HEAD)" = ho-prod ] && [ -z "$(git status --porcelain)" ] &&
	[ "$(git log -1 --format=%P)" = "$prod $release" ] &&
	git cat-file tag v0.1.0 >../tag && test_grep "^- 1-users" ../tag &&
	test_grep "^- 2$" ../tag &&
	[ "$(git rev-parse v0.1.0^{commit})" = "$(git -C ../origin.git rev-parse ho-prod)" ] &&
	[ "$(git -C ../origin.git rev-parse v0.1.0)" = "$(git rev-parse v0.1.0)" ] &&
	grep -v "^#" .hop/releases/0.1.0.txt >../out && printf "1-users\n2\n" >../expect &&
	test_cmp ../expect ../out &&
	test_path_is_missing .hop/releases/0.1.0-patches.toml &&
	hop_model_of 0.1.0 &&
	git -C ../origin.git for-each-ref --format="%(refname:short)" refs/heads >../out &&
	echo ho-prod >../expect && test_cmp ../expect ../out &&
	git for-each-ref --format="%(refname:short)" refs/heads >../out && test_cmp ../expect ../out
'

test_expect_success 'the schema file is what its patches make' '
	db=$(pg_name plain) && pg_create_db "$db" &&
	pg_psql "$db" -f Patches/1-users/01.sql -f Patches/2/01.sql &&
	pg_dump_schema "$db" >../expect &&
	pg_create_db "$(pg_name dump)" && pg_psql "$(pg_name dump)" -f .hop/model/schema.sql &&
	pg_dump_schema "$(pg_name dump)" >../out && test_cmp ../expect ../out
'

test_expect_success 'promoting again is refused, and the next release starts from there' '
	no_promotion "no release is in preparation" &&
	git hop release create patch && merged 3 "create table three (i int references users);" &&
	hop_patch 4 "drop view ids;" && git hop patch apply 2>../err &&
	test_grep "production 0.1.0" ../err
'

test_expect_success 'a release with no patches can be promoted, and tests must pass' '
	git hop patch merge && echo "exit 3" >test.sh && git commit -qam "Fail" --no-verify &&
	git push -q --no-verify &&
	no_promotion "tests failed with status 3" &&
	git revert --no-edit HEAD && git push -q --no-verify &&
	git hop release promote prod &&
	git hop release create patch && git hop release promote prod 2>../err &&
	test_grep "with 0 patches" ../err && [ -f .hop/releases/0.1.2.txt ]
'

test_expect_success 'what somebody put on the release branch by hand is not trusted' '
	git hop release create patch && merged 5 "create table five (i int);" &&
	echo "create table five_b (i int, );" >>Patches/5/01.sql &&
	git commit -qam "By hand" --no-verify &&
	git push -q --no-verify &&
	no_promotion "Patches/5/01.sql:2:" &&
	git revert --no-edit HEAD && git push -q --no-verify &&
	git hop release promote prod
'

test_expect_success 'a new value of an enum, used in the same release: found before production' '
	git hop release create patch && merged 6 "create type mood as enum ('\''ok'\'');" &&
	git hop release promote prod && git hop release create patch &&
	merged 7 "alter type mood add value '\''sad'\'';" &&
	hop_patch 8 "create table moods (m mood default '\''sad'\'');" &&
	test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "Patches/8/01.sql:1:.*unsafe use of new value" ../err &&
	test_grep "55P04" ../err &&
	hop_sql 01.sql "create table moods (m mood);" && git hop patch merge &&
	git hop release promote prod
'

test_expect_success 'dirty work is kept: what is in the way is said, the promotion stands' '
	git hop release create patch && merged 9 "create table nine (i int);" &&
	echo mine >.hop/releases/0.1.6.txt && echo edited >>test.sh &&
	git hop release promote prod 2>../err &&
	git ls-remote -q origin "refs/tags/v0.1.6^{}" ho-prod | cut -f 1 | uniq >../out &&
	test_line_count = 1 ../out &&
	[ "$(cat .hop/releases/0.1.6.txt)" = mine ] && [ "$(tail -n 1 test.sh)" = edited ] &&
	test_grep "0.1.6.txt" ../err && test_grep "^hint: .*git switch ho-prod" ../err &&
	rm .hop/releases/0.1.6.txt && git switch -q ho-prod &&
	[ "$(tail -n 1 test.sh)" = edited ] &&
	git checkout -q test.sh
'

test_expect_success 'two releases open: the lowest goes, the other takes it in' '
	git hop release create major && git hop release create patch &&
	merged 20 "create table twenty (i int);" &&
	git hop release promote prod && git fetch -q &&
	git merge-base --is-ancestor v0.1.7 origin/ho-release/1.0.0 &&
	git show origin/ho-release/1.0.0:.hop/releases/1.0.0-patches.toml &&
	git show origin/ho-release/1.0.0:.hop/releases/0.1.7.txt &&
	[ "$(git show origin/ho-release/1.0.0:.hop/model/schema-0.1.7.sql)" = schema.sql ] &&
	test_must_fail git show origin/ho-release/1.0.0:.hop/releases/0.1.7-patches.toml &&
	git switch -q ho-release/1.0.0 && hop_patch 21 "select * from twenty;" &&
	git hop patch apply
'

test_expect_success 'one that conflicts is named, with commands; it is promoted anyway' '
	echo one >app && git add app && git commit -qm One && git hop patch merge &&
	git hop release create patch &&
	hop_patch 22 "create table more (i int);" && echo two >app && git add app &&
	git commit -qm Two &&
	git hop patch merge && git hop release promote prod 2>../err &&
	test_grep "release 0.1.8 is in production" ../err &&
	test_grep "ho-release/1.0.0.*conflict with production in app" ../err &&
	test_grep "production 0.1.8 could not be merged into ho-release/1.0.0" ../err &&
	commands_of ../err >../commands && test_line_count = 3 ../commands &&
	git hop status >../status && test_grep "lacks production 0.1.8" ../status &&
	commands_of ../status >../commands.status && test_cmp ../commands ../commands.status &&
	git hop status --json >../json &&
	[ "$(hop_json ../json "d[\"release\"][0][\"behind\"]")" = True ] &&
	git hop release list --json >../json &&
	[ "$(hop_json ../json "d[\"release\"][-1][\"behind\"]")" = True ]
'

test_expect_success 'while it is behind it is not promoted; the commands are the same' '
	no_promotion "conflicts with production in app" &&
	commands_of "$HOME/err" >../commands.promote &&
	test_cmp ../commands ../commands.promote
'

test_expect_success 'the printed commands bring it up, and it can be promoted' '
	while read -r line; do
		eval "$line" || {
			for file in $(git diff --name-only --diff-filter=U); do
				case $file in
				app) echo both >app ;;
				*) echo "conflict in $file" && return 1 ;;
				esac && git add "$file" || return
			done && git commit -qm "Merge production"
		} || return
	done <../commands &&
	git hop status --json >../json &&
	[ "$(hop_json ../json "d[\"release\"][0][\"behind\"]")" = False ] &&
	git hop release promote prod && [ "$(cat app)" = both ] && git rev-parse --verify v1.0.0 &&
	hop_model_of 1.0.0 &&
	ls .hop/releases >../out && ! grep toml ../out
'

test_expect_success 'a release that does not pass with the new production is behind, and said why' '
	git hop release create major && git hop release create patch &&
	git switch -q ho-release/2.0.0 && merged 30 "create table clash (i int);" &&
	git switch -q ho-release/1.0.1 && merged 31 "create table clash (i int);" &&
	git hop release promote prod 2>../err &&
	test_grep "ho-release/2.0.0 does not pass with production 1.0.1: Patches/30/01.sql:1:1" \
		../err &&
	git rev-parse --verify v1.0.1 &&
	! git merge-base --is-ancestor v1.0.1 origin/ho-release/2.0.0
'

test_expect_success 'another work tree stands on a branch that goes: nobody is hurt' '
	git switch -q ho-prod && git hop release create patch && merged 32 "select 1;" &&
	git switch -q ho-prod && git worktree add -q ../tree ho-release/1.0.2 &&
	echo wip >>../tree/test.sh &&
	git hop release promote prod && git rev-parse --verify v1.0.2 &&
	[ "$(git -C ../tree symbolic-ref --short HEAD)" = ho-release/1.0.2 ] &&
	[ "$(tail -n 1 ../tree/test.sh)" = wip ] && git -C ../tree status
'

test_expect_success 'a tag of that name that is somebody else s is refused' '
	git switch -q ho-prod && git hop release create patch && merged 33 "select 1;" &&
	git clone -q ../origin.git ../c && git -C ../c switch -q ho-prod &&
	git_commit_file ../c x text && git -C ../c tag v1.0.3 &&
	git -C ../c push -q origin v1.0.3 &&
	git ls-remote -q origin >../before &&
	test_expect_code 1 git hop release promote prod 2>../err && test_grep "v1.0.3" ../err &&
	git ls-remote -q origin >../after && test_cmp ../before ../after
'

test_done
