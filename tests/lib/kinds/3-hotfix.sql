ALTER TABLE tree ADD fixed int DEFAULT 0; UPDATE tree SET fixed = id WHERE parent IS NULL;
CREATE INDEX tree_fixed ON tree (fixed);
GRANT INSERT ON tree TO pg_signal_backend;
CREATE OR REPLACE FUNCTION app.new_one() RETURNS int LANGUAGE sql AS 'SELECT 2';
REFRESH MATERIALIZED VIEW totals; INSERT INTO app.customer (name) VALUES ('Dee');
SELECT setval('untouched', 70);
