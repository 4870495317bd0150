#!/bin/bash
# git hop backup: list, create and verify, and that no upgrade starts with a backup that is bad.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# copy NAME: the newest backup under another name of the same database; its path goes to $copy.
copy() {
	copy=$dir/${newest%-0.1.0-*}-0.1.0-$1 && rm -rf "$copy" && cp -a "$dir/$newest" "$copy"
}

# bad MESSAGE: the copy cannot be verified, and that is what is said.
bad() {
	test_expect_code 1 git -C shop hop backup verify "$(basename "$copy")" >out 2>err &&
	test_must_be_empty out && test_grep "^error: .*$1" err && rm -r "$copy"
}

test_expect_success 'a project, and a database that has no version yet' '
	prod_project shop &&
	prod_file shop 1-one 01.sql "create table one as select md5(i::text), i
		from generate_series(1, 20000) i; create table two (); select lo_create(7);" &&
	prod_release shop 0.1.0 1-one &&
	prod_file shop 2-two 01.sql "create table three (id int);" &&
	prod_release shop 0.2.0 2-two &&
	prod_db shop && dir=$TRASH/shop/.hop/backups &&
	git -C shop hop backup list >out && test_must_be_empty out &&
	test_expect_code 1 git -C shop hop backup verify 2>err &&
	test_grep "there are no backups in" err &&
	test_expect_code 1 git -C shop hop backup create 2>err &&
	test_grep "has no version recorded by git hop" err && test_path_is_missing "$dir" &&
	git -C shop hop upgrade --yes --no-backup --to-release 0.1.0
'

test_expect_success 'create makes one, and says where' '
	git -C shop hop backup create >path 2>err && test_line_count = 1 path &&
	newest=$(basename "$(cat path)") && [ "$(cat path)" = "$dir/$newest" ] &&
	case $newest in shop-"$db"-????????-0.1.0-20*Z) ;; *) false ;; esac &&
	"$HOP_TEST_PGBIN/pg_restore" -f restored "$(cat path)" && test_grep "public.one" restored
'

test_expect_success 'list shows it, without a server' '
	git -C shop hop backup list --porcelain >out &&
	test_grep "^# git-hop backup list 1\$" out &&
	printf "backup\t%s\t%s\t%s\t0.1.0\n" "$newest" "$dir/$newest" "$db" >expect &&
	sed -n 2p out | cut -f 1-5 | test_cmp expect - &&
	HOP_DATABASE="host=/nowhere" git -C shop hop backup list >text &&
	test_grep "^$newest\$" text && test_grep "database $db at 0.1.0, 20.* kB" text &&
	git -C shop hop backup list --json >json &&
	python3 -c "import json; b = json.load(open(\"json\"))[\"backup\"][0]
assert b[\"version\"] == \"0.1.0\" and b[\"kind\"] == \"dump\" and b[\"bytes\"] > 100000"
'

test_expect_success 'verify reads the newest one, or those that are named' '
	git -C shop hop backup verify >out && test_grep "^$newest: good, read in" out &&
	git -C shop hop backup verify "$newest" "$dir/$newest" >out && test_line_count = 2 out &&
	test_expect_code 1 git -C shop hop backup verify nonesuch 2>err &&
	test_grep "there is no backup .nonesuch." err &&
	mkdir strange && test_expect_code 1 git -C shop hop backup verify "$PWD/strange" 2>err &&
	test_grep "strange. is not a backup of a database of this project" err
'

test_expect_success 'whatever was damaged is found' '
	big=$(basename "$(ls -S "$dir/$newest"/*.dat.gz | head -n 1)") &&
	copy 20200101T000000Z && truncate -s -1 "$copy/$big" && bad "is damaged: [0-9]* bytes" &&
	copy 20200101T000000Z && : >"$copy/$big" && bad "is damaged" &&
	copy 20200101T000000Z && rm "$copy/$big" && bad "is damaged: .* in [0-9]* files" &&
	copy 20200101T000000Z && rm "$copy"/blobs.toc && bad "is damaged" &&
	copy 20200101T000000Z && rm "$copy"/toc.dat && bad "is damaged" &&
	copy 20200101T000000Z && printf XX | dd of="$copy/toc.dat" bs=1 seek=3000 conv=notrunc &&
	bad "table of contents" &&
	copy 20200101T000000Z && printf XX | dd of="$copy/$big" bs=1 seek=100000 conv=notrunc &&
	bad "cannot read the backup .* in full"
'

test_expect_success 'what is unfinished, of another project, or has no facts is no backup' '
	copy 20200101T000000Z && mv "$copy" "$copy.part" &&
	copy 20200102T000000Z && sed -i "s/^project 0/project 1/" "$copy/hop.backup" &&
	copy 20200103T000000Z && rm "$copy/hop.backup" &&
	copy 20200104T000000Z && echo nonsense >"$copy/hop.backup" &&
	copy 20200105T000000Z && rm -r "$copy" && ln -s "$newest" "$copy" &&
	echo >"$dir/file" &&
	git -C shop hop backup list --porcelain >out && test_line_count = 2 out &&
	test_expect_code 1 git -C shop hop backup verify "$(basename "$copy")" &&
	rm -r "$dir"/*-202001* "$dir/file"
'

# A pg_dump whose archive is not what it read.
broken_dump() {
	rm -rf fake && mkdir fake && cp "$HOP_TEST_PGBIN/pg_restore" fake/ &&
	cat >fake/pg_dump <<-EOT && chmod +x fake/pg_dump
	#!/bin/sh
	case "\$*" in --version) exec "$HOP_TEST_PGBIN/pg_dump" --version ;; esac
	"$HOP_TEST_PGBIN/pg_dump" "\$@" && cd "\${3#--file=}" && $1
	EOT
}

test_expect_success 'an upgrade does not start with a backup that cannot be read' '
	prod_state >before && ls "$dir" >listed && pg_query $db "create table four ()" &&
	pg_query $db "drop table four" &&
	broken_dump "truncate -s -1 \$(ls -S *.dat.gz | head -n 1)" &&
	HOP_PGBIN=$TRASH/fake test_expect_code 128 git -C shop hop upgrade --yes 2>err &&
	test_grep "cannot upgrade without a backup: cannot read the backup" err &&
	test_grep "nothing was changed in the database" err &&
	prod_state >after && test_cmp before after && ls "$dir" | test_cmp listed -
'

test_expect_success 'the disk is full: nothing is changed, nothing is left' '
	(ulimit -f 100 && trap "" XFSZ &&
		test_expect_code 128 git-hop -C shop upgrade --yes 2>err) &&
	test_grep "cannot upgrade without a backup: cannot back up" err &&
	prod_state >after && test_cmp before after && ls "$dir" | test_cmp listed -
'

test_expect_success 'killed before it is verified: no backup, and the next one removes it' '
	HOP_FAIL=backup.dumped:1:kill test_expect_code 137 git-hop -C shop upgrade --yes &&
	ls "$dir" >now && test_grep "Z.part\$" now &&
	git -C shop hop backup list --porcelain >out && test_line_count = 2 out &&
	prod_state >after && test_cmp before after &&
	git -C shop hop upgrade --yes && ! ls "$dir" | grep part &&
	git -C shop hop backup list --porcelain >out && test_line_count = 3 out
'

test_expect_success 'the dump and the facts about it are of one moment' '
	broken_dump : && cat >fake/pg_dump <<-EOT &&
	#!/bin/sh
	case "\$*" in --version) exec "$HOP_TEST_PGBIN/pg_dump" --version ;; esac
	"$HOP_TEST_PGBIN/psql" -Xqd "$(pg_conninfo $db)" -c "create table late as select 1" &&
	exec "$HOP_TEST_PGBIN/pg_dump" "\$@"
	EOT
	HOP_PGBIN=$TRASH/fake git -C shop hop backup create >path &&
	"$HOP_TEST_PGBIN/pg_restore" -f restored "$(cat path)" && ! grep late restored &&
	git -C shop hop backup create >path2 && ! test_cmp path path2
'

stopped() {
	[ "$(ps -o stat= -p "$1" | cut -c 1)" = T ]
}

test_expect_success 'two at once: the second one says who holds the lock' '
	pg_query $db "create table more ()" &&
	{ (HOP_FAIL=backup.dumped:1:stop exec git-hop -C shop backup create >path 2>err) & } &&
	first=$! && within 10 stopped $first && git -C shop config hop.lockTimeout 0 &&
	test_expect_code 75 git -C shop hop backup create 2>err2 &&
	test_grep "is locked by another" err2 && test_grep "held by process" err2 &&
	kill -CONT $first && wait $first && git -C shop hop backup verify "$(cat path)"
'

test_done
