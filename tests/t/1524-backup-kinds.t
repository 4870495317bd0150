#!/bin/bash
# Backups that are verified by restoring them, that are copies of the database, and that a command
# makes.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

own=hop_${PROJECT_ID:0:8}

# backups: the names of those there are, finished or not.
backups() {
	ls "$dir"
}

# scratches: databases in which backups are tried.
scratches() {
	pg_query postgres "select datname from pg_database where starts_with(datname, '${own}_v_')"
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

# copies: the databases that are snapshots.
copies() {
	pg_query postgres "select datname from pg_database
		where starts_with(datname, '${own}_s_') order by 1"
}

# a_session: one that stays in the database; its process is $session.
a_session() {
	rm -f gate && mkfifo gate && { pg_psql "$db" <gate >/dev/null 2>&1 & } && session=$! &&
		exec 8>gate && echo "select 1;" >&8 &&
		until [ "$(pg_query postgres "select count(*) from pg_stat_activity
			where datname = \$\$$db\$\$ and backend_type ~ \$\$^client\$\$")" = 1 ]
		do sleep 0.02; done
}

no_session() {
	exec 8>&- && { wait "$session" || :; }
}

test_expect_success 'hop.backup = snapshot: a copy that nobody can connect to' '
	git -C shop config hop.backup snapshot && git -C shop config --unset hop.backupVerify &&
	git -C shop config hop.backupDir "$TRASH/snapshots" && dir=$TRASH/snapshots &&
	prod_db snap && git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	prod_state >at_1 && git -C shop hop upgrade --yes 2>err && test_grep "^backup in" err &&
	copies >list && test_line_count = 1 list && copy=$(cat list) &&
	test_expect_code 2 pg_query "$copy" "select 1" 2>err && test_grep "not.* accept" err &&
	pg_query postgres "select shobj_description(oid, \$\$pg_database\$\$) from pg_database
		where datname = \$\$$copy\$\$" >comment &&
	test_grep "git hop backup of project" comment
'

test_expect_success 'list shows it, verify looks for it, with and without a restore' '
	git -C shop hop backup list --porcelain >out && test_line_count = 2 out &&
	test_grep "	snapshot\$" out && git -C shop hop backup list >out &&
	test_grep "snapshot of database $db at 0.1.0" out &&
	git -C shop hop backup verify >out && test_grep "good, its copy is there" out &&
	git -C shop -c hop.backupVerify=restore hop backup verify >out &&
	test_grep "good, restored" out && scratches >out && test_must_be_empty out
'

test_expect_success 'rollback restores it, twice, and upgrade goes on' '
	git -C shop hop rollback --yes 2>err && test_grep "swapped in" err &&
	prod_state | test_cmp at_1 - && git -C shop hop upgrade --yes &&
	git -C shop hop rollback --yes --to-release 0.1.0 && prod_state | test_cmp at_1 - &&
	git -C shop hop rollback --drop --yes && copies | grep "$copy"
'

test_expect_success 'none is made twice of one state, and the oldest goes with its copy' '
	git -C shop config hop.backupKeep 1 && git -C shop hop backup create >path1 &&
	copies >list && test_line_count = 1 list && ! grep "$copy" list &&
	pg_query $db "create table late ()" && git -C shop hop backup create >path2 &&
	! test_cmp path1 path2 && copies >list2 && test_line_count = 1 list2 &&
	! test_cmp list list2 && git -C shop config --unset hop.backupKeep && ls snapshots >names &&
	test_line_count = 1 names
'

test_expect_success 'other sessions: refused, or ended' '
	pg_query $db "create table other ()" && a_session &&
	test_expect_code 1 git -C shop hop upgrade --yes 2>err &&
	test_grep "cannot be copied while other sessions are connected" err &&
	test_grep "^hint: connected: process [0-9]* of role postgres" err &&
	test_grep "[-]-disconnect" err && copies | test_cmp list2 - && ls snapshots >names &&
	test_line_count = 1 names &&
	git -C shop hop backup create --disconnect >path && no_session && copies >list &&
	test_line_count = 2 list &&
	test_expect_code 129 git -C shop -c hop.backup=dump hop backup create --disconnect &&
	test_expect_code 129 git -C shop hop upgrade --yes --disconnect --no-backup
'

test_expect_success 'sessions that keep connecting wait until it is copied' '
	pg_query $db "create table later ()" && mkdir pool && pool= && for n in 1 2 3; do
		while [ -d pool ]; do pg_query $db "select pg_sleep(9)"; done >/dev/null 2>&1 &
		pool="$pool $!"
	done && git -C shop hop backup create --disconnect >path
	status=$? && rmdir pool && pg_query postgres "select pg_terminate_backend(pid)
		from pg_stat_activity where datname = \$\$$db\$\$" >/dev/null &&
	{ wait $pool || :; } && [ $status = 0 ] && copies >list && test_line_count = 3 list
'

test_expect_success 'a copy that was dropped, or opened, is none' '
	last=$(git -C shop hop backup list --porcelain | sed -n 2p | cut -f 2) &&
	copy=$(sed -n "s/^copy //p" "snapshots/$last/hop.backup") &&
	pg_query postgres "alter database $copy allow_connections true" &&
	test_expect_code 1 git -C shop hop backup verify 2>err &&
	test_grep "takes connections" err &&
	pg_query postgres "drop database $copy" &&
	test_expect_code 1 git -C shop hop backup verify 2>err && test_grep "is lost" err &&
	prod_state >before &&
	test_expect_code 128 git -C shop hop rollback --yes --backup="$last" 2>err &&
	test_grep "is lost" err && prod_state | test_cmp before -
'

test_expect_success 'killed while it is copied: no backup, and the next one removes the copy' '
	copies >list && for point in backup.copied backup.dumped upgrade.backup; do
		HOP_FAIL=$point:1:kill test_expect_code 137 git-hop -C shop upgrade --yes &&
		copies >list2 && test_line_count = 3 list2 && ls snapshots | grep part || break
	done && [ $point = upgrade.backup ] && prod_state | test_cmp before - &&
	git -C shop hop upgrade --yes && ! ls snapshots | grep part && copies >list2 &&
	test_line_count = 3 list2 && git -C shop hop backup verify
'

test_expect_success 'no room for a copy' '
	place=$(pg_query $db "select current_setting(\$\$data_directory\$\$) ||
		\$\$/base/\$\$ || oid
		from pg_database where datname = current_database()") &&
	for i in 1 2 3 4; do truncate -s 15T "$place/999999999.$i" || break; done &&
	copies >list && status=0 && { git -C shop hop backup create 2>err || status=$?; } &&
	rm "$place"/999999999.* && [ $status = 128 ] &&
	test_grep "not enough space for a backup in .$(dirname "$(dirname "$place")")" err &&
	copies | test_cmp list -
'

test_expect_success 'hop.backup = command: what it gets, and what it leaves, is a backup' '
	git -C shop config hop.backupDir "$TRASH/commands" && dir=$TRASH/commands &&
	prod_db command && git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	git -C shop config hop.backup "command: \"$HOP_TEST_PGBIN/psql\" -XqAtc \"table one\" \
		>\"\$HOP_BACKUP/rows\" && mkdir \"\$HOP_BACKUP/more\" &&
		pwd >\"\$HOP_BACKUP/more/pwd\" &&
		echo \"\$HOP_PROJECT \$HOP_RELEASE \$PGDATABASE\" >\"\$HOP_BACKUP/what\"; \
		echo noise; echo \"\$GIT_DIR\"" &&
	git -C shop hop upgrade --yes 2>err && ! grep noise err &&
	test_line_count = 100 commands/*/rows &&
	echo "shop 0.1.0 $db" | test_cmp - commands/*/what && (cd shop && pwd) >expect &&
	test_cmp expect commands/*/more/pwd && git -C shop hop backup verify >out &&
	test_grep "good, its files are as they were written" out &&
	git -C shop hop backup list >out && test_grep "command of database $db at 0.1.0" out &&
	[ -z "$(find commands/ -perm /077)" ]
'

test_expect_success 'rollback says who can restore it' '
	prod_state >before && test_expect_code 1 git -C shop hop rollback --yes 2>err &&
	test_grep "was made by a command, and cannot be restored by git hop" err &&
	test_grep "psql.*table one" err && test_grep "back at 0.1.0, git hop upgrade goes on" err &&
	prod_state | test_cmp before - && echo >>"$(echo commands/*/more/pwd)" &&
	test_expect_code 1 git -C shop hop backup verify 2>err && test_grep "is damaged" err
'

# command_fails MESSAGE COMMAND [OPTION...]: no upgrade, nothing left.
command_fails() {
	git -C shop config hop.backup "command:$2" && prod_state >before && backups >listed &&
		test_expect_code 128 git -C shop "${@:3}" hop upgrade --yes 2>err &&
		test_grep "cannot upgrade without a backup: .*$1" err &&
		test_grep "nothing was changed in the database" err &&
		prod_state | test_cmp before - && backups | test_cmp listed -
}

test_expect_success 'a command that fails, is killed, hangs or does not exist: no upgrade' '
	prod_file shop 3-three 01.sql "create table three ();" && prod_release shop 0.3.0 3-three &&
	command_fails "failed with status 7" "echo half >\$HOP_BACKUP/a; echo oh no >&2; exit 7" &&
	test_grep "oh no" err && command_fails "killed by signal 9" "kill -9 \$\$" &&
	command_fails "did not end within 1 s" "sleep 60 & sleep 60" -c hop.backupTimeout=1 &&
	test_grep "hop.backupTimeout" err &&
	command_fails "failed with status 127" "/no/such/thing" &&
	git -C shop config hop.backup "command: " &&
	test_expect_code 129 git -C shop hop upgrade --yes &&
	git -C shop config hop.backup tape &&
	test_expect_code 129 git -C shop hop upgrade --yes 2>err &&
	test_grep "hop.backup is .tape., not" err && git -C shop config hop.backup "command:true" &&
	test_expect_code 1 git -C shop -c hop.backupVerify=restore hop upgrade --yes 2>err &&
	test_grep "cannot be restored by git hop" err
'

test_done
