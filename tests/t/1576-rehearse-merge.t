#!/bin/bash
# git hop patch merge reports what the patch would block in production, or refuses it.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# merge ID SQL: merges that patch; what it warns of goes to "warned" as "PLACE: NAME:".
merge() {
	hop_patch "$1" "$2" && git hop patch merge >../out 2>../err
	local status=$?
	sed -n "s/^warning: Patches.\([^ ]*: [a-z]*:\) .*/\1/p" ../err >../warned
	return "$status"
}

test_expect_success 'a merge warns of what its own patch would block' '
	hop_project dev &&
	(
		cd dev &&
		git hop release create minor &&
		merge 1-base "create table t (id int primary key, b text); create table u (i int);
			create index on t (b); lock table u; create table w (i int)" &&
		test_must_be_empty ../warned &&
		git hop release promote prod &&
		git hop release create minor &&
		export HOP_TRACE="$TRASH/trace" &&
		merge 2-fine "alter table t add clock int; create table v (i int references t);
			create index on v (i); select 1 as unlock, 2 as lock_, 3 as locks" &&
		test_must_be_empty ../warned &&
		test "$(grep -c "CREATE DATABASE.*_s_\|RENAME TO.*_s_" "$HOP_TRACE")" = 1 &&
		merge 3-index "create index on t (b); do \$\$ begin lock table u; end \$\$" &&
		printf "3-index/01.sql:1:%s:\n" "1: index" "24: lock" | test_cmp - ../warned &&
		test_grep "^hint: instead: CREATE INDEX CONCURRENTLY" ../err &&
		merge 4-next "lock table w; -- @HOP:allow lock short" &&
		! grep "^warning: Patches" ../err
	)
'

test_expect_success 'and is refused where the project says so' '
	(
		cd dev &&
		git hop patch create 6-gate &&
		printf "[rehearse]\nmerge = refuse\n" >>.hop/config &&
		printf -- "-- @HOP:no-transaction\nvacuum full t;\n" >Patches/6-gate/01.sql &&
		git add -A && git commit -q -m gate &&
		git rev-parse ho-release/0.2.0 >../before &&
		test_expect_code 1 git hop patch merge >../out 2>../err &&
		test_grep "^warning: Patches/6-gate/01.sql:2:1: rewrite: public.t is" ../err &&
		test_grep "^error: 1 statement would block the application$" ../err &&
		git rev-parse ho-release/0.2.0 | test_cmp ../before - &&
		printf -- "-- @HOP:no-transaction\nvacuum t;\n" >Patches/6-gate/01.sql &&
		git commit -q -a -m plain &&
		git hop patch merge 2>../err && ! grep "^warning: Patches" ../err
	)
'

test_expect_success 'a release of very many statements is not measured for a report' '
	(
		cd dev &&
		git hop patch create 7-many &&
		sed -i "s/merge = refuse/merge = report/" .hop/config &&
		git commit -q -a -m "Report" &&
		git hop patch merge --allow-empty &&
		merge 8-many "lock table w; $(seq -f "insert into w values (%g);" 1001)" &&
		test_must_be_empty ../warned &&
		test_grep "is not measured: .* 10[0-9][0-9] statements" ../err
	)
'

test_done
