-- Dropped, one of many kinds, and some made again under the same name.
DROP EVENT TRIGGER told; DROP EVENT TRIGGER disabled; DROP PUBLICATION everything;
DROP SERVER all_files CASCADE; DROP FOREIGN DATA WRAPPER nothing_wrapper;
DROP EXTENSION file_fdw; DROP MATERIALIZED VIEW unfilled, of_totals;
DROP VIEW other.windowed, nodes; DROP TRIGGER afterwards ON forest; DROP RULE too ON a_side;
DROP POLICY own ON owned_rows; DROP OPERATOR other.!!! (NONE, int) CASCADE;
DROP AGGREGATE other.text_sum(int); DROP CAST (int AS application.colour);
DROP TRANSFORM FOR "Odd Schema".hstore LANGUAGE sql; DROP CONVERSION application.hellenic;
DROP TEXT SEARCH CONFIGURATION application.prose;
DROP TEXT SEARCH PARSER application.parser; DROP STATISTICS other.renamed_stat;
DROP TYPE application.mood_range; DROP SCHEMA granted CASCADE;
DROP TABLE dog, hashed_0; DROP SEQUENCE downwards; DROP ACCESS METHOD tree_method CASCADE;
SELECT lo_unlink(4713);
CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('again'); CREATE TABLE tree (id app.mood);
INSERT INTO tree VALUES ('again');
CREATE MATERIALIZED VIEW of_totals AS SELECT count(*) FROM forest; CREATE TABLE windowed (i int);
DELETE FROM forced; ALTER TABLE forced FORCE ROW LEVEL SECURITY;
