#!/bin/bash
# Backups of git hop upgrade: where they go, how many stay, and what stops an upgrade.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

test_expect_success 'a project with some releases' '
	prod_project shop &&
	for n in 1 2 3 4 5 6 7 8; do
		prod_file shop $n-p 01.sql "create table t$n (id int);" &&
		prod_release shop 0.$n.0 $n-p
	done
'

test_expect_success 'the newest are kept, and what is not a backup of this database stays' '
	prod_db shop &&
	git -C shop config hop.backupDir "back ups" &&
	git -C shop config hop.backupKeep 3 &&
	mkdir -p "shop/back ups/mine" "shop/back ups/other-0.1.0-20200101T000000Z" \
		"shop/back ups/shop-$db-00000000-0.1.0-20200101T000000Z" &&
	git -C shop hop upgrade --yes --to-release 0.1.0 2>err &&
	prefix=$(cd "shop/back ups" && ls -d "shop-$db"-*-none-*) && prefix=${prefix%%-none-*} &&
	mkdir "shop/back ups/$prefix-0.1.0-notes" \
		"shop/back ups/$prefix-0.1.0-20200101T000000Z.txt" \
		"shop/back ups/$prefix-0.0.1-20200101T000000Z" \
		"shop/back ups/$prefix-0.0.1-20200101T000000Z-2.part" &&
	for n in 2 3 4; do
		git -C shop hop upgrade --yes --to-release 0.$n.0 2>err || break
	done &&
	test_grep "0.3.0-20.*" err &&
	ls "shop/back ups" >list &&
	! grep -e -none- -e -0.0.1- list &&
	grep -c -E "^$prefix-0\.[123]\.0-20[0-9]{6}T[0-9]{6}Z(-[0-9]+)?\$" list >count &&
	echo 3 >expect &&
	test_cmp expect count &&
	test_grep "^mine\$" list &&
	test_grep "^other-0.1.0-20200101T000000Z\$" list &&
	test_grep "^$prefix-0.1.0-notes\$" list &&
	test_grep "^shop-$db-00000000-0.1.0-20200101T000000Z\$" list &&
	test_grep "^$prefix-0.1.0-20200101T000000Z.txt\$" list
'

test_expect_success 'names are never used twice' '
	git -C shop config hop.backupKeep 10 &&
	prod_db twice &&
	mkdir -p names &&
	git -C shop config hop.backupDir "$TRASH/names" &&
	git -C shop hop upgrade --yes --to-release 0.1.0 &&
	prefix=$(cd names && ls -d "shop-$db"-*) && prefix=${prefix%%-none-*} &&
	for second in 0 1 2 3 4 5; do
		touch "names/$prefix-0.1.0-$(date -u -d "+$second seconds" +%Y%m%dT%H%M%SZ)" ||
			break
	done &&
	git -C shop hop upgrade --yes --to-release 0.2.0 &&
	ls -d names/$prefix-0.1.0-*Z-2 >list &&
	test_line_count = 1 list &&
	"$HOP_TEST_PGBIN/pg_restore" --list "$(cat list)" >toc &&
	test_grep "TABLE\|dbname" toc
'

test_expect_success 'a database of any name' '
	name="$(pg_name "we/ird-; rm -rf \$HOME \"x")" &&
	"$HOP_TEST_PGBIN/createdb" -h "$HOP_TEST_PGHOST" -U postgres -T template0 -- "$name" &&
	test_when_finished "pg_env; \$HOP_TEST_PGBIN/dropdb -- \"\$name\"" &&
	PGHOST=$HOP_TEST_PGHOST PGUSER=postgres git -C shop hop upgrade --yes --to-release 0.1.0 \
		--database="dbname='\''$name'\''" 2>err &&
	ls names >list &&
	test_grep "we%2Fird-%3B%20rm%20-rf%20%24HOME%20%22x-[0-9a-f]*-none-20[0-9]*T[0-9]*Z\$" list
'

# grow DATABASE: it takes 60 TB, in files with nothing in them.
grow() {
	local i
	place=$(pg_query "$1" "select current_setting('data_directory') || '/base/' || oid
		from pg_database where datname = current_database()") &&
	for i in 1 2 3 4; do
		truncate -s 15T "$place/999999999.$i" || return
	done
}

test_expect_success 'no room: nothing is changed' '
	prod_db full && grow "$db" && test_when_finished "rm -f \"$place\"/999999999.*" &&
	git -C shop config hop.backupDir "$TRASH/tiny" &&
	prod_state >before &&
	test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "not enough space for a backup in .*tiny.: .*B free, but database .* 6" err &&
	test_grep "hop.backupDir" err &&
	prod_state >after &&
	test_cmp before after &&
	[ -z "$(ls tiny)" ]
'

test_expect_success 'a place that cannot be written to: nothing is changed' '
	echo >file &&
	git -C shop config hop.backupDir "$TRASH/file/sub" &&
	prod_state >before &&
	test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "cannot create directory" err &&
	test_grep "nothing was changed" err &&
	prod_state >after &&
	test_cmp before after
'

# fake_dump: what it reads takes the place of pg_dump, and is never written through a link.
fake_dump() {
	rm -f fake/pg_dump && cat >fake/pg_dump && chmod +x fake/pg_dump
}

test_expect_success 'a dump that fails or lies: nothing is changed, nothing is left' '
	mkdir fake &&
	git -C shop config hop.backupDir "$TRASH/broken" &&
	for program in pg_dump pg_restore; do
		cp "$HOP_TEST_PGBIN/$program" fake/$program || break
	done &&
	HOP_PGBIN=$TRASH/fake git -C shop hop upgrade --yes --to-release 0.1.0 &&
	pg_query $db "create table secret (id int)" &&
	rm fake/pg_dump broken/* -r &&
	fake_dump <<-EOT &&
	#!/bin/sh
	case "\$*" in --version) exec "$HOP_TEST_PGBIN/pg_dump" --version ;; esac
	exec "$HOP_TEST_PGBIN/pg_dump" "\$@" --exclude-table=secret
	EOT
	prod_state >before &&
	HOP_PGBIN=$TRASH/fake test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "without a backup: the backup has the rows of [0-9]* tables, but" err &&
	fake_dump <<-EOT &&
	#!/bin/sh
	case "\$*" in --version) exec "$HOP_TEST_PGBIN/pg_dump" --version ;; esac
	echo >"\${3#--file=}/toc.dat" && echo oh no >&2
	exit 1
	EOT
	HOP_PGBIN=$TRASH/fake test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "cannot upgrade without a backup" err &&
	test_grep "oh no" err &&
	ls broken >list &&
	test_must_be_empty list &&
	prod_state >after &&
	test_cmp before after
'

test_expect_success 'SIGINT during the dump: nothing is changed, nothing is left' '
	fake_dump <<-EOT &&
	#!/bin/sh
	case "\$*" in --version) exec "$HOP_TEST_PGBIN/pg_dump" --version ;; esac
	echo >"\${3#--file=}/toc.dat" && echo here >"$TRASH/begun" && exec sleep 60
	EOT
	{ (trap - INT && HOP_PGBIN=$TRASH/fake exec git-hop -C shop upgrade --yes 2>int) & } &&
	pid=$! &&
	for _ in $(seq 600); do [ ! -s begun ] || break; sleep 0.1; done && [ -s begun ] &&
	kill -INT $pid &&
	test_expect_code 130 wait $pid &&
	test_grep "stopped by signal" int &&
	test_grep "nothing was changed" int &&
	ls broken >list &&
	test_must_be_empty list &&
	prod_state >after &&
	test_cmp before after
'

test_done
