#!/bin/bash
# What a model must keep for a build to be equal to an upgrade, beside the schema.
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

sql grants1 <<'END'
CREATE TABLE doc (id int PRIMARY KEY, secret text, open text);
GRANT SELECT ON doc TO pg_monitor;
GRANT UPDATE (open) ON doc TO pg_read_all_stats WITH GRANT OPTION;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
REVOKE ALL ON FUNCTION f() FROM PUBLIC; GRANT EXECUTE ON FUNCTION f() TO pg_monitor;
CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT CREATE ON SCHEMA app TO pg_monitor;
CREATE SEQUENCE s; GRANT USAGE ON SEQUENCE s TO pg_monitor;
CREATE TYPE mood AS ENUM ('good'); REVOKE USAGE ON TYPE mood FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO pg_read_all_stats;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO pg_monitor;
CREATE EXTENSION pg_trgm; REVOKE EXECUTE ON FUNCTION similarity(text, text) FROM PUBLIC;
CREATE TABLE mine (i int); REVOKE UPDATE ON mine FROM CURRENT_USER;
END

sql grants2 <<'END'
CREATE TABLE later (id int); CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS 'select 2';
SET ROLE pg_monitor; SELECT count(*) FROM doc; SELECT count(*) FROM later; RESET ROLE;
SET ROLE pg_read_all_stats; GRANT UPDATE (open) ON doc TO pg_signal_backend; RESET ROLE;
ALTER TABLE doc ADD extra text; GRANT SELECT (extra) ON doc TO PUBLIC;
END

sql grants3 <<'END'
REVOKE SELECT ON doc FROM pg_monitor; REVOKE ALL ON later FROM pg_monitor;
GRANT SELECT (id) ON doc TO pg_monitor;
REVOKE UPDATE (open) ON doc FROM pg_read_all_stats CASCADE;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
CREATE TABLE last (id int); CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'select 3';
GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;
END

test_expect_success 'privileges: later releases count on them, and the tests pass in each' '
	equal_project grants --test="sh check.sh" &&
	echo "psql -XAtc \"set role pg_monitor; select f(); select id from doc\"" >check.sh &&
	git add check.sh && git commit -q --no-verify -m "Test" && git push -q --no-verify &&
	promoted prod @grants1 &&
	promoted prod @grants2 &&
	promoted hotfix "grant insert on doc to pg_monitor;" &&
	promoted prod @grants3 &&
	equal_everywhere
'

sql database1 <<'END'
@COMMENT ON DATABASE %I IS 'it''s ours';
END

sql database2 <<'END'
@REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC;
@GRANT CONNECT ON DATABASE %I TO pg_monitor WITH GRANT OPTION;
END

sql database3 <<'END'
@REVOKE GRANT OPTION FOR CONNECT ON DATABASE %I FROM pg_monitor;
END

sql database4 <<'END'
@COMMENT ON DATABASE %I IS NULL;
END

test_expect_success 'comment and privileges of the database' '
	equal_project database &&
	promoted prod @database1 && promoted prod @database2 &&
	promoted prod @database3 && promoted hotfix @database4 &&
	equal_everywhere
'


test_done
