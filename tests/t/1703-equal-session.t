#!/bin/bash
# What one file leaves behind in its session reaches no other, of the same release or the next.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/equal-lib.sh
. "$(dirname "$0")/../lib/equal-lib.sh"
sql leaves1 <<'END'
CREATE TABLE users (id int, mail text); CREATE TEMP TABLE users AS SELECT 1 AS id;
CREATE TEMP VIEW looked AS SELECT 1 AS id; CREATE TEMP SEQUENCE numbers;
CREATE FUNCTION pg_temp.helper() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE pg_temp.kind AS ENUM ('a'); SELECT pg_temp.helper();
CREATE SEQUENCE s; SELECT nextval('s');
PREPARE p AS SELECT 1; DECLARE c CURSOR WITH HOLD FOR SELECT 1; LISTEN news;
SELECT pg_advisory_lock(4711);
CREATE SCHEMA other; SET search_path = other, public;
SET datestyle = 'German'; SET timezone = 'Asia/Tokyo'; SET standard_conforming_strings = off;
SET bytea_output = 'escape'; SET my.word = 'left'; SET session_replication_role = replica;
SET check_function_bodies = off; SET role = pg_monitor;
END

sql leaves2 <<'END'
ALTER TABLE users ADD phone text; CREATE TABLE looked (id int); CREATE SEQUENCE numbers;
CREATE FUNCTION helper() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE TABLE seen AS SELECT helper() AS helper, date '01/02/2020' AS d, 'a\b' AS text,
	timestamptz '2020-01-01 00:00' AS at, current_user = session_user AS me,
	current_setting('my.word', true) AS word, nextval('s') AS n, '\x00'::bytea::text AS bytea,
	(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711) AS locks,
	(SELECT count(*) FROM pg_prepared_statements WHERE name = 'p') +
	(SELECT count(*) FROM pg_cursors WHERE name <> '') +
	(SELECT count(*) FROM pg_listening_channels()) AS held;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS
	'BEGIN NEW.mail := lower(NEW.mail); RETURN NEW; END';
CREATE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamp();
END

sql leaves3 <<'END'
INSERT INTO users (mail, phone) VALUES ('A@B', '1'); PREPARE p AS SELECT 2;
DECLARE c CURSOR WITH HOLD FOR SELECT 2; CREATE TEMP TABLE users (other int);
CREATE TEMP TABLE again (i int) ON COMMIT DROP; CREATE TEMP TABLE seen (LIKE public.seen);
SET LOCAL search_path = other; CREATE TABLE in_other (i int); SET SESSION AUTHORIZATION pg_monitor;
END

sql leaves4 <<'END'
CREATE TABLE again (i int); INSERT INTO seen (helper) SELECT count(*) FROM users WHERE phone = '1';
PREPARE p AS SELECT 3; CREATE TEMP TABLE helper (i int); SET my.word = 'again';
INSERT INTO users (mail) VALUES ('C@D') RETURNING current_setting('my.word');
END

test_expect_success 'temporary objects, prepared statements, cursors, locks, settings and roles' '
	equal_project leaves &&
	promoted prod @leaves1 @leaves2 && promoted prod @leaves3 @leaves4 &&
	promoted hotfix "prepare p as select 4; alter table users add fixed int;
		create temp table users ();" &&
	promoted prod "prepare p as select 5; alter table users add last int;
		alter table seen add more int;" &&
	equal_everywhere &&
	test_grep "^public.seen .*\"n\": 2" ../leaves.states/built-0.3.0/rows &&
	test_grep "^public.seen .*\"d\": \"2020-01-02\"" ../leaves.states/built-0.3.0/rows &&
	test_grep "^public.seen .*\"me\": true" ../leaves.states/built-0.3.0/rows &&
	test_grep "^public.seen .*\"held\": 0" ../leaves.states/built-0.3.0/rows &&
	test_grep "^public.seen .*\"locks\": 0" ../leaves.states/built-0.3.0/rows &&
	test_grep "^public.users .*\"a@b\"" ../leaves.states/built-0.3.0/rows &&
	test_grep "CREATE TABLE other.in_other" ../leaves.states/built-0.3.0/schema
'

test_expect_success 'the same in releases whose patches are apart' '
	equal_project apart &&
	promoted prod @leaves1 && promoted prod @leaves2 && promoted hotfix @leaves3 &&
	promoted prod @leaves4 &&
	equal_everywhere &&
	test_grep "^public.seen .*\"n\": 2" ../apart.states/built-0.3.0/rows &&
	test_grep "^public.users .*\"a@b\"" ../apart.states/built-0.3.0/rows
'

sql deferred1 <<'END'
CREATE TABLE o (id int PRIMARY KEY, parent int REFERENCES o DEFERRABLE INITIALLY DEFERRED,
	place int UNIQUE DEFERRABLE INITIALLY DEFERRED, later int REFERENCES o DEFERRABLE);
CREATE TABLE checked (i int);
CREATE FUNCTION check_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	IF (SELECT sum(i) FROM checked) < 0 THEN RAISE 'negative'; END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER sums AFTER INSERT OR UPDATE ON checked DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION check_it();
END

sql deferred2 <<'END'
INSERT INTO o VALUES (2, 3, 1), (3, 2, 2); UPDATE o SET place = 3 - place;
INSERT INTO checked VALUES (-1), (2); SET CONSTRAINTS ALL IMMEDIATE;
END

sql deferred3 <<'END'
INSERT INTO o VALUES (4, 5, 4); INSERT INTO o VALUES (5, 4, 5);
UPDATE o SET parent = id WHERE id < 4;
INSERT INTO checked VALUES (-9); INSERT INTO checked VALUES (9); SET CONSTRAINTS sums DEFERRED;
END

sql deferred4 <<'END'
ALTER TABLE o ADD n int; ALTER TABLE checked ADD n int; UPDATE o SET parent = id;
UPDATE checked SET n = 1;
SET CONSTRAINTS ALL DEFERRED; UPDATE o SET later = id, place = 10 - place;
END

sql deferred5 <<'END'
ALTER TABLE o DROP n; CREATE INDEX ON o (parent); DELETE FROM checked WHERE i = -1;
INSERT INTO o VALUES (6, 7, 16); INSERT INTO o VALUES (7, 6, 17); CREATE TEMP TABLE o (i int);
END

test_expect_success 'deferred events: checked after each patch, deferred again for the next' '
	equal_project deferred &&
	promoted prod @deferred1 @deferred2 && promoted prod @deferred3 @deferred4 @deferred5 &&
	promoted hotfix "update o set parent = 7;" "alter table o add fixed int;" &&
	promoted prod "delete from checked; update o set parent = 6 where id < 7;" \
		"alter table o add last int; drop table checked;" &&
	equal_everywhere
'

test_expect_success 'deferred events of rows that only production has' '
	equal_project theirs &&
	promoted prod @deferred1 &&
	promoted prod "update o set parent = id;" \
		"alter table o add n int; update checked set i = i;" \
		"alter table checked add n int; update o set place = place + 1;" &&
	promoted prod "alter table o add m int;" "update o set later = parent;" \
		"drop table checked;" &&
	git hop restore 0.3.0 && pg_dump_schema "$(pg_name theirs)" -N hop >../built &&
	printf "1|1|2|1||\n2|2|3|2||\n" >../expect &&
	for versions in "0.2.0 0.3.0" 0.3.0; do
		db=$(pg_name "to_${versions% *}") && pg_create_db "$db" &&
		equal_upgraded_ "$(pg_conninfo "$db")" 0.1.0 &&
		pg_query "$db" "insert into o values (1, 1, 1, 1), (2, 1, 2, 1);
			insert into checked values (1)" &&
		equal_upgraded_ "$(pg_conninfo "$db")" $versions &&
		pg_dump_schema "$db" -N hop >../upgraded && test_cmp ../built ../upgraded &&
		pg_query "$db" "select * from o order by 1" >../out &&
		test_cmp ../expect ../out || return
	done
'

test_expect_success 'a new value of an enum used in the same release: refused, with a way out' '
	equal_project enum &&
	promoted prod "create type e as enum ('\''a'\''); create table t (e e);" &&
	git hop release create minor && git hop patch create 90 &&
	echo "alter type e add value '\''b'\'';" >Patches/90/01.sql &&
	echo "insert into t values ('\''b'\'');" >Patches/90/02.sql && git add . &&
	git commit -q -m "Use it" &&
	for command in apply merge; do
		test_expect_code 1 git hop patch $command 2>../err &&
		test_grep "Patches/90/02.sql:1:.*unsafe use of new value" ../err &&
		test_grep "^hint: .*use it in a later release" ../err &&
		test_grep "^hint: .*@HOP:no-transaction" ../err || return
	done &&
	git rm -q Patches/90/02.sql && git commit -q -m "Not yet" && git hop patch merge &&
	git hop patch create 91 && echo "insert into t values ('\''b'\'');" >Patches/91/01.sql &&
	git add . && git commit -q -m "Use it" && test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "Patches/91/01.sql:1:.*unsafe use of new value" ../err &&
	test_grep "^hint: .*use it in a later release" ../err
'

test_expect_success 'the way out: a later release' '
	git hop patch detach 91 && git switch -q -f ho-release/0.2.0 &&
	promoted prod "select 1;" && promoted prod "insert into t values ('\''b'\'');" &&
	promoted hotfix "alter type e add value '\''c'\'' before '\''b'\'';" &&
	promoted prod "insert into t values ('\''c'\'');
		create index on t (e) where e = '\''b'\'';" && equal_everywhere
'

test_done
