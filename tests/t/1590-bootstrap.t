#!/bin/bash
# Data scripts: -- @HOP:bootstrap, once in each database, after the release that brought them.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# scripts DB: those that have run, and the rows that they wrote, in the order in which they did.
scripts() {
	pg_query "$1" "select file from hop.bootstrap order by 1"
	pg_query "$1" "select 'row ' || name from kind order by id"
}

# has DB LINE...: exactly these.
has() {
	local db=$1
	shift
	scripts "$db" >"$HOME/scripts" && printf '%s\n' "$@" >"$HOME/want" &&
	test_cmp "$HOME/want" "$HOME/scripts"
}

mark='-- @HOP:bootstrap'
dev=$(pg_name a) prod=$(pg_name prod)

# script NAME TEXT...: a data script of the patch that is checked out, committed.
script() {
	local name=$1
	shift
	hop_sql "$name" "$(printf '%s\n' "$mark" "$@")"
}

upgrade() {
	git -C "$TRASH/prod" hop upgrade --yes --no-backup "$@"
}

test_expect_success 'apply: it runs last, also before a file behind it, and is recorded' '
	hop_project a && cd a && git hop release create minor && git hop patch create 1-kinds &&
	script 01_rows.sql "insert into kind (name, more) values ('\''one'\'', 1);" &&
	hop_sql 02.sql "create table kind (id int generated always as identity, name text);" &&
	hop_sql 03.sql "alter table kind add more int;" &&
	git hop patch apply && has $dev 0001-1-kinds-01_rows.sql "row one" &&
	git hop patch apply && has $dev 0001-1-kinds-01_rows.sql "row one" &&
	git hop patch show >../out && test_grep "01_rows.sql" ../out
'
cd "$TRASH/a" || exit 99

test_expect_success 'merge: a copy in bootstrap/, the same blob; the next patch runs both' '
	git hop patch merge && [ -z "$(git status --porcelain)" ] &&
	[ "$(git rev-parse HEAD:bootstrap/0001-1-kinds-01_rows.sql)" = \
		"$(git rev-parse HEAD:Patches/1-kinds/01_rows.sql)" ] &&
	git hop patch create 2-more && script 01_rows.sql "insert into kind (name)
		select after(max(name)) from kind;" &&
	hop_sql 03.sql "create function after(text) returns text language sql
		as \$q\$select '\''two after '\'' || \$1\$q\$;" &&
	script 02_rows.sql "insert into kind (name) values ('\''three'\'');" &&
	git hop patch apply &&
	has $dev 0001-1-kinds-01_rows.sql 0002-2-more-01_rows.sql 0003-2-more-02_rows.sql \
		"row one" "row two after one" "row three" &&
	git hop patch merge && ls bootstrap >../out &&
	printf "%s\n" 0001-1-kinds-01_rows.sql 0002-2-more-01_rows.sql \
		0003-2-more-02_rows.sql >../expect && test_cmp ../expect ../out
'

test_expect_success 'one that fails is found by the merge, with its place; nothing is left' '
	git hop patch create 3-bad &&
	hop_sql 01.sql "alter table kind rename name to title;" &&
	refused "^error: bootstrap/0001-1-kinds-01_rows.sql:2:19: column .name. of relation" \
		git hop patch merge &&
	git rm -q Patches/3-bad/01.sql && script 02.sql "select 1;" "commit;" &&
	refused "Patches/3-bad/02.sql:3:1: transaction control in a patch file" \
		git hop patch merge &&
	script 02.sql "create role nobody_$$;" &&
	refused "Patches/3-bad/02.sql:2:1: a role belongs to the server" git hop patch merge &&
	script 02.sql "insert into hop.bootstrap values ('\''x'\'', repeat('\''0'\'', 40));" &&
	refused "changes schema hop" git hop patch merge &&
	git rm -q Patches/3-bad/02.sql && echo "# @HOP:bootstrap" >Patches/3-bad/1.py &&
	echo "-- @HOP:bootstrap" >Patches/3-bad/1.psql &&
	git add Patches && git commit -qm Other &&
	refused "2 errors in patch files" git hop patch merge &&
	test_grep "1.py: a bootstrap file in Python" "$HOME/err" &&
	test_grep "1.psql: a bootstrap file for psql" "$HOME/err" &&
	git switch -q ho-release/0.1.0 && git hop patch detach 3-bad
'

test_expect_success 'promote: the rows are in the model, and they are recorded as run' '
	git hop release promote rc && git hop release promote prod &&
	test_grep "^0003-2-more-02_rows.sql	" .hop/model/metadata.sql &&
	test_grep "two after one" .hop/model/data.sql &&
	git hop restore && has $dev 0001-1-kinds-01_rows.sql 0002-2-more-01_rows.sql \
		0003-2-more-02_rows.sql "row one" "row two after one" "row three" &&
	git hop restore 0.1.0-rc1 && has $dev 0001-1-kinds-01_rows.sql 0002-2-more-01_rows.sql \
		0003-2-more-02_rows.sql "row one" "row two after one" "row three" &&
	(cd .. && git hop clone --database="$(pg_conninfo "$(pg_name b)")" origin.git b) &&
	has "$(pg_name b)" 0001-1-kinds-01_rows.sql 0002-2-more-01_rows.sql \
		0003-2-more-02_rows.sql "row one" "row two after one" "row three"
'

test_expect_success 'upgrade: after its release; the plan names them; nothing runs twice' '
	pg_create_db $prod && (cd .. && git hop clone --production \
		--database="$(pg_conninfo $prod)" origin.git prod) && cd ../prod &&
	git hop update >../out &&
	test_grep "bootstrap/0002-2-more-01_rows.sql (1 statement)" ../out &&
	git hop upgrade --yes 2>../err &&
	test_grep "^bootstrap/0003-2-more-02_rows.sql in" ../err &&
	has $prod 0001-1-kinds-01_rows.sql 0002-2-more-01_rows.sql \
		0003-2-more-02_rows.sql "row one" "row two after one" "row three" &&
	git hop upgrade >../out && test_grep "nothing to apply" ../out &&
	git hop bootstrap >../out && test_grep "nothing to apply" ../out &&
	git hop status >../out && ! grep "^bootstrap" ../out
'
cd "$TRASH/a" || exit 99

test_expect_success 'release by release: a later release may drop what a script filled' '
	git hop release create minor && hop_patch 4-old "create table old (i int);" &&
	script 02.sql "insert into old values (4);" && git hop patch merge &&
	git hop release promote prod && git hop release create minor &&
	merged 5-drop "create table sum as select sum(i) from old; drop table old;" &&
	git hop release promote prod && upgrade &&
	[ "$(pg_query $prod "select * from sum")" = 4 ] &&
	git hop restore && [ "$(pg_query $dev "select * from sum")" = 4 ]
'

test_expect_success 'one that fails in production: the release stays, the script is pending' '
	git hop release create minor && hop_patch 6-next "create table next (i int);" &&
	script 02.sql "insert into kind (name) values ('\''six'\'');" \
		"select 1 / (case name when '\''local'\'' then 0 else 1 end) from kind;" &&
	git hop patch merge && git hop release promote prod &&
	pg_query $prod "insert into kind (name) values ('\''local'\'')" &&
	test_expect_code 128 upgrade 2>../err &&
	test_grep "^fatal: bootstrap/0005-6-next-02.sql:3:.* division by zero" ../err &&
	test_grep "^hint: .*git hop bootstrap" ../err && test_grep "is at 0.4.0" ../err &&
	! pg_query $prod "select name from kind" | grep six &&
	git -C ../prod hop status >../out && test_grep "^bootstrap   1 data script to run" ../out &&
	git -C ../prod hop status --json >../json &&
	[ "$(hop_json ../json "d[\"database\"][0][\"scripts\"]")" = 1 ]
'

test_expect_success 'git hop bootstrap: asks, shows, runs what is left' '
	cd ../prod && test_expect_code 1 git hop bootstrap </dev/null 2>../err &&
	test_grep "no terminal for the question: Run 1 data script in database" ../err &&
	git hop bootstrap -n >../out && test_grep ", 1 data script to run" ../out &&
	test_grep "bootstrap/0005-6-next-02.sql (2 statements)" ../out &&
	git hop bootstrap -n --json >../json &&
	[ "$(hop_json ../json "d[\"file\"][0][\"path\"]")" = bootstrap/0005-6-next-02.sql ] &&
	test_expect_code 128 git hop bootstrap --yes --no-backup 2>../err &&
	pg_query $prod "delete from kind where name = '\''local'\''" &&
	git hop bootstrap --yes 2>../err && test_grep "backup" ../err &&
	pg_query $prod "select name from kind" | grep six &&
	git hop bootstrap -n >../out && test_grep "nothing to apply" ../out
'
cd "$TRASH/a" || exit 99

test_expect_success 'an upgrade runs what an earlier one left, before the next release' '
	pg_query $prod "delete from hop.bootstrap where file like '\''0005%'\'';
		delete from kind where name = '\''six'\''" &&
	git hop release create minor &&
	merged 7-count "create table six as select count(*) from kind where name = '\''six'\'';" &&
	git hop release promote prod && upgrade &&
	[ "$(pg_query $prod "select * from six")" = 1 ] &&
	pg_query $prod "delete from hop.bootstrap where file like '\''0005%'\''" &&
	upgrade 2>../err && test_grep "^bootstrap/0005-6-next-02.sql in" ../err
'

test_expect_success 'the same name with other content is named, and not run' '
	git hop release create minor && hop_patch 8-edit "select 8;" &&
	printf "%s\ninsert into kind (name) values ('\''edited'\'');\n" "$mark" \
		>bootstrap/0001-1-kinds-01_rows.sql && git commit -qam Edit &&
	git hop patch merge 2>../err &&
	test_grep "^warning: bootstrap/0001-1-kinds-01_rows.sql has changed since it was run" \
		../err && git hop release promote prod &&
	upgrade 2>../err &&
	[ "$(grep -c "^warning: bootstrap/0001-1-kinds-01_rows.sql has changed" ../err)" = 1 ] &&
	! pg_query $prod "select name from kind" | grep edited
'

test_expect_success 'hotfix and release with the same number; a file that somebody put there' '
	git hop release create minor && git hop patch create 9-late &&
	script 01.sql "insert into kind (name) values ('\''late'\'');" && git hop patch merge &&
	git hop release hotfix && git hop patch create 10-fix &&
	script 01.sql "insert into kind (name) values ('\''fix'\'');" &&
	printf "insert into kind (name) values ('\''by hand'\'');\n" >bootstrap/hand.sql &&
	echo "#" >bootstrap/README.md && git add bootstrap && git commit -qm Hand &&
	git hop patch merge && git hop release promote hotfix &&
	git switch -q ho-release/0.7.0 && git hop release promote prod && ls bootstrap >../out &&
	test_grep "^0006-10-fix-01.sql" ../out && test_grep "^0006-9-late-01.sql" ../out &&
	upgrade && pg_query $prod "select name from kind order by id" | tail -n 3 >../rows &&
	printf "%s\n" fix "by hand" late >../expect && test_cmp ../expect ../rows
'

test_expect_success 'all releases in one transaction, their scripts too: the same rows' '
	fresh=$(pg_name fresh) && pg_create_db $fresh && (cd .. && git hop clone --production \
		--database="$(pg_conninfo $fresh)" origin.git fresh) &&
	git -C ../fresh hop upgrade --yes --no-backup --atomic &&
	pg_query $fresh "select name from kind order by name" >../rows &&
	pg_query $prod "select distinct name from kind order by name" >../expect &&
	test_cmp ../expect ../rows &&
	[ "$(pg_query $fresh "select count(*) from hop.bootstrap")" = \
		"$(pg_query $prod "select count(*) from hop.bootstrap")" ]
'

# killed POINT N: an upgrade that dies there is continued by COMMAND; each script ran once.
killed() {
	local db
	db=$(pg_name "k_$(echo "$1_$2_$3" | tr -c 'a-z0-9\n' _)")
	pg_create_db "$db" && (cd .. && git hop clone --production \
		--database="$(pg_conninfo "$db")" origin.git "$(basename "$db")") &&
	(cd "../$(basename "$db")" &&
		test_expect_code 137 env HOP_FAIL="$1:$2:kill" git-hop-upgrade --yes --no-backup &&
		git-hop-bootstrap --yes --no-backup && git-hop-bootstrap -n >out &&
		test_grep "nothing to apply" out && git-hop-upgrade --yes --no-backup) &&
	pg_query "$db" "select name from kind order by name" >../rows &&
	test_cmp ../expect ../rows
}

test_expect_success 'killed around a script: it is continued there, and nothing runs twice' '
	killed upgrade.script 1 && killed upgrade.script 3 && killed upgrade.script-committed 1 &&
	killed upgrade.script-committed 4
'

test_expect_success 'a merge killed after a script has left everything as it was' '
	git hop release create minor && git hop patch create 12-kill &&
	script 01.sql "insert into kind (name) values ('\''killed'\'');" &&
	hop_state . >../before &&
	test_expect_code 137 env HOP_FAIL=build.bootstrap:1:kill git-hop-patch merge &&
	hop_state . | grep -v refs/hop-run/ >../after && test_cmp ../before ../after &&
	git hop patch merge &&
	ls bootstrap >../out && [ "$(grep -c -- "-12-kill-01.sql" ../out)" = 1 ]
'

test_expect_success 'a role without CREATEDB: built in place, and promoted' '
	low=$(pg_name low) && db=$(pg_name d) && pg_create_role "$low" &&
	pg_create_db "$db" "$low" && cd .. && hop_clone c && cd c &&
	git config hop.resetDatabase true &&
	git config hop.database "$(pg_conninfo "$db" "$low")" &&
	git hop patch create --release 0.8.0 13-low &&
	script 01.sql "insert into kind (name) values ('\''low'\'');" && git hop patch apply &&
	pg_query "$db" "select name from kind order by id" | tail -n 2 >../out &&
	printf "%s\n" killed low >../expect && test_cmp ../expect ../out &&
	git hop patch merge && git hop release promote prod &&
	pg_query "$db" "select name from kind order by id" | tail -n 2 >../out &&
	test_cmp ../expect ../out && git -C ../a fetch -q
'
cd "$TRASH/a" || exit 99

test_expect_success 'a link in bootstrap/ is refused; a database without a version, too' '
	git switch -q ho-prod && git hop release create minor && hop_patch 11-link "select 1;" &&
	ln -s /etc/passwd bootstrap/0009-x.sql && git add bootstrap && git commit -qm Link &&
	refused "bootstrap/0009-x.sql: a symbolic link" git hop patch merge &&
	pg_create_db "$(pg_name none)" &&
	test_expect_code 1 git -C ../prod hop bootstrap \
		--database="$(pg_conninfo "$(pg_name none)")" 2>../err &&
	test_grep "has no version" ../err
'

test_done
