#!/bin/bash
# Backups that are verified by restoring them.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# backups: the names of those there are, finished or not.
backups() {
	ls "$dir"
}

# scratches: databases in which backups are tried.
scratches() {
	pg_query postgres "select datname from pg_database where datname like 'hop\_01234567\_v\_%'"
}

test_expect_success 'a project with two releases' '
	low=$(pg_name low) && pg_create_role $low &&
	prod_project shop &&
	prod_file shop 1-one 01.sql "create schema s;
		create type s.mood as enum (\$\$a\$\$, \$\$b\$\$);
		create table one (id int primary key, m s.mood, t text default \$\$x;y\$\$);
		create table parts (i int) partition by range (i);
		create table part1 partition of parts for values from (0) to (9);
		create index on parts (i); create view v as select id from one;
		grant select on one to public; comment on view v is \$\$first
second\$\$; select lo_create(7);
		insert into one select i from generate_series(1, 100) i;" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "create table two ();" && prod_release shop 0.2.0 2-two &&
	prod_db shop && dir=$PWD/shop/.hop/backups &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0
'

test_expect_success 'hop.backupVerify = restore: restored into a scratch database, which is gone' '
	git -C shop config hop.backupVerify restore &&
	git -C shop hop backup create >path && one=$(basename "$(cat path)") &&
	scratches >out && test_must_be_empty out &&
	git -C shop hop backup verify >out && test_grep "^$one: good, restored in" out &&
	git -C shop hop backup verify "$one" >out && test_line_count = 1 out &&
	scratches >out && test_must_be_empty out
'

test_expect_success 'a word that is neither read nor restore' '
	git -C shop config hop.backupVerify yes &&
	test_expect_code 129 git -C shop hop upgrade --yes 2>err &&
	test_grep "hop.backupVerify is .yes., not .read. or .restore." err &&
	test_expect_code 129 git -C shop hop backup verify &&
	git -C shop config hop.backupVerify restore
'

# refused MESSAGE: the upgrade does not start, and says why; nothing is changed or left.
refused() {
	prod_state >before && backups >listed &&
		test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
		test_grep "cannot upgrade without a backup: " err && test_grep "$1" err &&
		test_grep "nothing was changed in the database" err &&
		prod_state | test_cmp before - && backups | test_cmp listed - &&
		scratches >out && test_must_be_empty out
}

test_expect_success 'what can be read but not restored stops the upgrade' '
	pg_query $db "create schema late; set search_path = late;
		create function g(int) returns int language sql immutable as \$\$select \$1\$\$;
		create function f(int) returns int language sql immutable as \$\$select g(\$1)\$\$;
		create table t as select 1 as i; create index on t (f(i))" &&
	refused "function g(integer) does not exist" &&
	pg_query $db "drop schema late cascade"
'

test_expect_success 'a dump that lacks something stops it, too' '
	mkdir fake && for program in pg_restore psql; do
		cp "$HOP_TEST_PGBIN/$program" fake/ || break
	done &&
	for less in --no-comments --no-privileges --exclude-table=v; do
		cat >fake/pg_dump <<-EOT && chmod +x fake/pg_dump &&
		#!/bin/sh
		case "\$*" in
		*--schema-only* | --version) exec "$HOP_TEST_PGBIN/pg_dump" "\$@" ;;
		esac
		exec "$HOP_TEST_PGBIN/pg_dump" "\$@" $less
		EOT
		HOP_PGBIN=$TRASH/fake refused "not those of the backup" || break
	done && [ $less = --exclude-table=v ] &&
	test_grep "^ *not in the backup: VIEW public v postgres" err
'

test_expect_success 'a database without schema public, and one of any name' '
	pg_query $db "drop view v; drop schema s cascade; drop table parts, one;
		drop schema public" &&
	git -C shop hop backup create >path && pg_query $db "create schema public" &&
	git -C shop hop backup verify "$(cat path)" >out && test_grep "good, restored" out &&
	name="$(pg_name "we/ird-; \"x\" = y")" && hostile="${name//\"/\"\"}" &&
	pg_query postgres "create database \"$hostile\" template template0" &&
	HOP_DATABASE="host=$HOP_TEST_PGHOST user=postgres dbname='\''$name'\''" &&
	git -C shop hop upgrade --yes --to-release 0.1.0 && git -C shop hop upgrade --yes &&
	git -C shop hop backup verify >out && test_line_count = 1 out &&
	test_expect_code 1 git -C shop hop backup verify "$one" 2>err &&
	test_grep "$one is not a backup of database" err &&
	git -C shop hop backup verify --database="$(pg_conninfo $db)" "$one"
'

test_expect_success 'killed while it is tried: no backup, and the next removes the scratch' '
	prod_db kill && git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	for point in restore.created restore.restored backup.restored; do
		HOP_FAIL=$point:1:kill test_expect_code 137 git-hop -C shop upgrade --yes &&
		scratches >out && test_line_count = 1 out && backups | grep part || break
	done && [ $point = backup.restored ] &&
	git -C shop hop upgrade --yes && scratches >out && test_must_be_empty out &&
	! backups | grep part
'

test_expect_success 'a superuser does not run the code of another owner unasked' '
	pg_query postgres "alter database $db owner to $low" &&
	for verb in "backup create" "backup verify" rollback; do
		test_expect_code 1 git -C shop hop $verb 2>err &&
		test_grep "belongs to the role .$low." err || break
	done && [ "$verb" = rollback ] && git -C shop config hop.asSuperuser true &&
	git -C shop hop backup verify && git -C shop config --unset hop.asSuperuser
'

test_expect_success 'a role without CREATEDB is told before anything is written' '
	db=$(pg_name low_db) &&
	pg_create_db $db $low && HOP_DATABASE=$(pg_conninfo $db $low) && backups >listed &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.1.0 2>err &&
	test_grep "role .$low. cannot create databases, and hop.backupVerify is .restore." err &&
	backups | test_cmp listed -
'

test_done
