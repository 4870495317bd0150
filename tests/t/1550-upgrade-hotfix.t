#!/bin/bash
# Hotfixes on their way into production databases.
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

# upgraded WORD [OPTION...]: the database WORD is brought on, made when it is not there.
upgraded() {
	db=$(pg_name "$1") && shift &&
	{ pg_query "$db" "select 1" >/dev/null 2>&1 || pg_create_db "$db"; } &&
	git hop upgrade --yes --no-backup --database="$(pg_conninfo "$db")" "$@"
}

patches_of() {
	pg_query "$1" "select string_agg(version || ':' || id, ' ' order by applied_at)
		from hop.patch"
}

test_expect_success 'three versions, with two hotfixes between them, and a release after' '
	hop_project a && cd a &&
	git hop release create major && merged 1 "create table one (i int);" &&
	git hop release promote prod &&
	git hop release create minor && merged 2 "create table two (i int);" &&
	git hop release hotfix && merged 3 "alter table one add fixed int default 3;" &&
	upgraded early 2>/dev/null && git hop release promote hotfix &&
	upgraded middle 2>/dev/null &&
	git hop release hotfix && merged 4 "insert into one values (1, 4);" &&
	git hop release promote hotfix &&
	git switch -q ho-release/1.1.0 && merged 5 "create view v as select fixed from one;" &&
	git hop release promote prod
'
cd "$TRASH/a" || exit 99

test_expect_success 'each database gets what it lacks, in order, and all are the same' '
	early=$(pg_name early) middle=$(pg_name middle) && git hop update \
		--database="$(pg_conninfo "$middle")" >../out &&
	cat >../expect <<-EOT &&
	database '\''$middle'\'' is at 1.0.0-hotfix1, 2 releases to apply up to 1.1.0
	1.0.0-hotfix2: 1 patch, 1 file, 1 statement
	  4
	    Patches/4/01.sql (1 statement)
	1.1.0: 2 patches, 2 files, 2 statements
	  2
	    Patches/2/01.sql (1 statement)
	  5
	    Patches/5/01.sql (1 statement)
	EOT
	test_cmp ../expect ../out &&
	[ "$(prod_versions "$early")" = "0.0.0 1.0.0" ] &&
	upgraded early --to-release 1.0.0-hotfix1 && [ "$(prod_versions "$early")" = \
		"0.0.0 1.0.0 1.0.0-hotfix1" ] &&
	upgraded early && upgraded middle && upgraded late &&
	echo "1.0.0:1 1.0.0-hotfix1:3 1.0.0-hotfix2:4 1.1.0:2 1.1.0:5" >../expect &&
	for db in early middle late; do
		db=$(pg_name $db) && patches_of "$db" >../out && test_cmp ../expect ../out &&
		[ "$(pg_query "$db" "select * from one")" = "1|4" ] &&
		pg_dump_schema "$db" --exclude-schema=hop >../schema.$db || return
	done &&
	test_cmp ../schema.$early ../schema.$middle && test_cmp ../schema.$early ../schema.$db &&
	git hop restore && pg_dump_schema "$(pg_name a)" --exclude-schema=hop >../built &&
	test_cmp ../schema.$early ../built
'

test_expect_success 'a version that is known is left out of the way, but not the ones between' '
	test_expect_code 1 git hop upgrade --yes --database="$(pg_conninfo "$(pg_name early)")" \
		--to-release 1.0.0-hotfix1 2>../err &&
	test_grep "lower than" ../err &&
	test_expect_code 1 git hop upgrade --yes --database="$(pg_conninfo "$(pg_name early)")" \
		--to-release 1.1.0-hotfix1 2>../err &&
	test_grep "there is no release .1.1.0-hotfix1." ../err && test_grep "1.1.0" ../err
'

cd "$TRASH" || exit 99

test_expect_success 'a hotfix that a later release lists again is not run twice' '
	prod_project twice &&
	prod_file twice 1 01.sql "create table one (i int);" &&
	prod_release twice 1.0.0 1 &&
	prod_file twice 2 01.sql "alter table one add fixed int;" &&
	prod_release twice 1.0.0-hotfix1 2 &&
	prod_file twice 3 01.sql "create table three (i int);" &&
	prod_release twice 1.1.0 2 3 &&
	prod_db twice && git -C twice hop upgrade --yes 2>err &&
	test_grep "release 1.1.0: patch 2 has already been applied, skipped" err &&
	patches_of "$db" >out && echo "1.0.0:1 1.0.0-hotfix1:2 1.1.0:3" >expect &&
	test_cmp expect out
'

test_expect_success 'the same patch with other content is refused before anything changes' '
	prod_file twice 4 01.sql "create table four (i int);" &&
	prod_release twice 1.1.0-hotfix1 4 && git -C twice hop upgrade --yes &&
	prod_file twice 4 01.sql "create table four (i bigint);" &&
	prod_release twice 1.2.0 4 && prod_state >before &&
	test_expect_code 1 git -C twice hop upgrade --yes 2>err &&
	test_grep "4 was changed since v1.1.0-hotfix1 was promoted" err &&
	prod_state >after && test_cmp before after
'

test_expect_success 'a database that has objects is found to be at a hotfix' '
	taken=$(pg_name taken) && pg_create_db "$taken" &&
	git -C a show v1.0.0-hotfix1:.hop/model/schema.sql >schema.sql &&
	pg_psql "$taken" -f schema.sql &&
	unset HOP_DATABASE &&
	git hop clone --production --database="$(pg_conninfo "$taken")" --at 1.0.0-hotfix1 \
		origin.git prod 2>err &&
	test_grep "is at 1.0.0-hotfix1" err &&
	git -C prod hop upgrade --yes &&
	[ "$(pg_query "$taken" "select * from one")" = "1|4" ]
'

test_done
