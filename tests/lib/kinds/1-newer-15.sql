CREATE TABLE fifteen (a int, b int, UNIQUE NULLS NOT DISTINCT (a, b), n numeric(3, -2), w
	numeric(2, 5));
CREATE TABLE points (x int, y int, FOREIGN KEY (x, y) REFERENCES fifteen (a, b) ON DELETE SET NULL
	(y));
INSERT INTO fifteen VALUES (1, NULL, 12345, 0.00012), (1, 2, NULL, NULL);
INSERT INTO points VALUES (1, 2);
CREATE VIEW invoker WITH (security_invoker) AS SELECT a FROM fifteen;
CREATE UNLOGGED SEQUENCE light;
CREATE PUBLICATION filtered FOR TABLE fifteen (a, b) WHERE (a > 0 AND b IS NOT NULL)
	WITH (publish = 'insert');
CREATE PUBLICATION schemas FOR TABLE fifteen, TABLES IN SCHEMA "Odd Schema"
	WITH (publish = 'insert, truncate');
CREATE UNLOGGED TABLE numbered (id int GENERATED ALWAYS AS IDENTITY); SELECT nextval('light');
