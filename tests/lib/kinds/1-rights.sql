-- Privileges, foreign data, publications, settings.
GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT CREATE ON SCHEMA app TO pg_monitor WITH GRANT OPTION;
GRANT SELECT ON app.customer TO pg_monitor WITH GRANT OPTION;
GRANT SELECT (id), UPDATE (name, mood) ON app.customer TO PUBLIC;
SET ROLE pg_monitor; GRANT SELECT ON app.customer TO pg_signal_backend; RESET ROLE;
GRANT ALL ON tree TO pg_monitor; REVOKE TRIGGER ON tree FROM pg_monitor;
REVOKE DELETE ON tree FROM CURRENT_USER;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO pg_monitor WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO pg_signal_backend;
ALTER DEFAULT PRIVILEGES GRANT CREATE ON SCHEMAS TO pg_signal_backend;
REVOKE EXECUTE ON FUNCTION unaccent(text) FROM PUBLIC; REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(float8) FROM PUBLIC;
GRANT SELECT ON pg_catalog.pg_authid TO pg_monitor;

CREATE EXTENSION file_fdw; CREATE EXTENSION postgres_fdw;
CREATE FOREIGN DATA WRAPPER nothing_wrapper NO HANDLER OPTIONS (debug 'true');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; COMMENT ON SERVER files IS 'of files';
CREATE SERVER remote TYPE 'pg' VERSION '15' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host
	'/nowhere', dbname 'x''y');
CREATE USER MAPPING FOR PUBLIC SERVER files;
CREATE FOREIGN TABLE hosts (line text OPTIONS (force_not_null 'true') NOT NULL) SERVER files
	OPTIONS (filename '/etc/hosts', format 'csv');
CREATE FOREIGN TABLE app.far (id int, name text CHECK (name <> '')) SERVER remote OPTIONS
	(table_name 'near');
CREATE TABLE spread (i int) PARTITION BY LIST (i);
CREATE FOREIGN TABLE spread_far PARTITION OF spread FOR VALUES IN (1, 2) SERVER remote;
CREATE TABLE spread_near PARTITION OF spread FOR VALUES IN (3);
GRANT USAGE ON FOREIGN SERVER files TO pg_monitor;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO pg_monitor;
GRANT SELECT ON hosts TO pg_monitor; COMMENT ON FOREIGN TABLE hosts IS 'h';
COMMENT ON FOREIGN DATA WRAPPER nothing_wrapper IS 'n';
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate');
CREATE PUBLICATION some_tables FOR TABLE tree, measure WITH (publish_via_partition_root);
COMMENT ON PUBLICATION some_tables IS 'p';

ALTER SCHEMA "Odd Schema" OWNER TO pg_monitor; ALTER TABLE a_side OWNER TO pg_monitor;
ALTER TYPE app.mood OWNER TO pg_monitor;
ALTER FUNCTION app.total(int, int[]) OWNER TO pg_monitor;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, app',
	current_database()); END $$;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET "app.word" = ''a''''b, c''',
	current_database()); END $$;
