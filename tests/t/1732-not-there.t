#!/bin/bash
# Nothing is merged that is not there: empty patches, ignored files, files that git changes.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

test_expect_success 'commits that were not pushed: another clone does not merge the patch empty' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-a "create table a (i int);" &&
	(cd .. && hop_clone b) && cd ../b && git fetch -q origin "+refs/hop/*:refs/hop/*" &&
	refused "patch .1-a. does not run any files" git hop patch merge 1-a &&
	test_grep "^hint: perhaps its SQL files have not been committed and pushed" "$HOME/err" &&
	cd ../a && git hop patch merge && git show origin/ho-release/0.1.0:Patches/1-a/01.sql
'
cd "$TRASH/a" || exit 99

test_expect_success 'a patch none of whose files runs; --allow-empty merges it' '
	git hop patch create 2-code && echo code >code && mkdir Patches/2-code/sub &&
	echo "select 1;" >Patches/2-code/sub/x.sql && echo words >Patches/2-code/notes &&
	git add . && git commit -qm Code &&
	refused "patch .2-code. does not run any files" git hop patch merge &&
	git hop patch merge --allow-empty 2>../err &&
	test_grep "patch .2-code. is staged" ../err &&
	git hop patch create 3-gone && git rm -rq Patches/3-gone && git commit -qm Gone &&
	refused "patch .3-gone. does not run any files" git hop patch merge &&
	git hop patch detach 3-gone && git switch -q ho-release/0.1.0
'

test_expect_success 'a file that git ignores: refused by apply and merge, with the way out' '
	hop_patch 4 "create table four (i int);" && echo "*_local.sql" >.gitignore &&
	git add .gitignore && git commit -qm Ignore &&
	echo "create table local (i int);" >Patches/4/02_local.sql &&
	refused "Patches/4/02_local.sql is ignored by git" git hop patch apply &&
	refused "Patches/4/02_local.sql is ignored by git" git hop patch merge &&
	commands_of "$HOME/err" >../commands && test_line_count = 1 ../commands && . ../commands &&
	git commit -qm Local && git hop patch apply && git hop patch merge &&
	git show origin/ho-release/0.1.0:Patches/4/02_local.sql
'

test_expect_success 'the whole folder is ignored; what does not run may be' '
	hop_patch 5 "select 5;" && echo "/Patches/" >>.git/info/exclude &&
	echo "select 5;" >Patches/5/03.sql && echo n >Patches/5/notes.txt &&
	refused "Patches/5/03.sql is ignored by git" git hop patch apply &&
	rm Patches/5/03.sql && git hop patch apply && git hop patch merge &&
	: >.git/info/exclude && rm -rf Patches/5/notes.txt
'

test_expect_success 'line ends that git converts: apply runs the bytes that are committed' '
	hop_patch 6 "create table six (i int);" && echo "*.sql text" >.gitattributes &&
	printf "create table crlf as select \$\$a\r\nb\$\$ as t;\r\n" >Patches/6/02.sql &&
	git add . 2>/dev/null && git commit -qm CRLF && grep "$(printf "\r")" Patches/6/02.sql &&
	git hop patch apply && [ "$(pg_query "$(pg_name a)" "select length(t) from crlf")" = 3 ] &&
	git hop patch merge && ! git show origin/ho-release/0.1.0:Patches/6/02.sql |
		grep "$(printf "\r")"
'

# With other attributes git takes the CRLF for a change, if it reads the file again: that depends on
# the second in which it was written.
test_expect_success 'another encoding in the work tree: refused, with the way out' '
	rm Patches/6/02.sql && git checkout -q -- Patches/6/02.sql &&
	hop_patch 61 "select 61;" &&
	echo "/Patches/61/*.sql working-tree-encoding=UTF-16LE" >.gitattributes &&
	echo "select 61;" | iconv -f UTF-8 -t UTF-16LE >Patches/61/01.sql &&
	git add .gitattributes Patches/61 && git commit -qm UTF-16 &&
	refused "git would commit .Patches/61/01.sql. with different content" git hop patch apply &&
	refused "git would commit .Patches/61/01.sql. with different content" git hop patch merge &&
	sed -nE "s/^(hint:)? *((git|echo) .*)/\2/p" "$HOME/err" >../commands &&
	test_line_count = 2 ../commands && echo "select 61;" >Patches/61/01.sql &&
	. ../commands && git commit -qm "As they are" && git hop patch merge
'

test_expect_success 'a clean filter: the same' '
	hop_patch 7 "create table seven (i int);" &&
	git config filter.low.clean "tr A-Z a-z" && git config filter.low.smudge cat &&
	echo "02.sql filter=low" >Patches/7/.gitattributes &&
	echo "CREATE TABLE \"Seven\" ();" >Patches/7/02.sql && git add . && git commit -qm Filter &&
	refused "git would commit .Patches/7/02.sql. with different content" git hop patch apply &&
	refused "git would commit .Patches/7/02.sql. with different content" git hop patch merge &&
	git rm -q Patches/7/.gitattributes && touch Patches/7/02.sql &&
	git add --renormalize Patches/7 && git commit -qm As &&
	git hop patch merge
'

test_expect_success 'what git calls clean is clean, filters elsewhere included' '
	hop_patch 8 "select 8;" && git config filter.id.clean "sed s/[0-9]*-local/VERSION/" &&
	git config filter.id.smudge "sed s/VERSION/12-local/" &&
	echo "version filter=id" >>.gitattributes && echo 12-local >version && git add . &&
	git commit -qm Version && echo 99-local >version && git status --porcelain >../out &&
	test_must_be_empty ../out && git hop status --porcelain >../out &&
	[ "$(grep "^checkout" ../out | cut -f 6)" = 0 ] && git hop patch merge 2>../err &&
	[ "$(cat version)" = 99-local ]
'

test_expect_success 'what git calls changed is not merged: index, work tree, untracked, odd names' '
	hop_patch 9 "select 9;" && echo x >"Patches/9/a b
c" && refused "has uncommitted changes" git hop patch merge &&
	test_grep "a b" "$HOME/err" && rm Patches/9/a* && echo "select 10;" >Patches/9/02.sql &&
	refused "Patches/9/02.sql" git hop patch merge && git add Patches &&
	refused "Patches/9/02.sql" git hop patch merge && git mv Patches/9/02.sql moved &&
	refused "moved" git hop patch merge && git reset -q --hard && cd Patches/9 &&
	git hop patch apply && git hop patch merge
'

test_done
