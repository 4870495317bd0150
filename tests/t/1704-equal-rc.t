#!/bin/bash
# Release candidates: what they hold comes first, in the release and in every database.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/equal-lib.sh
. "$(dirname "$0")/../lib/equal-lib.sh"
test_expect_success 'patches run as they were merged, through every rc' '
	equal_project life &&
	promoted prod "create table t (a int); insert into t values (1);" &&
	promoted rc "alter table t add b int;" &&
	promoted rc "update t set b = 2;" "alter table t add c int; create view v as table t;" &&
	promoted rc "drop view v; alter table t drop a;" &&
	promoted prod "alter table t add a text; grant select on t to pg_monitor;" &&
	promoted rc "alter table t add d int; insert into t (d) select count(*) from t;" &&
	promoted prod "comment on table t is '\''t'\'';" &&
	equal_everywhere
'

test_expect_success 'an early patch that is merged after an rc runs after it' '
	equal_project late &&
	promoted prod "create table t (i int);" &&
	git hop release create minor &&
	hop_patch 100 "alter table t add early int;" && git switch -q ho-release/0.2.0 &&
	promoted rc "alter table t add late int;" && git hop patch merge 100 &&
	git hop release promote rc &&
	git switch -q ho-release/0.2.0 && hop_patch 101 "alter table u add once int;" &&
	git switch -q ho-release/0.2.0 && hop_patch 102 "alter table t add never int;" &&
	git switch -q ho-release/0.2.0 && equal_merged "alter table t rename to u;" &&
	git hop patch merge 101 && git hop release promote rc &&
	test_expect_code 1 git hop patch merge 102 2>../err &&
	test_grep "Patches/102/01.sql:1:.*relation .t. does not exist" ../err &&
	git hop patch detach 102 && git switch -q -f ho-release/0.2.0 &&
	promoted prod "create table w (i int);" &&
	equal_everywhere
'

test_expect_success 'what an rc holds begins the rc that follows and the release' '
	for list in 0.2.0-rc1 0.2.0-rc2 0.2.0-rc3 0.2.0; do
		grep -v "^#" .hop/releases/$list.txt >../list.$list || return
	done &&
	for pair in "rc1 0.2.0-rc2" "rc2 0.2.0-rc3" "rc3 0.2.0"; do
		before=../list.0.2.0-${pair% *} && after=../list.${pair#* } &&
		head -n "$(wc -l <"$before")" "$after" >../head && test_cmp "$before" ../head ||
		return
	done && printf "%s\n" 2 100 3 101 4 >../expect && test_cmp ../expect ../list.0.2.0
'

# any_order FROM VERSION...: from a build of FROM, the columns of the last may be in any order.
any_order() {
	local last=${!#}
	equal_both_ "$equal_dev" "$@" && equal_state "$equal_dev" ../other &&
	equal_cmp_columns "../$equal_name.states/built-$last" ../other
}

test_expect_success 'rcs around a hotfix: equal after it, and no failure from before it' '
	equal_project around &&
	promoted prod "create table t (a int); insert into t values (1);" &&
	promoted rc "alter table t add b int default 2;" && promoted rc "create index on t (b);" &&
	promoted hotfix "alter table t add fixed int default 3;" &&
	promoted rc "update t set b = fixed;" &&
	promoted rc "create view v as select b, fixed from t;" &&
	promoted prod "alter table t add c int;" &&
	promoted hotfix "alter table t add again int;" &&
	equal_everywhere &&
	for path in 0.2.0-rc1 0.2.0-rc2 "0.2.0-rc1 0.2.0-rc2" "0.2.0-rc1 0.2.0-rc3" \
		"0.2.0-rc1 0.2.0-rc2 0.2.0-rc3 0.2.0-rc4"; do
		any_order 0.1.0 $path 0.2.0 && any_order $path 0.2.0-hotfix1 || return
	done
'

# merged_in VERSION SQL: one more patch of that release.
merged_in() {
	git switch -q "ho-release/$1" && git pull -q && equal_merged "$2"
}

test_expect_success 'a hotfix that a database at an rc of before it does not take: refused' '
	equal_project clash &&
	promoted prod "create table t (a int);" &&
	promoted rc "alter table t rename a to b;" &&
	git hop release hotfix && equal_merged "alter table t alter a set not null;" &&
	refused "a database at 0.2.0-rc1 cannot become 0.1.0-hotfix1: .*column .a. .* not exist" \
		git hop release promote hotfix
'

test_expect_success 'the hotfix takes both, or the rc is given up' '
	git hop patch list >../patches &&
	refused "0.2.0-rc1" git hop release promote hotfix &&
	commands_of "$HOME/err" >../commands && [ "$(wc -l <../commands)" = 2 ] &&
	. ../commands && git hop release promote hotfix
'

test_expect_success 'another schema without a failure is refused, and so are other rows' '
	equal_project differ &&
	promoted prod "create table t (a int, b int); insert into t values (1, 1);" &&
	promoted rc "comment on column t.a is '\''rc'\''; delete from t;
		alter table t add c int;" &&
	promoted hotfix "comment on column t.a is '\''fix'\''; alter table t add d int;" &&
	merged_in 0.2.0 "select 1;" &&
	refused "a database at 0.2.0-rc1 cannot become 0.2.0" git hop release promote prod &&
	test_grep "^ *-COMMENT ON COLUMN public.t.a IS .rc." "$HOME/err" &&
	test_grep "^ *+COMMENT ON COLUMN public.t.a IS .fix." "$HOME/err" &&
	! grep " integer" "$HOME/err" &&
	merged_in 0.2.0 "comment on column t.a is '\''both'\'';" &&
	git hop release promote prod &&
	promoted rc "delete from t;" && promoted hotfix "insert into t values (1, 2);" &&
	merged_in 0.3.0 "select 1;" &&
	refused "a database at 0.3.0-rc1 cannot become 0.3.0" git hop release promote rc &&
	test_grep "^ *+-- Rows of public.t: 1" "$HOME/err"
'

test_done
