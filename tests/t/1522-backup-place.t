#!/bin/bash
# Where a backup is written: a new folder for one user, through no link, and nobody else's is lost.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

umask 0002

# upgraded DIR VERSION: and what it said is in err.
upgraded() {
	git -C "$1" hop upgrade --yes --to-release "$2" 2>err
}

test_expect_success 'a project with some releases' '
	prod_project shop &&
	for n in 1 2 3 4 5 6 7 8; do
		prod_file shop $n-p 01.sql "create table t$n (id int);" &&
		prod_release shop 0.$n.0 $n-p
	done &&
	prod_db shop
'

test_expect_success 'nobody else can read any of it, whatever the umask is' '
	upgraded shop 0.1.0 && ls shop/.hop/backups/*/toc.dat &&
	find shop/.hop/backups -perm /077 >others && test_must_be_empty others
'

test_expect_success 'a link committed in place of .hop/backups or .hop is not followed' '
	mkdir elsewhere && mv shop/.hop/backups kept &&
	ln -s "$TRASH/elsewhere" shop/.hop/backups &&
	git -C shop add -f .hop/backups && git -C shop commit -qm "A link" &&
	prod_state >before &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.2.0 2>err &&
	test_grep "symbolic link" err && test_grep "^hint: .*nothing was changed" err &&
	mv shop/.hop shop/real && ln -s real shop/.hop && rm shop/real/backups &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.2.0 2>err &&
	test_grep "symbolic link" err && rm shop/.hop && mv shop/real shop/.hop &&
	git -C shop config hop.backupDir out/backups && ln -s ../elsewhere shop/out &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.2.0 2>err &&
	test_grep "symbolic link" err && rm shop/out && git -C shop config --unset hop.backupDir &&
	prod_state >after && test_cmp before after &&
	[ -z "$(ls elsewhere)" ] && git -C shop reset -q --hard HEAD^ && mv kept shop/.hop/backups
'

test_expect_success 'hop.backupDir may lead through a link of the user' '
	mkdir disk && ln -s disk mnt && git -C shop config hop.backupDir "$TRASH/mnt/backups" &&
	upgraded shop 0.2.0 && ls disk/backups/*-0.1.0-*/toc.dat
'

test_expect_success 'folders and links that others put at the names to come are not used' '
	mkdir -m 1777 open && git -C shop config hop.backupDir "$TRASH/open" &&
	git -C shop config hop.backupKeep 100 &&
	prefix=$(cd disk/backups && ls) && prefix=${prefix%%-0.1.0-*} &&
	for s in $(seq 0 40); do
		name=open/$prefix-0.2.0-$(date -u -d "+$s seconds" +%Y%m%dT%H%M%SZ) &&
		echo >"$name.part" && ln -s "$TRASH/nowhere" "$name-2.part" &&
		ln -s "$TRASH/nowhere" "$name-3" && mkdir "$name-4" || return
	done &&
	upgraded shop 0.3.0 && test_path_is_missing nowhere &&
	ls -d open/*Z-5 >list && test_line_count = 1 list &&
	[ "$(stat -c %a "$(cat list)")" = 700 ] && ls "$(cat list)/toc.dat"
'

test_expect_success 'a folder in which anybody may rename what is there is refused' '
	chmod 0777 open && prod_state >before &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.4.0 2>err &&
	test_grep "anybody may write" err && prod_state >after && test_cmp before after &&
	mkdir -m 0700 open/inner && git -C shop config hop.backupDir "$TRASH/open/inner" &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.4.0 2>err &&
	test_grep "anybody may write to the directory .*/open" err && ls open/inner >list &&
	test_line_count = 0 list
'

test_expect_success 'projects and servers with databases of one name share a folder' '
	mkdir shared && git -C shop config hop.backupDir "$TRASH/shared" &&
	git -C shop config hop.backupKeep 1 && upgraded shop 0.4.0 &&
	git clone -q shop.git other && cd other && git switch -q ho-prod &&
	git config hop.backupDir "$TRASH/shared" && git config hop.backupKeep 1 &&
	upgraded . 0.5.0 && cd .. && ls shared >list && test_line_count = 1 list &&
	test_grep "[-]0.4.0-" list && ln -s "$HOP_TEST_PGHOST" server &&
	there="host='\''$TRASH/server'\'' dbname=$db user=postgres" &&
	pg_query postgres "alter database $db rename to ${db}_first" && pg_create_db "$db" &&
	HOP_DATABASE="$there" upgraded other 0.1.0 &&
	HOP_DATABASE="$there" upgraded other 0.2.0 &&
	ls shared >list && test_line_count = 2 list &&
	test_grep "[-]0.4.0-" list && test_grep "[-]0.1.0-" list &&
	pg_query postgres "drop database $db" &&
	pg_query postgres "alter database ${db}_first rename to $db"
'

test_expect_success 'the one just made stays, also if the clock was set back since the others' '
	name=$(cd shared && echo *-0.4.0-*) && old=${name##*-} &&
	mkdir "shared/${name%-*}-2999${old#????}" && : >"shared/${name%-*}-2999${old#????}/mine" &&
	HOP_DATABASE="$(pg_conninfo "$db")" git -C other hop backup create >made &&
	ls "$(cat made)/toc.dat" && git -C other hop backup list >list &&
	test_grep "^$(basename "$(cat made)")" list
'

test_expect_success 'an unfinished one of a run that lives stays, of one that died goes' '
	name=$(cd shared && echo *-0.4.0-*) && mkdir "shared/$name.part" "shared/$name-7.part" &&
	exec 8<"shared/$name-7.part" && flock 8 &&
	upgraded other 0.6.0 && ls shared >list && exec 8<&- &&
	test_grep "[-]7.part" list && ! grep "Z.part" list
'

test_done
