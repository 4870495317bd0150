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

sql views1 <<'END'
CREATE MATERIALIZED VIEW mv AS SELECT i AS id FROM generate_series(1, 3) i;
CREATE UNIQUE INDEX ON mv (id);
CREATE MATERIALIZED VIEW over AS SELECT sum(id) AS s FROM mv; CREATE UNIQUE INDEX ON over (s);
CREATE MATERIALIZED VIEW empty AS SELECT s FROM over WITH NO DATA; CREATE UNIQUE INDEX ON empty (s);
CREATE MATERIALIZED VIEW "Of Rows" AS SELECT 1 AS x;
CREATE TABLE base (i int); INSERT INTO base VALUES (1), (2);
CREATE MATERIALIZED VIEW stale AS SELECT * FROM base; UPDATE base SET i = 5 WHERE i = 2;
END

sql views2 <<'END'
REFRESH MATERIALIZED VIEW CONCURRENTLY mv; REFRESH MATERIALIZED VIEW CONCURRENTLY over;
REFRESH MATERIALIZED VIEW empty; REFRESH MATERIALIZED VIEW "Of Rows" WITH NO DATA;
CREATE TABLE copy AS SELECT * FROM over; REFRESH MATERIALIZED VIEW stale;
END

test_expect_success 'materialized views stay populated, and those that are not stay so' '
	equal_project views &&
	equal_volatile=public.stale &&
	promoted prod @views1 "update base set i = i + 1;" &&
	promoted prod @views2 &&
	promoted hotfix "refresh materialized view concurrently empty;" &&
	promoted prod "refresh materialized view mv with no data;
		refresh materialized view \"Of Rows\"; create view on_it as table over;" &&
	equal_everywhere
'

# Rules form a circle, and so do two views that select from each other.
sql circle1 <<'END'
CREATE TABLE t (id int); CREATE VIEW a AS SELECT id FROM t; CREATE VIEW b AS SELECT id FROM t;
CREATE RULE r AS ON INSERT TO a DO INSTEAD DELETE FROM b WHERE id = new.id;
CREATE RULE r AS ON DELETE TO b DO INSTEAD UPDATE a SET id = 0;
CREATE MATERIALIZED VIEW m AS SELECT a.id FROM a JOIN b USING (id);
CREATE VIEW c AS SELECT 1 AS x; CREATE VIEW d AS SELECT x FROM c;
CREATE OR REPLACE VIEW c AS SELECT x FROM d;
END

test_expect_success 'circles of rules and of views' '
	equal_project circle &&
	promoted prod @circle1 &&
	promoted prod "insert into t values (1); refresh materialized view m;" &&
	promoted hotfix "insert into t values (2); refresh materialized view m;" &&
	equal_everywhere
'

sql inherited <<'END'
CREATE TABLE parent (a int); CREATE TABLE child (b int, g int GENERATED ALWAYS AS (b + 1) STORED)
	INHERITS (parent);
CREATE TABLE grandchild (d text) INHERITS (child); ALTER TABLE parent ADD c int;
INSERT INTO child VALUES (1, 3, default, 2); INSERT INTO child VALUES (2, 1, default, 3);
INSERT INTO grandchild (a, b, c, d) VALUES (1, 2, 3, 'four');
END

test_expect_success 'columns that a table inherits after its own' '
	equal_project inherited &&
	promoted prod @inherited && promoted prod "alter table parent add aa int default 7;" &&
	promoted hotfix "insert into child (a, b, c) values (4, 5, 6);" &&
	equal_everywhere
'

test_done
