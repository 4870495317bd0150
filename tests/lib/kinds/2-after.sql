-- In a patch after the one that altered: what a session finds.
CREATE TABLE found AS SELECT date '01/02/2020' AS d, current_setting('app.word') AS word,
	(SELECT count(*) FROM customer) AS customers, (SELECT sum(n) FROM of_totals) AS totals;
INSERT INTO tree (parent, path) SELECT id, path || '/x' FROM tree WHERE id < 3;
