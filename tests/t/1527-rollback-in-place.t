#!/bin/bash
# git hop rollback by a role that cannot create a database: in the database itself, all or nothing.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# no_restore: ends the slow pg_restore, if it runs.
no_restore() {
	[ ! -s begun ] || kill "$(cat begun)" 2>/dev/null || :
}

# low_db WORD: a new database $db that the role $low owns, which may do nothing else.
low_db() {
	db=$(pg_name "$1") && pg_create_db "$db" "$low" &&
		HOP_DATABASE=$(pg_conninfo "$db" "$low") && export HOP_DATABASE
}

# everything: rows, large objects and objects; a restored row of the record has another number.
everything() {
	prod_state | sed "s/ [0-9]*, '0.1.0'/ N, '0.1.0'/"
}

unchanged() {
	everything | test_cmp before -
}

# back_at_2: the database is at 0.2.0 again, and that is in the file before.
back_at_2() {
	git -C shop hop upgrade --yes && everything >before
}

to_1() {
	git -C shop hop rollback --yes --to-release 0.1.0 "$@"
}

test_expect_success 'a database at the second of two releases, of a role that owns it only' '
	low=$(pg_name low) && pg_create_role $low && low_db shop &&
	prod_project shop && git -C shop config hop.lockTimeout 1 &&
	prod_file shop 1-one 01.sql "create schema s; create type s.mood as enum (\$\$a\$\$);
		create table s.one as select i, \$\$COMMIT;\$\$ as t from generate_series(1, 100) i;
		create table two (id serial primary key, m s.mood);
		create view v as select * from s.one; grant select on v to public;
		create function f() returns int language sql as \$\$select 1\$\$;
		select lo_from_bytea(7, \$\$seven\$\$);" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "drop view v; drop table s.one; create table late ();
		alter type s.mood add value \$\$b\$\$; select lo_put(7, 0, \$\$eight\$\$);
		create schema later; create table later.t ();" &&
	prod_release shop 0.2.0 2-two &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0 && everything >past &&
	back_at_2
'

test_expect_success 'it says that it works in place, and asks' '
	test_expect_code 1 git -C shop hop rollback >out 2>err &&
	test_grep "^  role .$low. cannot create databases, so it is restored in place: " out &&
	test_grep "^  what the database has now is backed up first" out && unchanged
'

test_expect_success 'it goes back, and forth again with what was written since' '
	pg_query $db "insert into two default values" && everything >before &&
	git -C shop hop rollback --yes 2>err && everything | test_cmp past - &&
	kept=$(sed -n "s/^what it had before is in the backup //p" err) &&
	[ "$(pg_query $db "select count(*) from pg_stats where tablename = \$\$one\$\$")" = 2 ] &&
	git -C shop hop rollback --yes --backup="$kept" && unchanged &&
	git -C shop hop rollback --yes --to-release 0.1.0 && everything | test_cmp past -
'

test_expect_success 'after it, upgrade works without any flag' '
	back_at_2 && prod_versions >out && echo 0.0.0 0.1.0 0.2.0 | test_cmp - out
'

for point in rollback.locked rollback.emptied rollback.loaded; do
	test_expect_success "killed at $point: nothing is changed, the next one works" '
		HOP_FAIL=$point:1:kill test_expect_code 137 git-hop -C shop rollback --yes &&
		unchanged && to_1 && everything | test_cmp past - && back_at_2
	'
done

test_expect_success 'killed after the commit: it was done' '
	HOP_FAIL=rollback.restored:1:kill test_expect_code 137 git-hop -C shop rollback --yes &&
	everything | test_cmp past - && back_at_2
'

test_expect_success 'the newest backup only is kept: that is not removed before it is restored' '
	git -C shop config hop.backupKeep 1 && git -C shop hop rollback --yes &&
	everything | test_cmp past - && git -C shop config --unset hop.backupKeep && back_at_2
'

# A pg_restore that stays where it is when it has written half; its process is in the file begun.
slow_restore() {
	rm -rf fake begun && mkdir fake && for program in pg_dump psql; do
		cp "$HOP_TEST_PGBIN/$program" fake/ || return
	done &&
	cat >fake/pg_restore <<-EOT && chmod +x fake/pg_restore
	#!/bin/sh
	case "\$*" in
	*--file=-*) "$HOP_TEST_PGBIN/pg_restore" "\$@" | head -n 100
		echo \$\$ >"$TRASH/begun.new" && mv "$TRASH/begun.new" "$TRASH/begun"
		exec sleep 300 ;;
	esac
	exec "$HOP_TEST_PGBIN/pg_restore" "\$@"
	EOT
}

for whom in alone "with its group"; do
	test_expect_success "killed $whom while pg_restore runs: nothing is changed" '
		slow_restore && rm -f err1 && test_when_finished no_restore &&
		{ (HOP_PGBIN=$TRASH/fake exec setsid git-hop -C shop rollback --yes 2>err1) & } &&
		pid=$! && within 20 test -s begun &&
		if [ "$whom" = alone ]; then kill -9 $pid; else kill -9 -- -$pid; fi &&
		test_expect_code 137 wait $pid &&
		if [ "$whom" = alone ]; then
			test_expect_code 75 git -C shop hop upgrade --yes &&
			test_expect_code 75 git -C shop hop rollback --yes 2>err &&
			test_grep "statement that an interrupted command has left" err &&
			test_grep "held by process .*$low, git hop rollback" err &&
			no_restore
		fi && within 20 unchanged && within 20 to_1 &&
		everything | test_cmp past - && back_at_2
	'
done

test_expect_success 'SIGTERM while pg_restore runs: nothing is changed' '
	slow_restore && test_when_finished no_restore &&
	{ (HOP_PGBIN=$TRASH/fake exec git-hop -C shop rollback --yes 2>err1) & } &&
	pid=$! && within 20 test -s begun && kill $pid && test_expect_code 143 wait $pid &&
	test_grep "nothing was changed in the database" err1 && unchanged
'

test_expect_success 'its session is ended, or its psql killed: nothing is changed' '
	test_when_finished no_restore && for what in session psql; do
		slow_restore && { (HOP_PGBIN=$TRASH/fake exec git-hop -C shop rollback --yes \
			2>err1) & } && pid=$! && within 20 test -s begun &&
		if [ $what = session ]; then
			pg_query $db "select pg_terminate_backend(pid) from pg_stat_activity
				where datname = \$\$$db\$\$ and state ~ \$\$in trans\$\$" >/dev/null
		else
			kill -9 "$(pgrep -P $pid -x psql)"
		fi && no_restore && test_expect_code 128 wait $pid &&
		test_grep "nothing was changed in the database" err1 && unchanged || return
	done
'

test_expect_success 'a session that it cannot end is named, and nothing is changed' '
	rm -f gate && mkfifo gate && { pg_psql "$db" <gate >/dev/null 2>&1 & } && other=$! &&
	test_when_finished "exec 8>&-" && exec 8>gate &&
	echo "begin; lock table two in share mode;" >&8 &&
	until_true $db "select exists (select from pg_locks where relation = \$\$two\$\$::regclass
		and mode = \$\$ShareLock\$\$)" &&
	git -C shop config hop.lockTimeout 3 && test_expect_code 75 to_1 2>err &&
	git -C shop config hop.lockTimeout 1 && test_grep "lock timeout" err &&
	grep "waiting for a lock of process .*role postgres, psql" err >said &&
	test_line_count = 1 said &&
	test_grep "nothing was changed in the database" err && exec 8>&- && wait $other && unchanged
'

test_expect_success 'the disk is full for the backup: nothing is changed, nothing is left' '
	pg_query $db "create table big as select md5(i::text) from generate_series(1, 9000) i;
		alter table big owner to $low" && everything >before &&
	ls shop/.hop/backups >listed &&
	(ulimit -f 100 && trap "" XFSZ && test_expect_code 128 git-hop -C shop rollback --yes \
		--to-release 0.1.0 2>err) && test_grep "cannot back up what database" err &&
	test_grep "nothing was changed in the database" err && unchanged &&
	ls shop/.hop/backups | test_cmp listed - && pg_query $db "drop table big" &&
	everything >before
'

test_expect_success 'a backup that restores to something else: nothing is changed' '
	facts=$(ls -t shop/.hop/backups/*-0.1.0-*/hop.backup | head -n 1) && cp "$facts" facts &&
	sed -i "s/^count table .*/count table 77/" "$facts" &&
	test_expect_code 128 git -C shop hop rollback --yes \
		--backup="$(basename "$(dirname "$facts")")" 2>err &&
	test_grep "is not what was backed up" err &&
	test_grep "nothing was changed in the database" err && unchanged && cp facts "$facts"
'

test_expect_success 'what another role owns in it cannot be restored by this one' '
	pg_query $db "create table theirs ()" && everything >before &&
	test_expect_code 1 to_1 2>err && test_grep "other roles own objects in it" err &&
	test_grep "public.theirs, of the role .postgres." err && test_grep "CREATEDB" err &&
	unchanged && pg_query $db "drop table theirs"
'

test_expect_success 'without large objects, and without schema public' '
	pg_query $db "select lo_unlink(7); drop schema public cascade" >/dev/null &&
	everything >past && git -C shop hop backup create >path &&
	pg_query $db "create schema public authorization $low; create table public.x ();
		alter table public.x owner to $low" && everything >before &&
	git -C shop hop rollback --yes --backup="$(cat path)" 2>err &&
	everything | test_cmp past - &&
	test_expect_code 1 to_1 2>err && test_grep "has no schema public" err
'

test_done
