#!/bin/bash
# Each release of one upgrade is a session of its own.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# release VERSION ID: a release of project $project; the only file of its patch from standard input.
release() {
	prod_file "$project" "$2" 1.sql && prod_release "$project" "$1" "$2"
}

# upgraded [OPTION...]: a new database, and all releases applied to it.
upgraded() {
	prod_db "$project" && git -C "$project" hop upgrade --yes --no-backup "$@"
}

# is TEXT SQL
is() {
	echo "$1" >expect && pg_query "$db" "$2" >out && test_cmp expect out
}

project=settings
prod_project settings
release 0.1.0 1-a <<'END'
CREATE TABLE seen (word text, unit text, locks text);
SET my.word = 'left';
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET my.unit = 5', current_database()); END $$;
END
for n in 2 3 4; do
	release 0.$n.0 $n-p <<'END'
INSERT INTO seen VALUES (current_setting('my.word', true), current_setting('my.unit', true),
	(SELECT string_agg(mode, ' ') FROM pg_locks l JOIN pg_database d ON d.oid = l.database
	WHERE locktype = 'advisory' AND datname = current_database()));
SELECT set_config('my.word', 'again', false);
END
done

test_expect_success 'settings that no reset takes back, and those of the database' '
	upgraded &&
	is "t|5|ExclusiveLock" "select distinct word is null, unit, locks from seen"
'

project=code
prod_project code
release 0.1.0 1-a <<'END'
CREATE TABLE t (i int, word text DEFAULT current_setting('my.word', true));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
	'BEGIN PERFORM set_config(''my.word'', ''x'', false); RETURN NEW; END';
CREATE TRIGGER f AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
END
release 0.2.0 2-b <<<"INSERT INTO t (i) VALUES (2);"
release 0.3.0 3-c <<<"INSERT INTO t (i) VALUES (3);"

test_expect_success 'what code in the database leaves behind' '
	upgraded && is 2 "select count(*) from t where word is null"
'

project=stored
prod_project stored
release 0.1.0 1-a <<<"CREATE TABLE t (i int, word text DEFAULT current_setting('my.word', true),
	made text DEFAULT set_config('my.word', 'x', false));"
release 0.2.0 2-b <<<"INSERT INTO t (i) VALUES (2);"
release 0.3.0 3-c <<<"INSERT INTO t (i) VALUES (3);"

test_expect_success 'what an expression in the database leaves behind' '
	upgraded --to-release 0.1.0 && git -C stored hop upgrade --yes --no-backup &&
	is 2 "select count(*) from t where word is null"
'

project=seed
prod_project seed
release 0.1.0 1-a <<<"CREATE TABLE t (r float8 DEFAULT random()); SELECT setseed(0.5);
	INSERT INTO t VALUES (DEFAULT); SELECT setseed(0.5);"
release 0.2.0 2-b <<<"INSERT INTO t VALUES (DEFAULT);"

test_expect_success 'the seed of random numbers' '
	upgraded && is 2 "select count(distinct r) from t"
'

project=savepoint
prod_project savepoint
release 0.1.0 1-a <<<"CREATE TABLE t (i int); SAVEPOINT a; INSERT INTO t VALUES (1);"
release 0.2.0 2-b <<<"INSERT INTO t VALUES (2); SELECT 1; ROLLBACK TO a;"

test_expect_success 'a savepoint that a file leaves open is not there for the next' '
	for mode in --no-fetch --atomic; do
		prod_db savepoint$mode &&
		test_expect_code 128 git -C savepoint hop upgrade --yes --no-backup "$mode" 2>err &&
		test_grep "Patches/2-b/1.sql:1:37: savepoint \"a\" does not exist" err || return
	done
'

project=plain
prod_project plain
for n in 1 2 3; do
	release 0.$n.0 $n-p <<<"CREATE TABLE t$n (i int);"
done
release 0.4.0 4-p <<<"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
release 0.5.0 5-p <<<"CREATE TABLE t5 (i int);"

# connections NUMBER VERSION: that many connect for an upgrade to that version.
connections() {
	rm -f trace &&
	HOP_TRACE=$PWD/trace git -C plain hop upgrade --yes --no-backup --to-release "$2" &&
	grep -c " connect " trace >out && echo "$1" >expect && test_cmp expect out
}

test_expect_success 'releases that can leave nothing share a connection' '
	prod_db plain && connections 1 0.3.0 && connections 2 0.5.0
'

project=lost
prod_project lost
release 0.1.0 1-a <<<"SET my.word = 'x'; CREATE TABLE a (i int);"
release 0.2.0 2-b <<'END'
SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE locktype = 'advisory' AND datname = current_database();
CREATE TABLE b (i int);
END
release 0.3.0 3-c <<<"CREATE TABLE c (i int);"

test_expect_success 'when the session that holds the lock is lost, no other release begins' '
	prod_db lost &&
	test_expect_code 128 git -C lost hop upgrade --yes --no-backup 2>err &&
	test_grep "the session that holds the lock of the upgrade was lost" err &&
	test_grep "is at 0.2.0" err &&
	prod_versions >out && echo "0.0.0 0.1.0 0.2.0" >expect && test_cmp expect out
'

test_done
