#!/bin/bash
# git hop restore drops no database that it may not.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/restore-lib.sh
. "$(dirname "$0")/../lib/restore-lib.sh"

dev=$(pg_name p)

test_expect_success 'a project' '
	hop_project p &&
	cd p &&
	production 1.0.0 "CREATE TABLE public.item (id integer);"
'

test_expect_success 'a database with objects of others is refused, or taken over by its very name' '
	pg_create_db "$dev" &&
	pg_query "$dev" "create table mine (id int); insert into mine values (7)" &&
	test_expect_code 1 git hop restore 2>err &&
	test_grep "error: database .$dev. contains objects that git hop did not create" err &&
	test_grep "hint: .*git hop restore --take-over=$dev" err &&
	test_expect_code 1 git hop restore --take-over=other &&
	test_expect_code 1 git hop restore --take-over= &&
	pg_query "$dev" "select id from mine" >rows &&
	echo 7 >expect &&
	test_cmp expect rows &&
	only_templates &&
	git hop restore --take-over="$dev" &&
	is_at "$dev" 1.0.0 &&
	test_must_fail pg_query "$dev" "table mine"
'

test_expect_success 'an empty database is nobody'\''s' '
	empty=$(pg_name empty) &&
	pg_create_db "$empty" &&
	git hop restore --database="$(pg_conninfo "$empty")" &&
	is_at "$empty" 1.0.0
'

test_expect_success 'a production database is refused, whatever is said' '
	pg_query "$dev" "create table rows (i int)" &&
	pg_query "$dev" "update hop.project set role = \$\$production\$\$" &&
	test_expect_code 1 git hop restore --take-over="$dev" 2>err &&
	test_grep "error: .$dev. is a production database of project" err &&
	test_expect_code 1 git hop restore 1.0.0 &&
	pg_query "$dev" "table rows" &&
	pg_query "$dev" "update hop.project set role = \$\$development\$\$" &&
	git hop restore
'

test_expect_success 'so is that of another project' '
	id=$(pg_query "$dev" "select id from hop.project") &&
	pg_query "$dev" "update hop.project set id = repeat(\$\$0\$\$, 32), name = \$\$other\$\$" &&
	test_expect_code 1 git hop restore --take-over="$dev" 2>err &&
	test_grep "belongs to another project, .other." err &&
	pg_query "$dev" "table item" &&
	pg_query "$dev" "update hop.project set id = \$\$$id\$\$"
'

test_expect_success 'so is one with a schema hop that is not ours' '
	strange=$(pg_name strange) &&
	pg_create_db "$strange" &&
	pg_query "$strange" "create schema hop; create table hop.beer (name text)" &&
	test_expect_code 1 git hop restore --database="$(pg_conninfo "$strange")" &&
	pg_query "$strange" "table hop.beer"
'

test_expect_success 'in a production clone it is refused' '
	git config hop.production true &&
	test_when_finished "git config --unset hop.production" &&
	test_expect_code 1 git hop restore 2>err &&
	test_grep "production clone" err
'

test_expect_success 'outside of a project it says so' '
	test_expect_code 128 git -C "$TRASH" hop restore 2>err &&
	test_grep "not .*git repository" err
'

test_expect_success 'a role without rights to replace leaves the database alone' '
	low=$(pg_name low) &&
	pg_create_role "$low" createdb &&
	conninfo="$(pg_conninfo "$dev" "$low")" &&
	test_must_fail git hop restore --database="$conninfo" 2>err &&
	is_at "$dev" 1.0.0 &&
	only_templates
'

test_done
