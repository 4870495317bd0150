-- Every kind once more, altered, on top of the rows that are there.
ALTER TYPE app.address RENAME ATTRIBUTE "No." TO number;
ALTER TYPE app.address ADD ATTRIBUTE zip text CASCADE;
ALTER TYPE app.mood ADD VALUE 'great' BEFORE 'it''s "fine"';
ALTER TYPE app.mood RENAME VALUE 'sad' TO 'low';
ALTER DOMAIN positive DROP CONSTRAINT above_zero;
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 99) NOT VALID;
ALTER DOMAIN app.few SET DEFAULT 3; ALTER DOMAIN app.few SET NOT NULL;
CREATE TYPE app.later AS (a int, b app.colour); CREATE TABLE uses_later (l app.later);
INSERT INTO uses_later VALUES ((1, '2'));
CREATE INDEX ON uses_later (((l).b));
DROP INDEX app.by_colour;
ALTER TABLE app.customer ADD note text DEFAULT 'new', ADD nick citext, ALTER colour TYPE int USING
	colour::int + 1,
	DROP attributes, ALTER mood SET DEFAULT 'low', ALTER id SET GENERATED ALWAYS SET INCREMENT
	7,
	ALTER name SET STATISTICS -1, SET (fillfactor = 80), RESET (autovacuum_enabled), SET
	WITHOUT CLUSTER;
UPDATE app.customer SET nick = 'Bobby' WHERE name = 'Bob';
INSERT INTO app.customer (name) VALUES ('Cy');
ALTER TABLE app.customer ALTER loud DROP EXPRESSION;
ALTER TABLE app.customer RENAME CONSTRAINT "a ""name""" TO named;
UPDATE app.customer SET loud = loud || '!', doc = NULL;
ALTER TABLE app.customer RENAME "select" TO matrix;
ALTER TABLE a_side ALTER CONSTRAINT to_b NOT DEFERRABLE;
ALTER TABLE unchecked DROP CONSTRAINT later;
ALTER TABLE measure DETACH PARTITION measure_2021;
INSERT INTO measure_2021 (at, place) VALUES ('2021-09-09', 5);
CREATE TABLE measure_2022 PARTITION OF measure (CHECK (value > 0)) FOR VALUES FROM ('2022-01-01')
	TO (MAXVALUE);
INSERT INTO measure VALUES ('2022-05-05', 1, 9); ALTER TABLE measure ADD unit text DEFAULT 'm';
ALTER TABLE measure DROP value CASCADE;
ALTER TABLE hashed ADD CONSTRAINT positive_v CHECK (v > 0);
CREATE INDEX hashed_v ON ONLY hashed (v); CREATE INDEX hashed_0_v ON hashed_0 (v);
ALTER INDEX hashed_v ATTACH PARTITION hashed_0_v;
ALTER TABLE younger NO INHERIT elder; ALTER TABLE animal ALTER legs SET DEFAULT 6;
ALTER TABLE animal ADD wings int NOT NULL DEFAULT 0;
UPDATE animal SET sound = 'none' WHERE sound IS NULL; ALTER TABLE typed NOT OF;
ALTER TABLE cache SET LOGGED;
ALTER TABLE booking ALTER room TYPE bigint; ALTER SEQUENCE free RESTART WITH 5 MAXVALUE 21;
ALTER SEQUENCE owned OWNED BY NONE;
ALTER SEQUENCE down RENAME TO downwards;
SELECT nextval('free'), setval('untouched', 50, false), nextval('downwards');
ALTER INDEX app.customer_name RENAME TO by_name; ALTER INDEX app.by_name SET (fillfactor = 50);
ALTER STATISTICS app.stat RENAME TO renamed_stat; REFRESH MATERIALIZED VIEW CONCURRENTLY of_totals;
REFRESH MATERIALIZED VIEW unfilled;
REFRESH MATERIALIZED VIEW by_key WITH NO DATA; ALTER MATERIALIZED VIEW totals SET (fillfactor = 80);
REFRESH MATERIALIZED VIEW totals;
CREATE OR REPLACE VIEW app.named AS SELECT id, name, mood, note FROM app.customer WHERE size > 1;
ALTER VIEW app.guarded RESET (security_barrier); ALTER VIEW windowed RENAME "Max" TO most;
ALTER VIEW defaulted ALTER path DROP DEFAULT;
CREATE OR REPLACE FUNCTION search(word text, OUT id int, OUT name text) RETURNS SETOF record
	LANGUAGE sql STABLE AS
	'SELECT id, name::text FROM app.customer WHERE name = word';
ALTER FUNCTION plus_one(int) CALLED ON NULL INPUT NOT LEAKPROOF COST 7;
ALTER FUNCTION pairs() SET work_mem = '4MB';
ALTER FUNCTION search(text) RESET ALL;
ALTER PROCEDURE app.tidy(int, int) SET search_path FROM CURRENT;
ALTER AGGREGATE app.sum_text(int) RENAME TO text_sum;
ALTER OPERATOR !!! (NONE, int) OWNER TO CURRENT_USER;
ALTER OPERATOR app.= (app.colour, app.colour) SET (RESTRICT = eqsel, JOIN = eqjoinsel);
ALTER OPERATOR FAMILY app.colours USING btree ADD OPERATOR 1 < (int, int), FUNCTION 1 (int, int)
	btint4cmp(int, int);
ALTER TEXT SEARCH CONFIGURATION app.text ALTER MAPPING FOR word WITH simple;
ALTER TEXT SEARCH DICTIONARY app.words (ACCEPT = 'true');
ALTER TEXT SEARCH CONFIGURATION app.copied DROP MAPPING FOR email;
ALTER COLLATION app.posix RENAME TO bytes;
ALTER TRIGGER after_statement ON tree RENAME TO afterwards; DROP TRIGGER instead ON grouped;
ALTER TABLE tree DISABLE TRIGGER before_row;
ALTER TABLE measure_rest ENABLE REPLICA TRIGGER on_partitions;
ALTER EVENT TRIGGER disabled ENABLE ALWAYS;
ALTER RULE also ON a_side RENAME TO too; ALTER TABLE typed ENABLE RULE nothing;
CREATE OR REPLACE RULE told AS ON DELETE TO b_side DO ALSO NOTIFY again;
ALTER POLICY own ON owned_rows TO PUBLIC USING (i > 0);
ALTER POLICY small ON owned_rows RENAME TO smaller;
ALTER TABLE forced NO FORCE ROW LEVEL SECURITY; INSERT INTO forced VALUES (1);
INSERT INTO tree (path) VALUES ('/quiet');
ALTER EXTENSION pgcrypto UPDATE; ALTER EXTENSION hstore SET SCHEMA "Odd Schema";
DROP EXTENSION earthdistance; CREATE EXTENSION ltree;
ALTER SERVER remote VERSION '16' OPTIONS (SET host '/elsewhere', ADD port '1', DROP dbname);
ALTER FOREIGN TABLE hosts OPTIONS (SET format 'text');
ALTER FOREIGN TABLE hosts ADD other text, ALTER line OPTIONS (DROP force_not_null);
ALTER FOREIGN DATA WRAPPER nothing_wrapper OPTIONS (SET debug 'false');
ALTER PUBLICATION some_tables DROP TABLE measure;
ALTER PUBLICATION some_tables SET (publish = 'update');
SELECT lo_put(4711, 2, '\x00'), lo_unlink(4712), lo_create(4713);
GRANT SELECT ON LARGE OBJECT 4713 TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO pg_signal_backend;
REVOKE SELECT (id) ON app.customer FROM PUBLIC;
REVOKE GRANT OPTION FOR SELECT ON app.customer FROM pg_monitor CASCADE;
GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM pg_monitor;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO pg_monitor;
CREATE FUNCTION app.new_one() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE SCHEMA granted;
CREATE TABLE granted.t (i serial);
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET datestyle = ''ISO, DMY''',
	current_database()); END $$;
