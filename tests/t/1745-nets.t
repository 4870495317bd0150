#!/bin/bash
# What only the last of several checks catches, and refusals that no other test meets.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# Text that is a string as the standard has it, and a COMMIT once backslashes escape: a COPY makes
# the server read the rest of the file after the setting.
hidden="SET standard_conforming_strings = off;
CREATE TABLE c (a int);
COPY c FROM stdin;
1
\\.
SELECT '\\'' ; COMMIT; --';"

test_expect_success 'a COMMIT hidden in a string from whoever reads the text' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1 "$hidden" && hop_sql 02.sql "create table d (a int);" &&
	pg_create_db "$(pg_name proof)" && cp Patches/1/01.sql ../hidden.sql &&
	(echo "BEGIN;" && cat ../hidden.sql && echo "ROLLBACK;") >../transaction.sql &&
	pg_psql "$(pg_name proof)" -q -f ../transaction.sql >../out 2>&1 &&
	[ "$(pg_query "$(pg_name proof)" "select count(*) from c")" = 1 ] &&
	refused "Patches/1/01.sql: the file ended the transaction that it ran in" \
		git hop patch merge &&
	sed -i "s/COMMIT;/COMMIT; BEGIN;/" Patches/1/01.sql && git commit -qam "And begin" &&
	refused "Patches/1/01.sql: the file ended the transaction that it ran in" \
		git hop patch merge
'
cd "$TRASH/a" || exit 99

test_expect_success 'a patch that changes the id or the name of the project' '
	git hop patch detach 1 && git switch -q -f ho-release/0.1.0 &&
	git hop patch create 2 && hop_sql 01.sql "select 2;" &&
	for line in "id = 0123456789abcdef0123456789abcdef" "name = other"; do
		sed -i "s/^${line%% *} = .*/$line/" .hop/config && git commit -qam "Change" &&
		refused "the name and the ID in .hop/config cannot be changed" \
			git hop patch merge && git revert --no-edit HEAD || return
	done && git hop patch merge && git hop release promote prod
'

test_expect_success 'what is built on the tables of git hop, which no schema of a release has' '
	git hop release create minor && while read -r what sql; do
		hop_patch "$what" "$sql" &&
		refused "depends on schema hop" git hop patch merge &&
		test_grep "${what#*-} .*depends on" "$HOME/err" && git hop patch detach &&
		git switch -q -f ho-release/0.2.0 || return
	done <<-\END &&
	11-view CREATE VIEW v AS SELECT version FROM hop.release;
	12-view CREATE VIEW w AS SELECT x.v FROM (SELECT max(version) FROM hop.patch) x (v);
	13-table CREATE TABLE f (); CREATE POLICY p ON f USING (EXISTS (TABLE hop.file));
	14-table CREATE TABLE f (v hop.project);
	15-function CREATE FUNCTION g(hop.release) RETURNS int LANGUAGE sql AS $$SELECT 1$$;
	16-view CREATE MATERIALIZED VIEW m AS SELECT count(*) AS c FROM hop.file;
	END
	hop_patch 17 "CREATE FUNCTION g() RETURNS text LANGUAGE sql
		AS \$\$ SELECT max(version) FROM hop.release \$\$;
		SELECT g(); DROP FUNCTION g();" && git hop patch merge &&
	git hop release promote prod
'

test_expect_success 'a release that is lower than production' '
	git switch -q --detach ho-prod && git switch -q -c ho-release/0.0.5 &&
	echo "[patches]" >.hop/releases/0.0.5-patches.toml && git add .hop &&
	git commit -q --no-verify -m "By hand" &&
	git push -q --no-verify origin ho-release/0.0.5 && git switch -q ho-prod &&
	for to in rc prod; do
		refused "release 0.0.5 is lower than production, which is at 0.2.0" \
			git hop release promote $to &&
		test_grep "^hint: .*a higher release" "$HOME/err" || return
	done &&
	git push -q --no-verify origin :ho-release/0.0.5
'

test_expect_success 'a takeover compares what is there, not how much' '
	git switch -q ho-prod && git pull -q && git hop release create minor &&
	merged 3 "create table t (abc int, def text);" && git hop release promote prod &&
	while read -r columns; do
		db=$(pg_name taken) && pg_query postgres "drop database if exists \"$db\"" &&
		pg_create_db "$db" && pg_query "$db" "create table t ($columns)" &&
		test_expect_code 1 git hop clone --production --database="$(pg_conninfo "$db")" \
			../origin.git ../taken 2>../err </dev/null &&
		test_grep "matches no release" ../err && test_path_is_missing ../taken || return
	done <<-\END &&
	abd int, def text
	abc text, def int
	def int, abc text
	END
	pg_query "$db" "drop table t; create table t (abc int, def text)" &&
	git hop clone --production --database="$(pg_conninfo "$db")" ../origin.git ../taken
'

test_done
