CREATE OR REPLACE FUNCTION app.atomic(n int) RETURNS bigint LANGUAGE sql
	BEGIN ATOMIC SELECT count(*) + n FROM tree; END;
UPDATE many SET s = s + '{[7,8)}'; ALTER TABLE many ALTER t SET COMPRESSION default;
ALTER PROCEDURE out_one(int) RENAME TO first_out; DROP STATISTICS on_expression;
