CREATE FUNCTION app.atomic(n int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC
	SELECT count(*) FROM tree WHERE id > n; SELECT n + max(id) FROM tree; END;
CREATE FUNCTION short(a int, b text DEFAULT 'x;') RETURNS text LANGUAGE sql RETURN a || b;
CREATE PROCEDURE out_one(IN a int, OUT b int) LANGUAGE sql BEGIN ATOMIC SELECT a + 1; END;
CREATE TYPE app.span AS RANGE (SUBTYPE = numeric, MULTIRANGE_TYPE_NAME = app.spans);
CREATE TABLE many (s app.spans DEFAULT '{[1,2),[3,4)}', t text COMPRESSION pglz, i int);
INSERT INTO many (t) VALUES (repeat('x', 9000));
CREATE STATISTICS on_expression ON (i + 1), (t || '') FROM many;
CREATE INDEX ON many USING gist (int4range(i, i + 2)) INCLUDE (i);
CREATE VIEW by_atomic AS SELECT app.atomic(0);
CREATE TRIGGER replaced AFTER TRUNCATE ON many EXECUTE FUNCTION note('m');
