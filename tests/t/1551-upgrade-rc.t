#!/bin/bash
# Release candidates in databases that are not production, and what comes after them.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# upgraded WORD [OPTION...]: the database WORD is brought on.
upgraded() {
	db=$(pg_name "$1") && shift &&
	git hop upgrade --yes --no-backup --database="$(pg_conninfo "$db")" "$@"
}

role_of() {
	pg_query "$(pg_name "$1")" "select role from hop.project"
}

test_expect_success 'production at 1.0.0, a candidate of 1.1.0, and two databases' '
	hop_project a && cd a &&
	git hop release create major && merged 1 "create table one (i int);" &&
	git hop release promote prod &&
	git hop release create minor && merged 2 "create table two (i int);" &&
	git hop release promote rc &&
	pg_create_db "$(pg_name prod)" && pg_create_db "$(pg_name stage)" && upgraded prod
'
cd "$TRASH/a" || exit 99

test_expect_success 'a production database takes no candidate' '
	prod_state >../before &&
	test_expect_code 1 upgraded prod --to-release 1.1.0-rc1 2>../err &&
	test_grep "1.1.0-rc1 is a release candidate, and .*prod. is a production database" ../err &&
	prod_state >../after && test_cmp ../before ../after
'

test_expect_success 'an empty one does, and is marked as one for development' '
	test_expect_code 1 upgraded stage --to-release 1.1.0-rc7 2>../err &&
	test_grep "there is no release .1.1.0-rc7." ../err && test_grep "1.1.0-rc1" ../err &&
	upgraded stage --to-release 1.1.0-rc1 --dry-run >../out &&
	test_grep "^1.1.0-rc1: 1 patch" ../out &&
	upgraded stage --to-release 1.1.0-rc1 && [ "$(role_of stage)" = development ] &&
	[ "$(prod_versions)" = "0.0.0 1.0.0 1.1.0-rc1" ] &&
	upgraded stage --to-release 1.1.0-rc1 >../out && test_grep "nothing to apply" ../out
'

test_expect_success 'it goes nowhere by itself' '
	test_expect_code 1 upgraded stage 2>../err &&
	test_grep "is a development database" ../err &&
	test_grep "^hint: .*--to-release" ../err
'

test_expect_success 'a hotfix and rc2: what it lacks, once each' '
	git hop release hotfix && merged 3 "alter table one add fixed int;" &&
	git hop release promote hotfix &&
	git switch -q ho-release/1.1.0 && merged 4 "create view v as select fixed from one;" &&
	git hop release promote rc &&
	upgraded stage --to-release 1.1.0-rc2 2>../err &&
	test_grep "release 1.1.0-rc2: patch 2 has already been applied, skipped" ../err &&
	[ "$(prod_versions)" = "0.0.0 1.0.0 1.1.0-rc1 1.0.0-hotfix1 1.1.0-rc2" ] &&
	pg_query "$db" "select fixed from v" &&
	test_expect_code 1 upgraded stage --to-release 1.1.0-rc1 2>../err &&
	test_grep "lower than" ../err
'

test_expect_success 'the release itself has nothing left to run; production gets all of it' '
	git hop release promote prod && upgraded stage --to-release 1.1.0 2>../err &&
	test_grep "patch 4 has already been applied, skipped" ../err &&
	pg_dump_schema "$db" --exclude-schema=hop >../stage && upgraded prod &&
	[ "$(prod_versions)" = "0.0.0 1.0.0 1.0.0-hotfix1 1.1.0" ] &&
	pg_dump_schema "$db" --exclude-schema=hop >../prod && test_cmp ../prod ../stage &&
	[ "$(role_of prod)" = production ] && [ "$(role_of stage)" = development ]
'

test_expect_success 'the development database at a candidate, and on from there' '
	git hop restore 1.1.0-rc1 2>../err && test_grep "is at version 1.1.0-rc1" ../err &&
	[ "$(prod_versions "$(pg_name a)")" = "0.0.0 1.0.0 1.1.0-rc1" ] &&
	test_must_fail pg_query "$(pg_name a)" "select fixed from one" &&
	git hop status >../out && test_grep "at 1.1.0-rc1" ../out &&
	upgraded a --to-release 1.1.0 && pg_query "$db" "select fixed from v" &&
	test_expect_code 1 git hop restore 1.1.0-rc9 2>../err &&
	test_grep "there is no tag .v1.1.0-rc9." ../err && test_grep "^hint: git tag" ../err
'

test_expect_success 'a patch that is another one in a tag that was moved: refused' '
	git hop release create minor && merged 5 "create table five (i int);" &&
	git hop release promote rc && upgraded stage --to-release 1.2.0-rc1 &&
	echo "create table five (i bigint);" >Patches/5/01.sql &&
	git commit -q --no-verify -am "Another five" &&
	git tag -f -a -m "Another" v1.2.0-rc2 HEAD && git show HEAD:.hop/releases/1.2.0-rc1.txt |
		cat >.hop/releases/1.2.0-rc2.txt && git add .hop &&
	git commit -q --no-verify -m List && git tag -f -a -m "Another" v1.2.0-rc2 &&
	test_expect_code 1 upgraded stage --no-fetch --to-release 1.2.0-rc2 2>../err &&
	test_grep "the tag .v1.2.0-rc2. does not count: no promotion made it on .ho-rel" ../err &&
	git push -q --no-verify origin ho-release/1.2.0 &&
	prod_state >../before &&
	test_expect_code 1 upgraded stage --no-fetch --to-release 1.2.0-rc2 2>../err &&
	test_grep "patch .5. of .1.2.0-rc2. has already been applied by .*different" ../err &&
	prod_state >../after && test_cmp ../before ../after
'

test_done
