CREATE COLLATION app.icu (PROVIDER = icu, LOCALE = 'de-u-co-phonebk', DETERMINISTIC = false);
CREATE TABLE sorted (t text COLLATE app.icu); INSERT INTO sorted VALUES ('ä');
CREATE INDEX ON sorted (t);
