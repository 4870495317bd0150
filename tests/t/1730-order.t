#!/bin/bash
# Patches run in the order in which they are merged, so that a release only grows at its end.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# upgraded WORD [OPTION...]: the database WORD is brought on.
upgraded() {
	db=$(pg_name "$1") && shift &&
	git hop upgrade --yes --no-backup --database="$(pg_conninfo "$db")" "$@"
}

# list_is RELEASE LINE...: what origin's list has, "ID" or "ID*" for a staged one.
list_is() {
	local release=$1
	shift
	git -C ../origin.git show "ho-release/$release:.hop/releases/$release-patches.toml" |
		sed -n "s/^\"\(.*\)\" = \"staged\"/\1*/p
			s/^\"\(.*\)\" = \"candidate\"/\1/p" >../list &&
	printf '%s\n' "$@" >../expect && test_cmp ../expect ../list
}

test_expect_success 'a candidate created early and merged late runs late, in an rc database too' '
	hop_project a && cd a && git hop release create minor &&
	pg_create_db "$(pg_name stage)" && pg_create_db "$(pg_name fresh)" &&
	merged 1-t "create table t (a int);" &&
	git hop patch create 2-early && git switch -q ho-release/0.1.0 &&
	merged 3-drop "alter table t add c int;" && list_is 0.1.0 "1-t*" "3-drop*" 2-early &&
	git hop release promote rc && upgraded stage --to-release 0.1.0-rc1 &&
	git switch -q ho-patch/2-early && hop_sql 01.sql "alter table t add b int;" &&
	git hop patch apply && git hop patch merge &&
	list_is 0.1.0 "1-t*" "3-drop*" "2-early*" &&
	git hop release promote rc && upgraded stage --to-release 0.1.0-rc2 &&
	pg_dump_schema "$db" --exclude-schema=hop >../stage &&
	upgraded fresh --to-release 0.1.0-rc2 &&
	pg_dump_schema "$db" --exclude-schema=hop >../fresh && test_cmp ../fresh ../stage
'
cd "$TRASH/a" || exit 99

test_expect_success 'what needs the order in which they were created: refused by apply and merge' '
	hop_patch 4-gone "alter table t drop b;" --release 0.1.0 && git hop patch create \
		--release 0.1.0 5-late && git switch -q ho-patch/4-gone && git hop patch merge &&
	git switch -q ho-patch/5-late && hop_sql 01.sql "update t set b = 1;" &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "column .b. .*not exist" ../err &&
	refused "column .b. .*does not exist" git hop patch merge
'

test_expect_success 'merge --before: another place, but none before what an rc has' '
	git hop patch merge 5-late --before 4-gone && list_is 0.1.0 "1-t*" "3-drop*" \
		"2-early*" "5-late*" "4-gone*" &&
	hop_patch 6-six "create table six (i int);" --release 0.1.0 &&
	hop_patch 7-cand "create table seven (i int);" --release 0.1.0 &&
	refused "patch .2-early. is in release candidate 0.1.0-rc2" \
		git hop patch merge 6-six --before 2-early &&
	refused "patch .7-cand. is not staged" git hop patch merge 6-six --before 7-cand &&
	refused "patch .6-six. is not staged" git hop patch merge 6-six --before 6-six &&
	refused "patch .9. is not staged" git hop patch merge 6-six --before 9 &&
	test_expect_code 129 git hop patch merge 6-six --before "x y" &&
	git hop patch merge 6-six && list_is 0.1.0 "1-t*" "3-drop*" "2-early*" "5-late*" \
		"4-gone*" "6-six*" 7-cand
'

test_expect_success 'what an rc holds is the beginning of what the release becomes' '
	git hop patch merge 7-cand && git hop release promote prod &&
	upgraded stage --to-release 0.1.0 && pg_dump_schema "$db" --exclude-schema=hop >../stage &&
	upgraded fresh --to-release 0.1.0 && pg_dump_schema "$db" --exclude-schema=hop >../fresh &&
	test_cmp ../fresh ../stage &&
	for rc in 1 2; do
		git show v0.1.0:.hop/releases/0.1.0-rc$rc.txt | grep -v "^#" >../rc &&
		git show v0.1.0:.hop/releases/0.1.0.txt | grep -v "^#" |
			head -n "$(wc -l <../rc)" >../begin && test_cmp ../rc ../begin || return
	done
'

test_expect_success 'a list that mixes them, written by hand: staged ones first, in their order' '
	git hop release create minor && merged 10 "create table ten (i int);" &&
	merged 11 "create table eleven (i int);" &&
	git hop patch create 12 && git switch -q ho-release/0.2.0 && git pull -q &&
	printf "%s\n" "[patches]" "12 = \"candidate\"" "10 = \"staged\"" \
		"11 = \"staged\"" >.hop/releases/0.2.0-patches.toml &&
	git commit -q --no-verify -am Mix && git push -q --no-verify &&
	git hop patch list --porcelain | grep "^patch" | cut -f 2,4 >../out &&
	printf "10\tstaged\n11\tstaged\n12\tcandidate\n" >../expect && test_cmp ../expect ../out &&
	git switch -q ho-patch/12 && hop_sql 01.sql "drop table eleven;" && git hop patch merge &&
	list_is 0.2.0 "10*" "11*" "12*" && git hop release promote prod
'

test_expect_success 'a hotfix after an rc: the way of a database at that rc is built as well' '
	git hop release create minor && merged 20 "alter table t add x int;" &&
	git hop release promote rc && upgraded stage --to-release 0.3.0-rc1 &&
	git hop release hotfix && merged 30 "alter table t add y int;" &&
	git hop release promote hotfix &&
	git switch -q ho-release/0.3.0 && git pull -q &&
	merged 21 "do \$\$ begin
		if (select array_agg(attname order by attnum) from pg_attribute
		where attrelid = '\''t'\''::regclass and attname in ('\''x'\'', '\''y'\''))
			= array['\''x'\'', '\''y'\'']::name[] then raise '\''x came first'\'';
			end if; end \$\$;" &&
	refused "a database at 0.3.0-rc1 cannot become 0.3.0: .*x came first" \
		git hop release promote prod &&
	test_grep "git tag -d v0.3.0-rc1" "$HOME/err" &&
	refused "a database at 0.3.0-rc1 cannot become 0.3.0" git hop release promote rc
'

test_expect_success 'another order of columns is none of its business; nor is an rc given up' '
	commands_of "$HOME/err" >../commands && test_line_count = 2 ../commands &&
	. ../commands && git hop release promote rc && git hop release promote prod &&
	upgraded stage --to-release 0.2.0-hotfix1 2>../err; test_grep "0.3.0-rc1" ../err &&
	git hop release create minor && merged 40 "alter table t add p int;" &&
	git hop release promote rc && upgraded fresh --to-release 0.4.0-rc1 &&
	git hop release hotfix && merged 41 "alter table t add q int;" &&
	git hop release promote hotfix && git switch -q ho-release/0.4.0 && git pull -q &&
	merged 42 "update t set p = q;" && git hop release promote rc &&
	git hop release promote prod && upgraded fresh --to-release 0.4.0 &&
	pg_query "$db" "select p, q from t"
'

test_done
