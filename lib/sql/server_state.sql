-- What may make a server or a role refuse or break off changes.
select pg_catalog.pg_is_in_recovery(),
	pg_catalog.current_setting('default_transaction_read_only') = 'on',
	nullif(pg_catalog.current_setting('statement_timeout'), '0')
