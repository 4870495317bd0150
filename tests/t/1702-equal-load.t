#!/bin/bash
# Models that do not load with the empty search_path that pg_dump sets, and schema public.
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
sql extensions1 <<'END'
CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE EXTENSION unaccent;
CREATE TABLE place (lat float8, lng float8, name text);
INSERT INTO place VALUES (48, 16, 'Žižkov');
CREATE INDEX ON place USING gist (ll_to_earth(lat, lng));
CREATE FUNCTION f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT unaccent($1) $$;
CREATE INDEX ON place (f_unaccent(name));
END

sql extensions2 <<'END'
CREATE MATERIALIZED VIEW plain AS SELECT f_unaccent(name) AS name FROM place;
ALTER TABLE place ADD ascii text GENERATED ALWAYS AS (f_unaccent(name)) STORED,
	ADD CHECK (f_unaccent(name) <> ''), ADD spot earth;
UPDATE place SET spot = ll_to_earth(lat, lng); CREATE UNIQUE INDEX ON place (f_unaccent(ascii));
END

sql extensions3 <<'END'
INSERT INTO place (lat, lng, name) VALUES (47, 15, 'Öd'); REFRESH MATERIALIZED VIEW plain;
CREATE INDEX ON place (lat) WHERE f_unaccent(name) = 'Od';
CREATE STATISTICS st ON lat, lng FROM place;
CREATE EXTENSION hstore; CREATE EXTENSION citext;
ALTER TABLE place ADD h hstore, ADD c citext UNIQUE;
UPDATE place SET h = hstore('a', name), c = name;
END

test_expect_success 'indexes, checks and views on functions that find others by the search_path' '
	equal_project extensions &&
	promoted prod @extensions1 && promoted prod @extensions2 &&
	promoted hotfix "create index on place (f_unaccent(upper(name)));" &&
	promoted prod @extensions3 && equal_everywhere
'

sql own1 <<'END'
CREATE TABLE rate (code text PRIMARY KEY, value int NOT NULL); INSERT INTO rate VALUES ('a', 5);
CREATE FUNCTION low() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE FUNCTION twice(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 * low(); END';
CREATE FUNCTION rate_of(text) RETURNS int LANGUAGE sql STABLE AS
	'SELECT value FROM rate WHERE code = $1';
CREATE DOMAIN even AS int CHECK (VALUE % low() = 0 AND twice(VALUE) > 0);
CREATE TABLE account (e even, i int CHECK (twice(i) > i), d int DEFAULT rate_of('a'),
	g int GENERATED ALWAYS AS (twice(i)) STORED);
CREATE INDEX ON account (twice(i)); INSERT INTO account (e, i) VALUES (2, 3);
CREATE MATERIALIZED VIEW rated AS SELECT twice(rate_of('a')) AS r;
END

sql own2 <<'END'
CREATE SCHEMA app; CREATE TYPE app.pair AS (a int, b int);
CREATE FUNCTION app.sum(app.pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT twice($1.a + $1.b)';
CREATE TABLE app.t (p app.pair CHECK (app.sum(p) > 0)); INSERT INTO app.t VALUES ((1, 2));
CREATE INDEX ON app.t (app.sum(p));
CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS
	'SELECT twice($1) = twice($2)';
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same, COMMUTATOR = ===);
CREATE VIEW compared AS SELECT i === e AS same FROM account;
CREATE INDEX ON account (i) WHERE i === 3;
@ALTER DATABASE %I SET search_path = app, public;
END

sql own3 <<'END'
CREATE FUNCTION app.inner_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION app.outer_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT inner_one($1)';
CREATE TABLE app.u (i int CHECK (outer_one(i) > 0)); INSERT INTO u VALUES (1);
CREATE INDEX ON u (outer_one(i));
ALTER TABLE account ADD o int GENERATED ALWAYS AS (outer_one(i)) STORED;
REFRESH MATERIALIZED VIEW rated; INSERT INTO account (e, i) VALUES (4, 5);
END

test_expect_success 'the same with functions, types and operators of our own, by a setting too' '
	equal_project own &&
	promoted prod @own1 && promoted prod @own2 &&
	promoted hotfix "update rate set value = 7; refresh materialized view rated;" &&
	promoted prod @own3 && equal_everywhere
'

# What an index was made with comes first, and what its text would also fit with this search_path.
sql ambiguous1 <<'END'
@ALTER DATABASE %I SET search_path = public, app;
CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok', 'low'); CREATE TABLE t (m app.mood, n int);
CREATE INDEX on_mood ON t (n) WHERE m = 'ok'; CREATE VIEW moods AS SELECT m = 'low' AS low FROM t;
CREATE FUNCTION app.f(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TYPE app.colour AS ENUM ('ok'); INSERT INTO t VALUES ('ok', 1);
CREATE FUNCTION app.same(app.colour, app.colour) RETURNS bool LANGUAGE sql IMMUTABLE AS
	'SELECT true';
CREATE FUNCTION app.colour(app.mood) RETURNS app.colour LANGUAGE sql IMMUTABLE AS
	'SELECT ''ok''::app.colour';
CREATE OPERATOR app.= (LEFTARG = app.colour, RIGHTARG = app.colour, FUNCTION = app.same);
CREATE CAST (app.mood AS app.colour) WITH FUNCTION app.colour(app.mood) AS IMPLICIT;
END

sql ambiguous2 <<'END'
INSERT INTO t VALUES ('low', 2);
CREATE FUNCTION app.differ(app.mood, app.mood) RETURNS bool LANGUAGE sql IMMUTABLE AS
	'SELECT false';
CREATE OPERATOR app.= (LEFTARG = app.mood, RIGHTARG = app.mood, FUNCTION = app.differ);
CREATE OPERATOR app.+ (LEFTARG = int, RIGHTARG = int, FUNCTION = int4mi);
CREATE TABLE u (n int CHECK (n + 1 > 0)); INSERT INTO u VALUES (3);
END

test_expect_success 'operators that the search_path of the database would make ambiguous' '
	equal_project ambiguous &&
	promoted prod @ambiguous1 && promoted prod @ambiguous2 &&
	promoted hotfix "create index on t (m) where m = '\''low'\'';" &&
	promoted prod "create materialized view v as select * from t where m = '\''ok'\'';" &&
	equal_everywhere &&
	test_grep "on_mood ON public.t USING btree (n) WHERE (m = .ok." .hop/model/schema.sql &&
	test_grep "set_config(.search_path., .., false)" .hop/model/schema.sql
'

test_expect_success 'schema public dropped, and made again' '
	equal_project dropped &&
	promoted prod "drop schema public cascade; create schema app;
		create table app.one (i int);" &&
	git hop release create minor && git hop patch create 90 &&
	echo "create table public.two (i int);" >Patches/90/01.sql && git add . &&
	git commit -q -m "Two" && test_expect_code 1 git hop patch apply &&
	test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "schema .public. does not exist" ../err &&
	git hop patch detach 90 && git switch -q -f ho-release/0.2.0 &&
	promoted prod "create extension cube schema app; create table app.two (c app.cube);" &&
	promoted hotfix "alter table app.one add j int;" &&
	promoted prod "create schema public; create table public.two (i int);" \
		"create table three (i int);" &&
	promoted prod "drop table public.two, three; drop schema public;" &&
	promoted prod "alter schema app rename to public; create table four (c cube);" &&
	equal_everywhere
'

sql public1 <<'END'
REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO pg_monitor;
COMMENT ON SCHEMA public IS 'ours';
END

sql public2 <<'END'
ALTER SCHEMA public OWNER TO CURRENT_USER; COMMENT ON SCHEMA public IS NULL;
ALTER SCHEMA public RENAME TO before; CREATE SCHEMA public; CREATE TABLE t (i int);
END

test_expect_success 'schema public with other privileges, comment, owner or name' '
	equal_project public &&
	promoted prod @public1 && promoted prod "create table one (i int);" &&
	promoted prod @public2 &&
	promoted hotfix "grant usage on schema public to public;" && equal_everywhere
'

test_done
