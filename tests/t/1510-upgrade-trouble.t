#!/bin/bash
# git hop upgrade when something is wrong: what is refused, what is rolled back, what is said.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

test_expect_success 'a project whose third release fails' '
	prod_project shop &&
	prod_file shop 1-one 01.sql "create table one (id int primary key);" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "create table two (id int);" &&
	prod_release shop 0.2.0 2-two &&
	prod_file shop 3-three 01_good.sql "create table three (id int);" &&
	prod_file shop 3-three 02_bad.sql <<-EOT &&
	-- a comment
	insert into three
	values (1);

	insert into three  values (2),  (nothing);
	EOT
	prod_file shop 4-four 01.sql "create table four (id int);" &&
	prod_release shop 0.3.0 3-three 4-four
'

test_expect_success 'a file that fails: where, why, what was rolled back, where the backup is' '
	prod_db one &&
	test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "^fatal: Patches/3-three/02_bad.sql:5:34: column .nothing. does not" err &&
	test_grep "42703" err &&
	test_grep "release 0.3.0 was rolled back" err &&
	test_grep "^hint: .*Releases that a database refuses.* git-hop-upgrade(1)" err &&
	test_grep "database .$db. is at 0.2.0" err &&
	test_grep "backup is in .*/.hop/backups/shop-$db-[0-9a-f]*-none-" err &&
	echo "0.0.0 0.1.0 0.2.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions &&
	pg_query $db "select to_regclass('\''three'\'') is null" >out &&
	echo t >expect &&
	test_cmp expect out
'

test_expect_success 'the same again, and nothing changes' '
	prod_state >before &&
	test_expect_code 128 git -C shop hop upgrade --yes --no-backup 2>err &&
	! grep "backup is in" err &&
	prod_state >after &&
	test_cmp before after
'

test_expect_success '--atomic: all or nothing' '
	prod_db atomic &&
	prod_state >before &&
	test_expect_code 128 git -C shop hop upgrade --yes --atomic --no-backup 2>err &&
	test_grep "all releases were rolled back" err &&
	test_grep "database .$db. has no version" err &&
	prod_state >after &&
	test_cmp before after &&
	git -C shop hop upgrade --yes --atomic --to-release 0.2.0 &&
	echo "0.0.0 0.1.0 0.2.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions
'

test_expect_success 'a COMMIT in a file is found before it does harm' '
	prod_project sneaky &&
	prod_file sneaky 1-sneak 01.sql "create table a (); commit; create table b ();" &&
	prod_release sneaky 0.1.0 1-sneak &&
	prod_db sneaky &&
	test_expect_code 1 git -C sneaky hop upgrade --yes --no-backup 2>err &&
	test_grep "^error: release 0.1.0 cannot be applied: Patches/1-sneak/01.sql:1:20: " err &&
	test_grep "transaction control" err &&
	pg_query $db "select to_regclass('\''a'\'') is null, to_regclass('\''b'\'') is null" >out &&
	echo "t|t" >expect &&
	test_cmp expect out
'

test_expect_success 'constraints made immediate, a role and a search_path of a file do no harm' '
	prod_project odd &&
	prod_file odd 1-odd 01.sql <<-EOT &&
	create schema other;
	set search_path = other;
	set constraints all immediate;
	set lock_timeout = 1;
	create table odd (id int);
	EOT
	prod_file odd 1-odd 02.sql "create table plain (id int); select * from other.odd;" &&
	prod_release odd 0.1.0 1-odd &&
	prod_db odd &&
	git -C odd hop upgrade --yes --no-backup &&
	pg_query $db "select 1 from public.plain" &&
	prod_versions
'

test_expect_success 'a patch of a hotfix that is also in the release is skipped' '
	prod_project fix &&
	prod_file fix 1-one 01.sql "create table one (id int);" &&
	prod_release fix 0.1.0 1-one &&
	prod_file fix 2-fix 01.sql "alter table one add fixed int;" &&
	prod_release fix 0.1.0-hotfix1 2-fix &&
	prod_file fix 3-three 01.sql "create table three (id int);" &&
	prod_release fix 0.2.0 2-fix 3-three &&
	prod_db fix &&
	git -C fix hop upgrade --yes --no-backup --to-release 0.1.0-hotfix1 &&
	git -C fix hop update >out &&
	test_grep "2-fix (already applied, will be skipped)" out &&
	git -C fix hop upgrade --yes --no-backup 2>err &&
	test_grep "patch 2-fix has already been applied, skipped" err &&
	echo "0.0.0 0.1.0 0.1.0-hotfix1 0.2.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions
'

test_expect_success 'a patch that was applied with other content is refused' '
	prod_file fix 1-one 02.sql "drop table one;" &&
	prod_release fix 0.3.0 1-one &&
	prod_state >before &&
	test_expect_code 1 git -C fix hop upgrade --yes 2>err &&
	test_grep "1-one was changed since v0.1.0 was promoted" err &&
	prod_state >after &&
	test_cmp before after &&
	test_path_is_missing fix/.hop/backups
'

test_expect_success 'how files run that are not part of a transaction is said' '
	prod_project kinds &&
	prod_file kinds 1-kind 01.py "print(1)" &&
	prod_file kinds 1-kind 01.psql "select 1" &&
	prod_file kinds 1-kind 02.sql "-- @HOP:no-transaction
vacuum;" &&
	prod_release kinds 0.1.0 1-kind &&
	prod_db kinds &&
	git -C kinds hop update >out &&
	test_grep "01.py (python3)" out &&
	test_grep "01.psql (psql)" out &&
	test_grep "02.sql (1 statement, outside a transaction)" out
'

test_expect_success 'a symbolic link is not followed' '
	prod_project links &&
	mkdir -p links/Patches/1-link &&
	ln -s /etc/passwd links/Patches/1-link/01.sql &&
	prod_release links 0.1.0 1-link &&
	prod_db links &&
	test_expect_code 1 git -C links hop upgrade --yes 2>err &&
	test_grep "a symbolic link" err
'

test_expect_success 'a tag that is missing, or lacks a patch' '
	prod_db tags &&
	git clone -q shop.git untagged &&
	git -C untagged tag -d v0.2.0 &&
	test_expect_code 128 git -C untagged hop upgrade --yes --no-fetch 2>err &&
	test_grep "release 0.2.0 has no tag .v0.2.0" err &&
	test_grep "git fetch origin tag v0.2.0" err &&
	git -C untagged hop upgrade --yes --to-release 0.1.0 --no-backup --no-fetch &&
	git -C untagged tag v0.2.0 v0.1.0^{commit} &&
	test_expect_code 1 git -C untagged hop upgrade --yes --no-fetch 2>err &&
	test_grep "the tag .v0.2.0. does not count: its commit has no .*/0.2.0.txt" err &&
	git -C untagged switch -q -c aside v0.1.0 && echo 2-two >untagged/.hop/releases/0.2.0.txt &&
	git -C untagged add . && git -C untagged commit -q -m "Aside" &&
	git -C untagged tag -f v0.2.0 &&
	test_expect_code 1 git -C untagged hop upgrade --yes --no-fetch 2>err &&
	test_grep "the tag .v0.2.0. does not count: no promotion made it on .ho-prod" err &&
	test_grep "git fetch origin tag v0.2.0" err &&
	echo "0.0.0 0.1.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions &&
	prod_release shop 0.4.0 9-nine &&
	test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "release 0.4.0 lists patch .9-nine., but has no Patches/9-nine" err
'

test_expect_success 'ho-prod changed or moved back, a tag of no commit: said in production' '
	prod_project back &&
	prod_file back 1-one 01.sql "create table one (id int);" && prod_release back 0.1.0 1-one &&
	prod_file back 2-two 01.sql "create table two (id int);" && prod_release back 0.2.0 2-two &&
	git clone -q --bare back.git back.prod && prod_db back &&
	git -C back.prod config hop.production true &&
	git -C back.prod hop upgrade --yes --no-backup -v >out &&
	test_grep "is empty, 2 releases to apply up to 0.2.0" out &&
	test_grep "^    Patches/2-two/01.sql (1 statement)" out &&
	prod_file back 1-one 02.sql "select 1;" && git -C back add . &&
	git -C back commit -q -m Change && git -C back push -q &&
	test_expect_code 1 git -C back.prod hop upgrade --yes 2>err &&
	test_grep "^error: patch 1-one was changed since v0.1.0 was promoted" err &&
	test_grep "^hint: .*git hop check in a development clone" err && ! grep "git commit" err &&
	test_expect_code 1 git -C back hop check >out &&
	sed -n "s/^  \(git .*\)/\1/p" out >commands && (cd back && . ../commands) &&
	git -C back.prod hop upgrade --yes &&
	git -C back push -qf --no-verify origin v0.1.0^{commit}:ho-prod &&
	for command in update "upgrade --yes"; do
		test_expect_code 1 git -C back.prod hop $command 2>err &&
		test_grep "is at 0.2.0: the tag .v0.2.0. is ahead of .ho-prod." err || return
	done &&
	git -C back fetch -q && test_expect_code 1 git -C back hop release create minor 2>err &&
	test_grep "the tag .v0.2.0. is ahead of .ho-prod." err &&
	test_expect_code 1 git -C back hop check >out && test_grep "^release-tag: v0.2.0" out &&
	(cd back && eval "$(sed -n "s/^hint: if so, .*: \(git push.*\)/\1/p" ../err)") &&
	git -C back.prod hop upgrade --yes &&
	git -C back push -qf --no-verify origin v0.1.0^{tree}:refs/tags/v0.1.0 &&
	git -C back.prod fetch -qf origin tag v0.1.0 && prod_db tree &&
	test_expect_code 1 git -C back.prod hop upgrade --yes 2>err &&
	test_grep "the tag .v0.1.0. does not count: it names no commit" err
'

test_expect_success 'databases that are not for it' '
	prod_db dev &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 &&
	pg_query $db "update hop.project set role = '\''development'\''" &&
	prod_state >before &&
	test_expect_code 1 git -C shop hop upgrade --yes 2>err &&
	test_grep "is a development database" err &&
	test_expect_code 1 git -C shop hop update 2>err &&
	prod_state >after &&
	test_cmp before after &&
	pg_query $db "update hop.project set role = '\''production'\''" &&
	pg_query $db "update hop.project set id = repeat('\''a'\'', 32), name = '\''other'\''" &&
	test_expect_code 1 git -C shop hop upgrade --yes 2>err &&
	test_grep "belongs to another project, .other" err &&
	prod_db full &&
	pg_query $db "create table mine (id int)" &&
	prod_state >before &&
	test_expect_code 1 git -C shop hop upgrade --yes 2>err &&
	test_grep "has objects" err &&
	test_grep "clone --production" err &&
	prod_state >after &&
	test_cmp before after
'

test_expect_success 'hostile names of databases and hostile addresses' '
	test_expect_code 128 git -C shop hop upgrade --yes \
		--database="$(pg_conninfo no-such-database)" 2>err &&
	test_grep "no-such-database" err &&
	test_expect_code 129 git -C shop hop upgrade --yes \
		--database="password=geheim dbname" 2>err &&
	! grep geheim err
'

test_expect_success 'a table that the application holds: refused after a while, rolled back, 75' '
	prod_project wait &&
	prod_file wait 1-one 01.sql "create table one (id int);" &&
	prod_release wait 0.1.0 1-one &&
	prod_file wait 2-two 01.sql "alter table one add two int;" &&
	prod_release wait 0.2.0 2-two &&
	prod_db wait &&
	git -C wait hop upgrade --yes --no-backup --to-release 0.1.0 &&
	git -C wait config hop.ddlLockTimeout 1 &&
	git -C wait config hop.retries 0 &&
	{ pg_psql $db -c "begin; lock table one in access share mode; select pg_sleep(60)" & } &&
	holder=$! &&
	test_when_finished "kill $holder; wait $holder || :" &&
	until_true $db "select exists (select from pg_locks
		where relation = '\''one'\''::regclass)" &&
	test_expect_code 75 git -C wait hop upgrade --yes --no-backup 2>err &&
	test_grep "55P03" err &&
	test_grep "release 0.2.0 was rolled back" err &&
	test_grep "try again when the lock is released" err
'

test_expect_success 'a role that may do little' '
	role=$(pg_name role) &&
	pg_create_role "$role" &&
	prod_db owned &&
	pg_query postgres "alter database \"$db\" owner to \"$role\"" &&
	if [ "$(pg_query postgres "show server_version_num")" -ge 150000 ]; then
		pg_query $db "grant all on schema public to \"$role\""
	fi &&
	git -C shop hop upgrade --yes --to-release 0.2.0 --database="$(pg_conninfo $db $role)" &&
	prod_versions &&
	prod_db foreign &&
	test_expect_code 128 git -C shop hop upgrade --yes --to-release 0.2.0 --no-backup \
		--database="$(pg_conninfo $db $role)" 2>err &&
	test_grep "GRANT CREATE ON DATABASE" err &&
	test_grep "has no version" err &&
	pg_query postgres "drop database \"$(pg_name owned)\"" &&
	pg_query postgres "drop role \"$role\""
'

test_expect_success 'SIGINT stops a statement, rolls the release back and says so' '
	prod_project slow &&
	prod_file slow 1-one 01.sql "create table one (id int);" &&
	prod_release slow 0.1.0 1-one &&
	prod_file slow 2-slow 01.sql "create table slow (id int); select pg_sleep(60);" &&
	prod_release slow 0.2.0 2-slow &&
	prod_db slow &&
	{ (trap - INT; exec git-hop -C slow upgrade --yes --no-backup 2>err) & } &&
	pid=$! &&
	until_true $db "select exists (select from pg_stat_activity where pid <> pg_backend_pid()
		and datname = current_database() and query like '\''%pg_sleep(60)%'\'')" &&
	kill -INT $pid &&
	test_expect_code 130 wait $pid &&
	test_grep "stopped by signal" err &&
	test_grep "release 0.2.0 was rolled back" err &&
	test_grep "is at 0.1.0" err &&
	pg_query $db "select to_regclass('\''slow'\'') is null" >out &&
	echo t >expect &&
	test_cmp expect out
'

test_done
