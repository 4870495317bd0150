#!/bin/bash
# No file sees the session of another: releases applied at once are as applied one by one.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# user_state: what users have in the database.
user_state() {
	"$HOP_TEST_PGBIN/pg_dump" --inserts --exclude-schema=hop -d "$(pg_conninfo "$db")" |
		sed -e '/^\\restrict /d' -e '/^\\unrestrict /d'
}

# both_ways NAME VERSION...: one by one, at once and in one transaction end in the same database,
# whose contents are in the file "once".
both_ways() {
	local name=$1 version
	shift
	prod_db "$name"_each &&
	for version; do
		git -C "$name" hop upgrade --yes --no-backup --to-release "$version" || return
	done &&
	user_state >each &&
	prod_db "$name"_once && git -C "$name" hop upgrade --yes --no-backup &&
	user_state >once && test_cmp each once &&
	prod_db "$name"_atomic && git -C "$name" hop upgrade --yes --no-backup --atomic &&
	user_state >atomic && test_cmp each atomic
}

test_expect_success 'a forgotten TEMP table does not shadow a real one' '
	prod_project temp &&
	prod_file temp 1-a 1.sql "CREATE TABLE users (id int, mail text);
CREATE TEMP TABLE users AS SELECT 1 AS id; CREATE TEMP SEQUENCE s;" &&
	prod_file temp 1-a 2.sql "INSERT INTO users VALUES (1, '\''a@b.c'\'');" &&
	prod_release temp 0.1.0 1-a &&
	prod_file temp 2-b 1.sql "ALTER TABLE users ADD phone text;" &&
	prod_release temp 0.2.0 2-b &&
	both_ways temp 0.1.0 0.2.0 && test_grep "phone text" once && test_grep "a@b.c" once
'

test_expect_success 'the same names of statements and cursors; channels; settings; roles' '
	prod_project names &&
	for id in 1-a 2-b 3-c; do
		prod_file names $id 1.sql "PREPARE p AS SELECT 1;
DECLARE c CURSOR WITH HOLD FOR SELECT 1;
LISTEN x; SET search_path = nowhere; SET ROLE pg_monitor;" &&
		cp names/Patches/$id/1.sql names/Patches/$id/2.sql || return
	done &&
	prod_release names 0.1.0 1-a 2-b && prod_release names 0.2.0 3-c &&
	both_ways names 0.1.0 0.2.0
'

test_expect_success 'advisory locks are given back, all but that of the upgrade' '
	prod_project locks &&
	held="(select count(*) from pg_locks l join pg_database d on d.oid = l.database
		where locktype = '\''advisory'\'' and datname = current_database())" &&
	prod_file locks 1-a 1.sql "CREATE TABLE held AS SELECT $held AS n;
SELECT pg_advisory_lock(1), pg_advisory_lock(1), pg_advisory_lock(2, 3);" &&
	prod_file locks 1-a 2.sql "INSERT INTO held SELECT $held;" &&
	prod_release locks 0.1.0 1-a &&
	prod_file locks 2-b 1.sql "INSERT INTO held SELECT $held;" &&
	prod_release locks 0.2.0 2-b &&
	both_ways locks 0.1.0 0.2.0 &&
	pg_query $db "select string_agg(n::text, '\'' '\'') from held" >out &&
	echo "1 1 1" >expect && test_cmp expect out
'

test_expect_success 'a deferred constraint is checked at the end of its patch, and deferred again' '
	prod_project events &&
	prod_file events 1-a 1.sql "CREATE TABLE o (id int PRIMARY KEY,
	parent int REFERENCES o DEFERRABLE INITIALLY DEFERRED);" &&
	prod_release events 0.1.0 1-a &&
	prod_file events 2-b 1.sql "UPDATE o SET parent = id;" &&
	prod_file events 3-c 1.sql "ALTER TABLE o ADD n int;" &&
	prod_file events 4-d 1.sql "INSERT INTO o VALUES (10, 11);" &&
	prod_file events 4-d 2.sql "INSERT INTO o VALUES (11, 10);" &&
	prod_release events 0.2.0 2-b 3-c 4-d &&
	prod_db events && git -C events hop upgrade --yes --no-backup --to-release 0.1.0 &&
	pg_query $db "insert into o values (1)" &&
	git -C events hop upgrade --yes --no-backup &&
	pg_query $db "select count(*), sum(parent) from o" >out && echo "3|22" >expect &&
	test_cmp expect out && both_ways events 0.1.0 0.2.0
'

test_expect_success 'one that fails names the patch, and what was rolled back' '
	prod_file events 5-e 1.sql "INSERT INTO o VALUES (20, 21);" &&
	prod_file events 6-f 1.sql "INSERT INTO o VALUES (21, 20);" &&
	prod_release events 0.3.0 5-e 6-f &&
	prod_state >before &&
	test_expect_code 128 git -C events hop upgrade --yes --no-backup 2>err &&
	test_grep "^fatal: Patches/5-e/1.sql: deferred constraint at the end of the patch" err &&
	test_grep "SQLSTATE: 23503" err && test_grep "release 0.3.0 was rolled back" err &&
	prod_state >after && test_cmp before after
'

test_expect_success 'settings of the database hold from the next file on' '
	prod_project settings &&
	prod_file settings 1-a 1.sql "CREATE SCHEMA app; DO \$\$ BEGIN EXECUTE format(
	'\''ALTER DATABASE %I SET search_path = app, public'\'', current_database()); END \$\$;" &&
	prod_file settings 1-a 2.sql "CREATE TABLE in_app (i int);" &&
	prod_release settings 0.1.0 1-a &&
	prod_file settings 2-b 1.sql "CREATE TABLE too (i int);" &&
	prod_release settings 0.2.0 2-b &&
	both_ways settings 0.1.0 0.2.0 && test_grep "CREATE TABLE app.in_app" once &&
	test_grep "CREATE TABLE app.too" once
'

# upgrade_refused NAME TEXT SQL: a release with a file of that SQL, whatever hides it.
upgrade_refused() {
	local name=$1 pattern=$2 mode
	prod_project "$name" &&
	prod_file "$name" 1-a 1.sql "CREATE TABLE t (i int);" && prod_release "$name" 0.1.0 1-a &&
	prod_file "$name" 2-b 1.sql "$3" && prod_release "$name" 0.2.0 2-b || return
	for mode in --yes --atomic; do
		prod_db "$name$mode" &&
		test_expect_code 128 git -C "$name" hop upgrade --yes --no-backup "$mode" 2>err &&
		test_grep "^fatal: Patches/2-b/1.sql: $pattern" err &&
		test_grep "was rolled back\|were rolled back" err || return
	done
	prod_db "$name" && git -C "$name" hop upgrade --yes --no-backup --to-release 0.1.0 &&
	prod_state >before &&
	test_expect_code 128 git -C "$name" hop upgrade --yes --no-backup 2>err &&
	test_grep "^fatal: Patches/2-b/1.sql: $pattern" err &&
	prod_state >after && test_cmp before after
}

test_expect_success 'what cannot be taken back is refused, however it is hidden' '
	upgrade_refused mode "changes the transaction" \
		"DO \$\$ BEGIN EXECUTE '\''SET TRANSACTION READ ONLY'\''; END \$\$;" &&
	upgrade_refused xact "takes an advisory lock that lasts" \
		"DO \$\$ BEGIN PERFORM pg_advisory_xact_lock(5); END \$\$;"
'

test_expect_success 'the row that says that a database is production cannot be changed' '
	upgrade_refused row "changes schema hop" "DO \$\$ BEGIN EXECUTE
		'\''UPDATE hop.project SET role = '\'''\''development'\'''\'''\''; END \$\$;" &&
	pg_query $db "select role from hop.project" >out && echo production >expect &&
	test_cmp expect out &&
	upgrade_refused rows "changes schema hop" "SET search_path = hop; DELETE FROM release;" &&
	upgrade_refused hidden "changes schema hop" "CREATE FUNCTION f() RETURNS trigger
		LANGUAGE plpgsql AS '\''BEGIN RETURN NULL; END'\''; SET search_path = hop, public;
		CREATE TRIGGER t BEFORE INSERT ON release FOR EACH ROW EXECUTE FUNCTION f();"
'

test_expect_success 'roles and other databases cannot be changed, however it is hidden' '
	role=$(pg_name none) && other=$(pg_name other) && pg_create_db "$other" &&
	upgrade_refused roles "changes a role" "DO \$\$ BEGIN CREATE ROLE \"$role\"; END \$\$;" &&
	test_grep "^hint: list roles that patches mention in .roles =" err &&
	upgrade_refused demote "changes a role" \
		"DO \$\$ BEGIN ALTER ROLE postgres NOSUPERUSER; END \$\$;" &&
	upgrade_refused member "changes a role" \
		"DO \$\$ BEGIN GRANT pg_monitor TO pg_signal_backend; END \$\$;" &&
	upgrade_refused rename "changes a database" \
		"DO \$\$ BEGIN ALTER DATABASE \"$other\" RENAME TO x; END \$\$;" &&
	upgrade_refused remark "changes a database" \
		"COMMENT ON DATABASE \"$other\" IS '\''x'\'';" &&
	upgrade_refused foreign "changes settings of another" \
		"ALTER DATABASE \"$other\" SET work_mem = '\''1MB'\'';" &&
	pg_query postgres "select rolsuper, to_regrole('\''\"$role\"'\'') is null from pg_roles
		where rolname = '\''postgres'\''" >out && echo "t|t" >expect && test_cmp expect out
'

test_done
