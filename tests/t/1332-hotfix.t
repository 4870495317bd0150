#!/bin/bash
# git hop release hotfix and promote hotfix: production is mended while releases are open.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

on_branch() {
	[ "$(git symbolic-ref --short HEAD)" = "$1" ]
}

test_expect_success 'before the first release there is nothing to mend' '
	hop_project a && cd a &&
	refused "there is no production release to fix" git hop release hotfix &&
	test_grep "^hint: git hop release create" "$HOME/err" &&
	refused "no hotfix is in preparation" git hop release promote hotfix &&
	test_grep "^hint: git hop release hotfix" "$HOME/err"
'
cd "$TRASH/a" || exit 99

test_expect_success 'the production version is open again, beside two others' '
	git hop release create minor && merged 1-users "create table users (id int primary key);" &&
	git hop release promote prod &&
	git hop release create patch && merged 2 "create table two (i int);" &&
	git hop release create minor && hop_patch 3 "create table three (i int);" &&
	git switch -q ho-prod && prod=$(git rev-parse HEAD) &&
	git hop release hotfix --dry-run >../out &&
	echo "would create refs/heads/ho-release/0.1.0" >../expect && test_cmp ../expect ../out &&
	git hop release hotfix 2>../err &&
	test_grep "release 0.1.0-hotfix1 is open: ho-release/0.1.0" ../err &&
	on_branch ho-release/0.1.0 && [ "$(git rev-parse HEAD^)" = "$prod" ] &&
	[ "$(cat .hop/releases/0.1.0-patches.toml)" = "[patches]" ] &&
	[ -f .hop/releases/0.1.0.txt ] &&
	refused "release 0.1.0-hotfix1 is already open" git hop release hotfix &&
	test_grep "git switch ho-release/0.1.0" "$HOME/err" &&
	test_expect_code 129 git hop release hotfix 0.1.0
'

test_expect_success 'list, show and status tell it from the releases' '
	git hop release list >../out &&
	test_grep "^0.1.0-hotfix1 *hotfix .* ho-release/0.1.0" ../out &&
	git hop release list --porcelain >../out &&
	test_grep "^release	0.1.0-hotfix1	hotfix	" ../out &&
	git hop release show 0.1.0-hotfix1 >../out && test_grep "ho-release/0.1.0" ../out &&
	git hop release show 0.1.0 >../out && test_grep "^0.1.0 *production" ../out &&
	git hop status >../out && test_grep "^hotfix *0.1.0-hotfix1 in preparation" ../out
'

test_expect_success 'one without patches is refused; the way to give it up works' '
	refused "release 0.1.0-hotfix1 has no patches" git hop release promote hotfix &&
	test_grep "^hint: nothing was promoted" "$HOME/err" &&
	git push -q --no-verify origin --delete ho-release/0.1.0 && git switch -q ho-prod &&
	refused "a local branch .ho-release/0.1.0. that .origin. does not have" \
		git hop release hotfix &&
	git push -q --no-verify origin ho-release/0.1.0 &&
	refused "release 0.1.0-hotfix1 has no patches" git hop release promote hotfix &&
	commands_of "$HOME/err" | grep -v "git hop" >../commands &&
	test_line_count = 3 ../commands &&
	sh -e ../commands && git fetch -q --prune &&
	refused "no hotfix is in preparation" git hop release promote hotfix &&
	git hop release hotfix && on_branch ho-release/0.1.0
'

test_expect_success 'its patches are made and merged as any; nobody waits for anybody' '
	refused "release 0.1.1 comes first" git hop patch merge 3 &&
	hop_patch 4-mail "alter table users add mail text;" &&
	git hop patch list >../out && test_grep "^0.1.0-hotfix1 *candidate .* 4-mail" ../out &&
	refused "release 0.1.0-hotfix1 still has candidates: 4-mail" \
		git hop release promote hotfix &&
	git hop patch apply 2>../err && test_grep 0.1.0-hotfix1 ../err &&
	db=$(pg_name a) && pg_query $db "select version, id from hop.patch order by 2" >../out &&
	printf "0.1.0|1-users\n0.1.0-hotfix1|4-mail\n" >../expect && test_cmp ../expect ../out &&
	git hop patch merge 2>../err && test_grep "0.1.0-hotfix1" ../err &&
	on_branch ho-release/0.1.0 &&
	git switch -q ho-release/0.1.1 && merged 5 "create table five (i int);" &&
	git switch -q ho-release/0.1.0
'

test_expect_success 'the hotfix is released: commit, tag, files, branches, checkout' '
	release=$(git rev-parse HEAD) && prod=$(git rev-parse origin/ho-prod) &&
	git hop release promote hotfix 2>../err &&
	test_grep "release 0.1.0-hotfix1 is in production, with 1 patch" ../err &&
	on_branch ho-prod && [ -z "$(git status --porcelain)" ] &&
	[ "$(git log -1 --format=%P)" = "$prod $release" ] &&
	git cat-file tag v0.1.0-hotfix1 >../tag && test_grep "^- 4-mail" ../tag &&
	! grep 1-users ../tag &&
	[ "$(git rev-parse v0.1.0-hotfix1^{})" = "$(git -C ../origin.git rev-parse ho-prod)" ] &&
	grep -v "^#" .hop/releases/0.1.0-hotfix1.txt >../out && echo 4-mail >../expect &&
	test_cmp ../expect ../out &&
	test_path_is_missing .hop/releases/0.1.0-patches.toml &&
	hop_model_of 0.1.0-hotfix1 &&
	test_grep "mail text" .hop/model/schema-0.1.0-hotfix1.sql &&
	git show v0.1.0:.hop/model/schema.sql >../out && ! grep "mail text" ../out &&
	test_grep "^0.1.0-hotfix1	4-mail	" .hop/model/metadata-0.1.0-hotfix1.sql &&
	git -C ../origin.git for-each-ref --format="%(refname:short)" refs/heads | sort >../out &&
	printf "ho-%s\n" patch/3 prod release/0.1.1 release/0.2.0 staged/2 staged/5 >../expect &&
	test_cmp ../expect ../out
'

test_expect_success 'every open release has it, and is built on it' '
	for v in 0.1.1 0.2.0; do
		git merge-base --is-ancestor v0.1.0-hotfix1 origin/ho-release/$v &&
		git show origin/ho-release/$v:.hop/releases/$v-patches.toml &&
		git show origin/ho-release/$v:.hop/releases/0.1.0-hotfix1.txt || return
	done &&
	git switch -q ho-release/0.1.1 && merged 6 "create view mails as select mail from users;"
'

test_expect_success 'the development database goes to it, and to the version before it' '
	git hop restore 0.1.0-hotfix1 && pg_query $db "select mail from users" &&
	git hop restore 0.1.0 && test_must_fail pg_query $db "select mail from users" &&
	git hop restore && pg_query $db "select mail from users" &&
	pg_query $db "select version from hop.release order by 1" >../out &&
	printf "0.0.0\n0.1.0\n0.1.0-hotfix1\n" >../expect && test_cmp ../expect ../out
'

test_expect_success 'once more on the same version, with two patches; ten of them sort well' '
	git hop release hotfix 2>../err && test_grep "release 0.1.0-hotfix2 is open" ../err &&
	merged 7 "alter table users add phone text;" &&
	git hop patch create --release 0.1.0-hotfix2 8 &&
	hop_sql 01.sql "create index on users (phone);" && git hop patch merge &&
	git hop release promote hotfix 2>../err &&
	test_grep "release 0.1.0-hotfix2 is in production, with 2 patches" ../err &&
	hop_model_of 0.1.0-hotfix2 &&
	git hop release list >../out && grep -n "production" ../out | cut -c 1-20 >&2 &&
	git hop status >../out && test_grep "^production  0.1.0-hotfix2" ../out
'

test_expect_success 'the release that follows has it; the next number follows the base version' '
	git hop release promote prod 2>../err &&
	test_grep "release 0.1.1 is in production" ../err &&
	[ "$(git show v0.1.1:.hop/model/schema.sql | grep -c "phone text")" = 1 ] &&
	grep -v "^#" .hop/releases/0.1.1.txt >../out && printf "2\n5\n6\n" >../expect &&
	test_cmp ../expect ../out &&
	git hop release hotfix && on_branch ho-release/0.1.1 &&
	merged 9 "create table nine (i int);" && git hop release promote hotfix &&
	git hop release create patch && on_branch ho-release/0.1.2
'

test_expect_success 'one that conflicts with an open release is named, and in status for all' '
	git hop release create major && hop_patch 30 "select 1;" &&
	echo one >app && git add app &&
	git commit --no-verify -qm One && git push -q --no-verify &&
	git push -q --no-verify origin HEAD:ho-release/1.0.0 &&
	git switch -q ho-release/1.0.0 && git pull -q &&
	git hop release hotfix && hop_patch 31 "create table more (i int);" &&
	echo two >app && git add app && git commit --no-verify -qm Two && git hop patch merge &&
	git hop release promote hotfix 2>../err &&
	test_grep "release 0.1.1-hotfix2 is in production" ../err &&
	test_grep "ho-release/1.0.0.*conflict with production in app" ../err &&
	test_grep "production 0.1.1-hotfix2 could not be merged into ho-release/1.0.0" ../err &&
	commands_of ../err >../commands && test_line_count = 3 ../commands &&
	git clone -q ../origin.git ../b && git -C ../b switch -q ho-prod &&
	git -C ../b hop status >../status &&
	test_grep "lacks production 0.1.1-hotfix2" ../status &&
	commands_of ../status >../commands.status && test_cmp ../commands ../commands.status
'

test_expect_success 'the printed commands solve it, for everyone' '
	while read -r line; do
		eval "$line" || { echo both >app && git commit -qam "Merge production"; } || return
	done <../commands &&
	git -C ../b fetch -q && git -C ../b hop status >../status && ! grep lacks ../status
'

test_expect_success 'a release that goes to production before an open hotfix takes it along' '
	git switch -q ho-prod && git hop release hotfix && on_branch ho-release/0.1.1 &&
	merged 40 "create table forty (i int);" &&
	git switch -q ho-release/0.1.2 && merged 41 "create table forty_one (i int);" &&
	git hop release promote prod 2>../err &&
	test_grep "the hotfix in preparation is now a hotfix of 0.1.2: ho-release/0.1.1" \
		../err &&
	git hop release list >../out &&
	test_grep "^0.1.2-hotfix1 *hotfix .* ho-release/0.1.1" ../out &&
	refused "release 0.1.2-hotfix1 is already open" git hop release hotfix &&
	git hop release promote hotfix 2>../err &&
	test_grep "release 0.1.2-hotfix1 is in production" ../err &&
	grep -v "^#" .hop/releases/0.1.2-hotfix1.txt >../out && echo 40 >../expect &&
	test_cmp ../expect ../out &&
	test_must_fail git show origin/ho-prod:.hop/releases/0.1.1-patches.toml &&
	git merge-base --is-ancestor v0.1.2-hotfix1 origin/ho-release/1.0.0
'

test_expect_success 'a hotfix whose tests fail is not promoted; nor one by another name' '
	git hop release hotfix && merged 50 "create table fifty (i int);" &&
	echo "exit 3" >test.sh && sed -i "s/^command.*/command = sh test.sh/" .hop/config &&
	git add test.sh && git commit --no-verify -qam "Fail" && git push -q --no-verify &&
	refused "tests failed with status 3" git hop release promote hotfix &&
	test_grep "^hint: nothing was promoted" "$HOME/err" &&
	test_expect_code 129 git hop release promote hotfixes 2>../err &&
	test_grep "cannot promote to .hotfixes." ../err
'

test_done
