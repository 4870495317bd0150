-- Renamed, moved to other schemas and owners.
ALTER SCHEMA app RENAME TO application; CREATE SCHEMA other AUTHORIZATION pg_monitor;
ALTER TABLE application.customer SET SCHEMA other;
ALTER TYPE application.mood SET SCHEMA other; ALTER TYPE other.mood RENAME TO spirits;
ALTER DOMAIN code RENAME TO word;
ALTER FUNCTION plus_one(int) SET SCHEMA other; ALTER OPERATOR !!! (NONE, int) SET SCHEMA other;
ALTER AGGREGATE application.text_sum(int) SET SCHEMA other;
ALTER VIEW windowed SET SCHEMA other; ALTER MATERIALIZED VIEW totals RENAME TO sums;
ALTER MATERIALIZED VIEW sums SET SCHEMA other;
ALTER TABLE tree RENAME TO forest; ALTER TABLE forest RENAME fixed TO mended;
ALTER TABLE forest OWNER TO pg_monitor;
ALTER SEQUENCE free SET SCHEMA other; ALTER EXTENSION citext SET SCHEMA other;
ALTER STATISTICS application.renamed_stat SET SCHEMA other;
ALTER COLLATION application.bytes SET SCHEMA other;
ALTER CONVERSION application.greek RENAME TO hellenic;
ALTER OPERATOR CLASS application.colour_ops USING btree RENAME TO coloured;
ALTER TEXT SEARCH CONFIGURATION application.text RENAME TO prose;
ALTER TEXT SEARCH DICTIONARY application.stems SET SCHEMA other;
ALTER SERVER files RENAME TO all_files; ALTER PUBLICATION some_tables RENAME TO few_tables;
ALTER EVENT TRIGGER noticed RENAME TO told;
ALTER FOREIGN TABLE application.far RENAME TO near;
ALTER PROCEDURE application.tidy(int, int) RENAME TO clean;
ALTER TYPE application.colour OWNER TO pg_monitor;
ALTER TABLE measure RENAME TO metre;
INSERT INTO other.customer (name, mood) VALUES ('Eve', 'great');
INSERT INTO forest (path) VALUES ('/last'); COMMENT ON TABLE forest IS 'was tree';
ALTER TABLE a_side DROP CONSTRAINT to_b; DELETE FROM b_side WHERE id = 1;
REFRESH MATERIALIZED VIEW by_key;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET datestyle',
	current_database()); END $$;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, application, other',
	current_database()); END $$;
REVOKE USAGE ON SCHEMA application FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
