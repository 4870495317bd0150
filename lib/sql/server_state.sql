-- What may make a server or a role refuse or break off changes: not the settings of this statement,
-- but those with which the session began, and in which files run. Only limits have a number.
select pg_catalog.pg_is_in_recovery(), name, reset_val = 'on',
	case
	when reset_val !~ '^[1-9][0-9]*$' then null
	when reset_val::int % 60000 = 0 then reset_val::int / 60000 || 'min'
	when reset_val::int % 1000 = 0 then reset_val::int / 1000 || 's'
	else reset_val || 'ms'
	end
from pg_catalog.pg_settings
where name in ('default_transaction_read_only', 'statement_timeout', 'transaction_timeout')
order by name
