-- Functions, operators, triggers, rules, views, policies.
CREATE FUNCTION app.total(int, VARIADIC more int[] DEFAULT '{}') RETURNS bigint LANGUAGE sql
	IMMUTABLE
	PARALLEL SAFE COST 5 AS 'SELECT $1 + coalesce((SELECT sum(m) FROM unnest(more) m), 0)';
CREATE FUNCTION search(IN word text, OUT id int, OUT name text) RETURNS SETOF record LANGUAGE
	plpgsql STABLE
	ROWS 5 SECURITY DEFINER SET search_path = app, public SET work_mem = '8MB' AS $body$
DECLARE
	-- A comment of the body;
	pattern text := '%' || word || '%';
BEGIN
	RETURN QUERY SELECT c.id, c.name::text FROM customer c WHERE c.name LIKE pattern;
END $body$;
CREATE FUNCTION of_table(t tree) RETURNS text LANGUAGE sql STABLE RETURNS NULL ON NULL INPUT AS
	'SELECT t.path';
CREATE FUNCTION pairs() RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT 1, ''x''';
CREATE FUNCTION poly(anyelement, anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE PROCEDURE app.tidy(INOUT n int, days int DEFAULT 30) LANGUAGE plpgsql AS
	$$ BEGIN n := n + days; END $$;
CREATE FUNCTION plus_one(int) RETURNS int LANGUAGE sql IMMUTABLE LEAKPROOF AS 'SELECT $1 + 1';
COMMENT ON FUNCTION search(text) IS 'finds'; COMMENT ON PROCEDURE app.tidy(int, int) IS 'tidies';
REVOKE ALL ON FUNCTION search(text) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE app.tidy(int, int) TO pg_monitor;

CREATE FUNCTION final(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''sum '' || $1';
CREATE FUNCTION add_to(bigint, int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE app.sum_text(int) (SFUNC = add_to, STYPE = bigint, FINALFUNC = final, INITCOND =
	'0',
	COMBINEFUNC = int8pl, PARALLEL = SAFE);
COMMENT ON AGGREGATE app.sum_text(int) IS 'a text';
CREATE AGGREGATE app.my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC =
	ordered_set_transition_multi,
	STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);

-- An order of its own for enums, by an operator class.
CREATE FUNCTION app.colour_lt(app.colour, app.colour) RETURNS bool LANGUAGE internal IMMUTABLE
	STRICT AS 'int4lt';
CREATE FUNCTION app.colour_le(app.colour, app.colour) RETURNS bool LANGUAGE internal IMMUTABLE
	STRICT AS 'int4le';
CREATE FUNCTION app.colour_eq(app.colour, app.colour) RETURNS bool LANGUAGE internal IMMUTABLE
	STRICT AS 'int4eq';
CREATE FUNCTION app.colour_ge(app.colour, app.colour) RETURNS bool LANGUAGE internal IMMUTABLE
	STRICT AS 'int4ge';
CREATE FUNCTION app.colour_gt(app.colour, app.colour) RETURNS bool LANGUAGE internal IMMUTABLE
	STRICT AS 'int4gt';
CREATE FUNCTION app.colour_cmp(app.colour, app.colour) RETURNS int LANGUAGE internal IMMUTABLE
	STRICT AS 'btint4cmp';
CREATE OPERATOR app.< (LEFTARG = app.colour, RIGHTARG = app.colour, FUNCTION = app.colour_lt,
	COMMUTATOR = OPERATOR(app.>), NEGATOR = OPERATOR(app.>=), RESTRICT = scalarltsel, JOIN =
	scalarltjoinsel);
CREATE OPERATOR app.<= (LEFTARG = app.colour, RIGHTARG = app.colour, FUNCTION = app.colour_le,
	COMMUTATOR = OPERATOR(app.>=), NEGATOR = OPERATOR(app.>));
CREATE OPERATOR app.= (LEFTARG = app.colour, RIGHTARG = app.colour, FUNCTION = app.colour_eq,
	COMMUTATOR = OPERATOR(app.=), HASHES, MERGES);
CREATE OPERATOR app.>= (LEFTARG = app.colour, RIGHTARG = app.colour, FUNCTION = app.colour_ge,
	COMMUTATOR = OPERATOR(app.<=), NEGATOR = OPERATOR(app.<));
CREATE OPERATOR app.> (LEFTARG = app.colour, RIGHTARG = app.colour, FUNCTION = app.colour_gt,
	COMMUTATOR = OPERATOR(app.<), NEGATOR = OPERATOR(app.<=));
CREATE OPERATOR !!! (RIGHTARG = int, FUNCTION = plus_one);
COMMENT ON OPERATOR !!! (NONE, int) IS 'plus one';
CREATE OPERATOR FAMILY app.colours USING btree;
COMMENT ON OPERATOR FAMILY app.colours USING btree IS 'f';
CREATE OPERATOR CLASS app.colour_ops DEFAULT FOR TYPE app.colour USING btree FAMILY app.colours AS
	OPERATOR 1 app.<, OPERATOR 2 app.<=, OPERATOR 3 app.=, OPERATOR 4 app.>=, OPERATOR 5 app.>,
	FUNCTION 1 app.colour_cmp(app.colour, app.colour);
COMMENT ON OPERATOR CLASS app.colour_ops USING btree IS 'c';
CREATE INDEX by_colour ON app.customer (colour app.colour_ops);
CREATE INDEX ON app.customer ((!!! id));
CREATE OPERATOR CLASS tree_ops DEFAULT FOR TYPE box USING tree_method AS OPERATOR 3 &&,
	FUNCTION 1 gist_box_consistent(internal, box, smallint, oid, internal),
	FUNCTION 2 gist_box_union(internal, internal),
	FUNCTION 5 gist_box_penalty(internal, internal, internal),
	FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box,
	internal);
CREATE INDEX ON tree USING tree_method (box(point(id, id), point(id, 0)));
CREATE TRANSFORM FOR app.hstore LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
COMMENT ON TRANSFORM FOR app.hstore LANGUAGE sql IS 'not used';

CREATE VIEW app.named AS SELECT id, name, mood FROM app.customer WHERE size > 0 WITH LOCAL CHECK
	OPTION;
CREATE VIEW app.guarded WITH (security_barrier) AS SELECT id, name FROM app.named WHERE id > 0
	WITH CASCADED CHECK OPTION;
CREATE RECURSIVE VIEW nodes (id, depth) AS SELECT id, 1 FROM tree WHERE parent IS NULL
	UNION ALL SELECT t.id, depth + 1 FROM tree t JOIN nodes n ON t.parent = n.id;
CREATE VIEW grouped AS SELECT id, name, count(*) AS n FROM app.customer GROUP BY id;
CREATE VIEW windowed AS SELECT id, lag(id) OVER w, (SELECT max(t.id) FROM tree t) AS "Max" FROM tree
	WINDOW w AS (PARTITION BY parent ORDER BY id DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW);
CREATE VIEW first_one AS SELECT 1 AS i; CREATE VIEW second_one AS SELECT i FROM first_one;
CREATE OR REPLACE VIEW first_one AS SELECT 1 AS i WHERE EXISTS (SELECT FROM pg_class WHERE relname
	= 'second_one');
CREATE FUNCTION rows_of_second() RETURNS SETOF second_one LANGUAGE sql AS
	'SELECT * FROM second_one';
CREATE OR REPLACE VIEW first_one AS SELECT i FROM rows_of_second();
CREATE VIEW defaulted AS SELECT path, id FROM tree;
ALTER VIEW defaulted ALTER path SET DEFAULT '/new';
COMMENT ON VIEW grouped IS 'by key'; COMMENT ON COLUMN grouped.n IS 'how many';
GRANT SELECT ON app.named TO pg_monitor; GRANT UPDATE (name) ON app.guarded TO pg_monitor;
CREATE MATERIALIZED VIEW totals (n) WITH (fillfactor = 90) AS SELECT count(*) FROM app.customer;
CREATE MATERIALIZED VIEW of_totals AS SELECT n + 1 AS n FROM totals;
CREATE UNIQUE INDEX ON of_totals (n);
CREATE MATERIALIZED VIEW unfilled AS SELECT n FROM of_totals WITH NO DATA;
CREATE INDEX ON unfilled (n);
CREATE MATERIALIZED VIEW by_key AS SELECT id, name FROM app.customer GROUP BY id;
COMMENT ON MATERIALIZED VIEW totals IS 'of all'; GRANT SELECT ON totals TO pg_monitor;

CREATE TABLE log (n bigserial, what text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
	$$ BEGIN INSERT INTO log (what) VALUES (TG_NAME || TG_OP || TG_ARGV[0]); RETURN NEW; END $$;
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OF path ON tree FOR EACH ROW WHEN (NEW.id > 0)
	EXECUTE FUNCTION note('it''s');
CREATE TRIGGER after_statement AFTER UPDATE ON tree REFERENCING OLD TABLE AS was NEW TABLE AS now
	FOR EACH STATEMENT EXECUTE FUNCTION note('s');
CREATE TRIGGER instead INSTEAD OF INSERT ON grouped FOR EACH ROW EXECUTE FUNCTION note('view');
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON b_side FROM a_side DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION note('c');
CREATE TRIGGER on_partitions AFTER INSERT ON measure FOR EACH ROW EXECUTE FUNCTION note('p');
ALTER TABLE tree ENABLE ALWAYS TRIGGER before_row;
ALTER TABLE measure_rest DISABLE TRIGGER on_partitions;
COMMENT ON TRIGGER before_row ON tree IS 'first';
CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS
	$$ BEGIN RAISE DEBUG 'seen'; END $$;
CREATE EVENT TRIGGER noticed ON ddl_command_start WHEN TAG IN ('CREATE FOREIGN TABLE') EXECUTE
	FUNCTION noticed();
CREATE EVENT TRIGGER disabled ON sql_drop EXECUTE FUNCTION noticed();
ALTER EVENT TRIGGER disabled DISABLE;
COMMENT ON EVENT TRIGGER noticed IS 'e';
CREATE RULE also AS ON UPDATE TO a_side WHERE NEW.b > 100 DO ALSO INSERT INTO log (what) VALUES
	('b');
CREATE RULE told AS ON DELETE TO b_side DO ALSO NOTIFY changed;
CREATE RULE nothing AS ON DELETE TO typed DO INSTEAD NOTHING;
ALTER TABLE typed DISABLE RULE nothing;
CREATE RULE into_view AS ON INSERT TO windowed DO INSTEAD INSERT INTO tree (path) VALUES
	(NEW."Max"::text) RETURNING id, 1, 2;
COMMENT ON RULE also ON a_side IS 'r';
INSERT INTO tree (path) VALUES ('/c'); UPDATE tree SET path = '/d' WHERE path = '/c';
INSERT INTO measure VALUES ('2021-08-08', 2);

CREATE TABLE owned_rows (owner name DEFAULT current_user, i int);
INSERT INTO owned_rows VALUES ('pg_monitor', 1);
ALTER TABLE owned_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON owned_rows FOR SELECT TO pg_monitor, pg_signal_backend USING (owner =
	current_user);
CREATE POLICY small ON owned_rows AS RESTRICTIVE USING (i < 10) WITH CHECK (i < (SELECT max(id)
	FROM tree));
CREATE TABLE forced (i int); ALTER TABLE forced ENABLE ROW LEVEL SECURITY;
ALTER TABLE forced FORCE ROW LEVEL SECURITY;
CREATE POLICY nobody ON forced USING (false); COMMENT ON POLICY own ON owned_rows IS 'their own';
