#!/bin/bash
# Databases under the names of hop's templates that hop did not make.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# The newest template of the project, and spare copies of it.
templates() {
	pg_query postgres "select datname from pg_database where datname ~ '^hop_${id}_t_'"
}
spares() {
	pg_query postgres "select datname from pg_database where datname ~ '^hop_${id}_p_'"
}
comment() {
	pg_query postgres "select shobj_description(oid, 'pg_database') from pg_database
		where datname = '$1'"
}
# Spares are made in the background.
wait_for_spare() {
	for _ in $(seq 100); do
		[ -z "$(spares)" ] || return 0
		sleep 0.1
	done
}
drop() {
	while read -r name; do
		pg_query postgres "drop database \"$name\" with (force)" || return
	done
}
planted() {
	pg_query "$(pg_name a)" "select count(*) from pg_class where relname = 'planted'"
}

test_expect_success 'a project, its templates, and another role' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-users "create table users (i int);" && git hop patch apply &&
	id=$(git config --file .hop/config hop.id) && id=${id:0:8} &&
	test -n "$(templates)" && wait_for_spare &&
	pg_create_role "$(pg_name evil)" createdb
'
cd "$TRASH/a" || exit 99

test_expect_success 'of another role, with the comment of a template: not copied' '
	templates >../names && while read -r name; do
		said=$(comment "$name") && echo "$name" | drop &&
		pg_create_db "$name" "$(pg_name evil)" &&
		pg_query "$name" "create table planted (i int)" &&
		pg_query postgres "comment on database \"$name\" is \$\$$said\$\$" || return
	done <../names && spares | drop && git hop patch apply && [ "$(planted)" = 0 ]
'

test_expect_success 'a spare copy of another role: not taken' '
	templates | drop && git hop patch apply && wait_for_spare && spares >../names &&
	test -s ../names && while read -r name; do
		echo "$name" | drop && pg_create_db "$name" "$(pg_name evil)" &&
		pg_query "$name" "create table planted (i int)" || return
	done <../names && git hop patch apply && [ "$(planted)" = 0 ]
'

test_expect_success 'of this role, but without the comment: not copied' '
	spares | drop && templates >../names && test -s ../names && while read -r name; do
		echo "$name" | drop && pg_create_db "$name" &&
		pg_query "$name" "create table planted (i int)" || return
	done <../names && git hop patch apply && [ "$(planted)" = 0 ]
'

test_done
